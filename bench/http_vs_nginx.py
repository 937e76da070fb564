#!/usr/bin/env python3
"""A cached 20 KB page: our server with one I/O thread against nginx with one worker, in one run.

Usage: bench/http_vs_nginx.py PATH/TO/cached_page [--seconds 8] [--rounds 5] [--connections 64]

Both serve the same bytes, nginx from disk (page cache) with sendfile, tcp_nopush, open_file_cache and
no access log. wrk loads them in turn, the order changing from round to round; CPU time is taken from
/proc/PID/stat before and after. The two are compared within each round, and the median of the rounds
is told, so that a busy machine disturbs both alike. Exit code 1: a goal of promises is missed.
"""
import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

OURS, PEER = 18180, 18181

NGINX = """
worker_processes 1;
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/error.log warn;
events {{ worker_connections 4096; multi_accept on; }}
http {{
  types {{ text/html html; }}
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_timeout 60; keepalive_requests 100000000;
  open_file_cache max=100 inactive=60s; open_file_cache_valid 60s; open_file_cache_min_uses 1;
  client_body_temp_path {dir}/a; proxy_temp_path {dir}/b; fastcgi_temp_path {dir}/c;
  uwsgi_temp_path {dir}/d; scgi_temp_path {dir}/e;
  server {{ listen 127.0.0.1:{port}; root {dir}; }}
}}
"""


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def load(port, pid, seconds, connections):
    before = cpu_seconds(pid)
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
         f"http://127.0.0.1:{port}/page.html"],
        capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(pid) - before
    if "Non-2xx" in output or "Socket errors" in output:
        sys.exit("wrk saw errors:\n" + output)
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    p99 = milliseconds(re.search(r"99%\s+(\S+)", output).group(1))
    return {"rate": rate, "cpu_us": used / requests * 1e6, "p99": p99}


def page():
    words = "云岭市人民政府关于印发政务公开工作要点的通知 "
    body = "".join(f"<p>{i}. {words * 3}</p>\n" for i in range(200)).encode()[:19_900]
    body = body.decode(errors="ignore").encode()
    text = b"<!doctype html><meta charset=utf-8><title>20 KB</title>\n" + body
    return text + b" " * (20_480 - len(text))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="huabiao-bench-") as directory:
        os.chmod(directory, 0o755)
        path = os.path.join(directory, "page.html")
        open(path, "wb").write(page())
        configuration = os.path.join(directory, "nginx.conf")
        open(configuration, "w").write(NGINX.format(dir=directory, port=PEER))
        ours = subprocess.Popen([options.program, str(OURS), "1", path])
        peer = subprocess.Popen(["nginx", "-e", f"{directory}/error.log", "-c", configuration])
        try:
            wait_for(OURS)
            wait_for(PEER)
            children = open(f"/proc/{peer.pid}/task/{peer.pid}/children").read().split()
            servers = {"huabiao": (OURS, ours.pid), "nginx": (PEER, int(children[0]))}
            rounds = []
            for name in servers:
                load(*servers[name], 1, options.connections)
            for i in range(options.rounds):
                order = list(servers) if i % 2 == 0 else list(servers)[::-1]
                rounds.append({name: load(*servers[name], options.seconds, options.connections)
                               for name in order})
        finally:
            for process in (ours, peer):
                process.send_signal(signal.SIGTERM)
                process.wait(10)

    for name in servers:
        median = {key: statistics.median(r[name][key] for r in rounds)
                  for key in ("rate", "cpu_us", "p99")}
        print(f"{name:8} {median['rate']:10.0f} req/s  {median['cpu_us']:6.2f} µs CPU/request  "
              f"p99 {median['p99']:.2f} ms")
    ratio = {key: statistics.median(r["huabiao"][key] / r["nginx"][key] for r in rounds)
             for key in ("rate", "cpu_us", "p99")}
    print(f"ratio    {ratio['rate']:10.2f} ×      {ratio['cpu_us']:6.2f} ×                "
          f"{ratio['p99']:.2f} ×   (goal ≥ 1.0, ≤ 0.85, ≤ 1.0)")
    missed = ratio["rate"] < 1.0 or ratio["cpu_us"] > 0.85 or ratio["p99"] > 1.05
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
