#!/usr/bin/env python3
"""Runs the benchmark programs and makes one table of them. bench/run.sh builds what is needed.

Usage: bench/run.py BUILD [--sizes "10000 100000"] [--only page,writes,growth] [--data FOLDER]
"""
import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROWS = [
    ("items_per_s", "import with indexing, items/s (goal ≥ 800)", "{:,.0f}"),
    ("cpu_ms_per_item", "CPU per item imported, ms", "{:.2f}"),
    ("import_peak_mib", "memory of the import, peak MiB (goal ≤ 1,024)", "{:,.0f}"),
    ("index_to_text", "index ÷ text (goal ≤ 3)", "{:.2f}"),
    ("text_mib", "text, MiB", "{:,.0f}"),
    ("database_mib", "database, MiB", "{:,.0f}"),
    ("import_load", "load average at the end of the import", "{:.1f}"),
    ("start_ms", "process start to first page, ms (goal ≤ 2,000)", "{:,.0f}"),
    ("page_p50_ms", "uncached item page p50, ms", "{:.2f}"),
    ("page_p99_ms", "uncached item page p99, ms (goal ≤ 5)", "{:.2f}"),
    ("search_p50_ms", "search p50, ms (goal ≤ 10)", "{:.2f}"),
    ("search_p99_ms", "search p99, ms (goal ≤ 50)", "{:.2f}"),
    ("search_page_p50_ms", "search page p50, ms", "{:.2f}"),
    ("search_page_p99_ms", "search page p99, ms", "{:.2f}"),
    ("serving_mib", "memory while serving, peak MiB", "{:,.0f}"),
    ("read_load", "load average after reading", "{:.1f}"),
    ("release_p50_ms", "release until all show it p50, ms", "{:.1f}"),
    ("release_p99_ms", "release until all show it p99, ms (goal ≤ 300)", "{:.1f}"),
    ("rerendered_p50", "pages rendered by it (expected 6), median", "{:.0f}"),
    ("rerendered_max", "… at most", "{:.0f}"),
    ("cached_pages", "… of so many pages in the cache", "{:,.0f}"),
    ("release_load", "load average after releasing", "{:.1f}"),
]


def step(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{program} {' '.join(map(str, arguments))} failed")
    return json.loads(done.stdout.splitlines()[-1])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def first_page(url):
    try:
        return urllib.request.urlopen(url, timeout=60).status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def start_time(huabiao, data):
    """Milliseconds from the start of the process to the first page 200; the median of three."""
    took = []
    for _ in range(3):
        port = free_port()
        began = time.monotonic()
        server = subprocess.Popen([huabiao, "serve", "--data", data, "--port", str(port)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not first_page(f"http://127.0.0.1:{port}/"):
                if server.poll() is not None or time.monotonic() - began > 120:
                    sys.exit("huabiao serve did not start")
                time.sleep(0.005)
            took.append((time.monotonic() - began) * 1000)
        finally:
            server.terminate()
            server.wait(30)
    return statistics.median(took)


def database_size(data):
    return sum(os.path.getsize(os.path.join(data, name)) for name in os.listdir(data)
               if name.startswith("huabiao.db")) / 2**20


def growth(build, folder, size):
    data = os.path.join(folder, str(size))
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data)
    program = os.path.join(build, "bench/growth")
    row = step(program, "fill", data, size)
    row["database_mib"] = database_size(data)
    row["start_ms"] = start_time(os.path.join(build, "huabiao"), data)
    row |= step(program, "read", data, size)
    row |= step(program, "release", data, size)
    if not os.environ.get("KEEP"):
        shutil.rmtree(data)
    return row


def writes(build):
    """Acknowledged writes of 16 clients: in groups, one by one, and the ratio, all medians of 5."""
    program = os.path.abspath(os.path.join(build, "src/db/db_bench"))
    output = subprocess.run(
        [program, "--benchmark_filter=acknowledged.*threads:16$", "--benchmark_format=json",
         "--benchmark_repetitions=5", "--benchmark_min_time=0.5",
         "--benchmark_enable_random_interleaving=true"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True, cwd=build).stdout
    rate = {}
    for run in json.loads(output)["benchmarks"]:
        if run.get("aggregate_name") == "median":
            name = "grouped" if "in_groups" in run["name"] else "one_by_one"
            seconds = run["real_time"] / 1e9
            rate[name] = 1 / seconds
    return {"grouped_per_s": rate["grouped"], "one_by_one_per_s": rate["one_by_one"],
            "ratio": rate["grouped"] / rate["one_by_one"], "load": os.getloadavg()[0]}


def page(build):
    done = subprocess.run(
        [sys.executable, "bench/http_vs_nginx.py", os.path.join(build, "bench/cached_page")],
        stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        sys.exit("bench/http_vs_nginx.py failed")
    return {"text": done.stdout, "goals_met": done.returncode == 0, "load": os.getloadavg()[0]}


def print_growth(rows):
    print("\n| items | " + " | ".join(f"{row['items']:,}" for row in rows) + " |")
    print("| --- |" + " --- |" * len(rows))
    for key, label, form in ROWS:
        print(f"| {label} | " + " | ".join(form.format(row[key]) for row in rows) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--sizes", default="10000 100000")
    parser.add_argument("--only", default="")
    parser.add_argument("--data", default="")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else ["page", "writes", "growth"]
    path = os.path.join(options.build, "results.json")
    results = json.load(open(path)) if os.path.exists(path) else {}

    def keep(name, value):
        results[name] = value
        with open(path, "w") as file:
            json.dump(results, file, indent=2, ensure_ascii=False)

    if "page" in wanted:
        keep("page", page(options.build))
        print(f"Cached page of 20 KB (load {results['page']['load']:.1f})\n{results['page']['text']}")
    if "writes" in wanted:
        keep("writes", writes(options.build))
        print("Acknowledged writes of 16 clients: {grouped_per_s:,.0f}/s in groups, "
              "{one_by_one_per_s:,.0f}/s one by one, ratio {ratio:.1f} (goal ≥ 5), load {load:.1f}"
              .format(**results["writes"]))
    if "growth" in wanted:
        rows = {}
        for size in map(int, options.sizes.split()):
            rows[size] = growth(options.build, options.data or options.build + "/data", size)
            print(json.dumps(rows[size]), file=sys.stderr)
            keep("growth", results.get("growth", {}) | {str(size): rows[size]})
        print_growth(list(rows.values()))
    print(f"\nAll figures: {path}")


if __name__ == "__main__":
    main()
