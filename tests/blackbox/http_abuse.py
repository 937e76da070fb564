"""Requests that no honest client sends (promises.md §6 rows 9, 26, 27, 30, 31, 32, 46)."""
import itertools
import os
import resource
import socket
import threading
import time
import unittest

import house

IDLE_CONNECTIONS = 10_000 if house.FULL else 2_000
SLOW_CONNECTIONS = 1_000 if house.FULL else 100
TIMEOUT = 2  # Seconds, set below; the defaults are 15 to 60.
CLOSED_WITHIN = TIMEOUT + 6
SERVED_WITHIN = 2.0  # An ordinary page beside the abuse; a debug build on a busy machine.

GET = b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

# Framing that two implementations may read differently. Each must be refused and the connection closed.
SMUGGLED = {
    "both lengths": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, other order": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    "list of lengths": POST + b"Content-Length: 2, 5\r\n\r\n{}",
    "signed length": POST + b"Content-Length: +2\r\n\r\n{}",
    "negative length": POST + b"Content-Length: -2\r\n\r\n{}",
    "hexadecimal length": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "length with a space inside": POST + b"Content-Length: 2 0\r\n\r\n{}",
    "length beyond 64 bits": POST + b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "empty length": POST + b"Content-Length: \r\n\r\n{}",
    "unknown coding": POST + b"Transfer-Encoding: cow\r\n\r\n0\r\n\r\n",
    "identity": POST + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
    "chunked not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "quoted": POST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    "x before chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "space before the name": POST + b" Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
    "tab before the colon": POST + b"Content-Length\t: 2\r\n\r\n{}",
    "folded": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "NUL in a value": POST + b"Content-Length: 2\r\nX: a\x00b\r\n\r\n{}",
    "bare CR in a value": POST + b"X: a\rContent-Length: 2\r\n\r\n{}",
    "bare LF": POST.replace(b"\r\n", b"\n") + b"Content-Length: 2\n\n{}",
    "no colon": POST + b"Content-Length 2\r\n\r\n{}",
    "no name": POST + b": 2\r\n\r\n{}",
    "underscored": POST + b"Content_Length: 2\r\nTransfer-Encoding: cow\r\n\r\n{}",
    "chunk size signed": POST + b"Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n",
    "chunk size 0x": POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
    "chunk size too big": POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n",
    "chunk longer than said": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "chunk ended by LF": POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
    "chunk extension with LF": POST + b"Transfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n",
    "chunked in 1.0": POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "version 1.2.3": b"GET / HTTP/1.2.3\r\nHost: 127.0.0.1\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "two spaces": b"GET  / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "method with a brace": b"GE{T / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "bytes of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 30 + b"\r\n\r\n",
}

OUTSIDE = [
    "/../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..;/..;/etc/passwd",
    "/console/../../../../etc/passwd", "/console/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/console/..%5c..%5c..%5cetc%5cpasswd", "/console/....//....//etc/passwd", "/console//etc/passwd",
    "/console/%252e%252e/%252e%252e/etc/passwd", "/console/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/theme/../../../../etc/passwd", "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd", "/files/../huabiao.db",
    "/files/..%2fhuabiao.db", "/files/%2fetc%2fpasswd", "/file:///etc/passwd", "/%00/etc/passwd",
    "/console/index.html%00.png", "/api/../../etc/passwd", "/api/files/..%2f..%2fhuabiao.db",
    "/api/files/%2e%2e", "//evil.example/%2e%2e", "/\\evil.example/..", "/huabiao.db", "/huabiao.toml", "/.git/config",
]


def status_of(reply):
    return int(reply[9:12]) if reply.startswith(b"HTTP/1.") else 0


class Framing(house.ServerCase):
    settings = (f"http.header_timeout={TIMEOUT}", f"http.body_timeout={TIMEOUT}", f"http.idle_timeout={TIMEOUT}")

    def test_ambiguous_framing_is_refused_and_the_connection_closed(self):
        for name, request in SMUGGLED.items():
            with self.subTest(name):
                reply = self.server.raw(request + HIDDEN, timeout=CLOSED_WITHIN)
                self.assertEqual(reply.count(b"HTTP/1.1 "), min(1, len(reply)), reply[:300])
                self.assertIn(status_of(reply), (400, 413, 431, 501, 505), reply[:200])

    def test_good_framing_is_served_in_the_same_run(self):
        """The positive control: what differs by one byte from the above is accepted."""
        good = {
            "length": POST + b"Content-Length: 2\r\n\r\n{}",
            "chunked": POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "chunk extension": POST + b"Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n",
            "any case": POST + b"tRANSFER-eNCODING: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        }
        for name, request in good.items():
            with self.subTest(name):
                reply = self.server.raw(request + GET + b"Connection: close\r\n\r\n")
                self.assertEqual(reply.count(b"HTTP/1.1 "), 2, reply[:300])
                self.assertEqual(status_of(reply), 422, reply[:300])
                self.assertIn(b"HTTP/1.1 200", reply)

    def test_pipelined_requests_are_answered_in_order(self):
        paths = [b"/api/health", b"/nothing-here", b"/api/session", b"/robots.txt"] * 8
        request = b"".join(b"GET " + p + b" HTTP/1.1\r\nHost: yunling.localhost\r\n\r\n" for p in paths)
        reply = self.server.raw(request + GET + b"Connection: close\r\n\r\n")
        statuses = [int(part[:3]) for part in reply.split(b"HTTP/1.1 ")[1:]]
        self.assertEqual(statuses, [200, 404, 200, 200] * 8 + [200])

    def test_header_bombs_are_refused(self):
        bombs = {
            "one long header": GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
            "many headers": GET + b"".join(b"X-%d: a\r\n" % n for n in range(500)) + b"\r\n",
            "long target": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "long cookie": GET + b"Cookie: " + b"a=b; " * 20_000 + b"\r\n\r\n",
            "long method": b"A" * 100_000 + b" / HTTP/1.1\r\n\r\n",
        }
        for name, request in bombs.items():
            with self.subTest(name):
                try:
                    reply = self.server.raw(request)
                except (BrokenPipeError, ConnectionResetError):
                    continue  # Closed before we had said it all.
                self.assertIn(status_of(reply), (0, 400, 414, 431), reply[:200])
        self.assertEqual(self.server.page("/api/health").status, 200)

    def test_a_hundred_megabytes_are_refused_before_they_are_sent(self):
        began = time.monotonic()
        reply = self.server.raw(POST + b"Content-Type: application/json\r\nContent-Length: 104857600\r\n\r\n")
        self.assertEqual(status_of(reply), 413, reply[:200])
        self.assertLess(time.monotonic() - began, CLOSED_WITHIN)

    def test_a_body_without_end_is_cut(self):
        sent = 0
        with socket.create_connection(("127.0.0.1", self.server.port), 10) as sock:
            sock.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
            try:
                while sent < 64 << 20:
                    sock.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
                    sent += 65536
                reply = house.read_all(sock)
            except (BrokenPipeError, ConnectionResetError):
                reply = b""
        self.assertLess(sent, 64 << 20, "64 MiB were taken for a sign-in")
        self.assertIn(status_of(reply), (0, 413))
        self.assertEqual(self.server.page("/api/health").status, 200)

    def test_slow_clients_are_closed_while_others_are_served(self):
        starts = [b"GET / HTTP/1.1\r\nHost: 127.0", GET, POST + b"Content-Length: 1000\r\n\r\n{", b"",
                  POST + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n{"]
        socks = []
        for n in range(SLOW_CONNECTIONS):
            sock = socket.create_connection(("127.0.0.1", self.server.port), 10)
            sock.sendall(starts[n % len(starts)])
            socks.append(sock)
        began, slowest, still = time.monotonic(), 0.0, set(socks)
        while still and time.monotonic() - began < CLOSED_WITHIN * 2:
            at = time.monotonic()
            self.assertEqual(self.server.page("/", "yunling").status, 200)
            slowest = max(slowest, time.monotonic() - at)
            for sock in list(still):
                sock.settimeout(0.0)
                try:
                    if sock.recv(4096) == b"":
                        still.discard(sock)
                except BlockingIOError:
                    pass
                except OSError:
                    still.discard(sock)
            time.sleep(0.05)
        for sock in socks:
            sock.close()
        self.assertFalse(still, f"{len(still)} of {SLOW_CONNECTIONS} still open")
        self.assertLess(slowest, SERVED_WITHIN)

    def test_drips_do_not_keep_a_head_open(self):
        """One byte at a time renews nothing: the head as a whole has its time."""
        with socket.create_connection(("127.0.0.1", self.server.port), 5) as sock:
            began = time.monotonic()
            try:
                for byte in itertools.chain(GET, itertools.repeat(ord("a"))):
                    sock.sendall(bytes([byte]))
                    time.sleep(0.2)
                    if time.monotonic() - began > CLOSED_WITHIN:
                        self.fail("still open")
            except OSError:
                pass


class ManyConnections(unittest.TestCase):
    def test_idle_connections_do_not_hinder_others(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        needed = IDLE_CONNECTIONS + 200
        if hard != resource.RLIM_INFINITY and hard < needed:
            self.skipTest(f"only {hard} files may be open here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
        server = house.Server(settings=["http.connections_max=20000"])  # Inherits the raised limit.
        self.addCleanup(server.stop)
        before = self.memory(server)
        socks = []
        try:
            for _ in range(IDLE_CONNECTIONS):
                socks.append(socket.create_connection(("127.0.0.1", server.port), 20))
            times = []
            for _ in range(20):
                at = time.monotonic()
                self.assertEqual(server.page("/", "yunling").status, 200)
                times.append(time.monotonic() - at)
            self.assertLess(sorted(times)[-2], SERVED_WITHIN)
            self.assertLess(self.memory(server) - before, 64 + IDLE_CONNECTIONS * 16 / 1024)
        finally:
            for sock in socks:
                sock.close()

    @staticmethod
    def memory(server):
        """MiB."""
        with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


class Answers(house.ServerCase):
    def names(self):
        with open("/etc/passwd", "rb") as passwd:
            return [passwd.readline().strip(), b"SQLite format 3"]

    def test_nothing_outside_is_ever_served(self):
        secrets = self.names()
        for path in OUTSIDE:
            for host in (b"127.0.0.1", b"yunling.localhost"):
                with self.subTest(path=path, host=host):
                    reply = self.server.raw(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: " + host +
                                            b"\r\nConnection: close\r\n\r\n")
                    # Under /console/ every unknown path is the console itself, which then says that there is no such page.
                    allowed = (2, 3, 4) if path.startswith("/console/") else (3, 4)
                    self.assertIn(status_of(reply) // 100, allowed, reply[:200])
                    for secret in secrets:
                        self.assertNotIn(secret, reply)

    def test_no_redirect_leads_away(self):
        for path in ("//evil.example/", "///evil.example", "/\\evil.example", "/%2f%2fevil.example/",
                     "/tzgg?next=https://evil.example", "//evil.example/tzgg", "/search?q=a&next=//evil.example",
                     "/.evil.example", "/@evil.example/", "/%0d%0aLocation:%20https://evil.example/", "/tzgg"):
            with self.subTest(path):
                answer = self.server.page(path, "yunling")
                location = answer.headers.get("location", "")
                if not location:
                    continue
                own = (f"http://yunling.localhost:{self.server.port}/", f"https://yunling.localhost:{self.server.port}/")
                self.assertTrue(location.startswith(own) or (location[0] == "/" and location[1:2] not in ("/", "\\")),
                                location)

    def test_an_unknown_host_is_misdirected_but_a_loopback_one_is_not(self):
        cases = {"evil.example": 421, "yunling.localhost.evil.example": 421, "www.yl--yunling.gov.cn.evil.example": 421,
                 "www.yl--yunling.gov.cn": 200, "YUNLING.LOCALHOST": 200, "127.0.0.1": 200, "localhost": 200,
                 "[::1]": 200, "evil example": 400, "a/b": 400, "yunling.localhost@evil.example": 400, "": 400}
        for host, status in cases.items():
            with self.subTest(host):
                reply = self.server.raw(b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host.encode() + b"\r\n\r\n")
                self.assertEqual(status_of(reply), status, reply[:200])

    def test_every_site_shows_its_own_pages_only(self):
        titles = {}
        for site in ("yunling", "czj", "wjw", "qingxi"):
            text = self.server.page("/", site).text
            titles[site] = text[text.index("<title>"):text.index("</title>")]
        self.assertEqual(len(set(titles.values())), 4, titles)

    def test_unkeyed_headers_do_not_change_what_is_cached(self):
        clean = self.server.page("/tzgg/", "yunling")
        for name, value in {"X-Forwarded-Host": "evil.example", "X-Host": "evil.example", "X-Original-URL": "/admin",
                            "X-Rewrite-URL": "/czyw/", "X-Forwarded-Proto": "gopher", "X-Forwarded-Port": "1",
                            "Forwarded": "host=evil.example", "X-HTTP-Method-Override": "DELETE",
                            "Origin": "https://evil.example", "Referer": "https://evil.example",
                            "User-Agent": "<script>alert(1)</script>", "Cookie": "evil=1",
                            "Accept-Language": "evil"}.items():
            with self.subTest(name):
                answer = self.server.page("/tzgg/", "yunling", headers={name: value})
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.body, clean.body)
                self.assertEqual(self.server.page("/tzgg/", "yunling").body, clean.body)

    def test_private_answers_are_never_kept_by_caches(self):
        person = self.server.person("yl-bj")
        for path in ("/api/session", "/api/items", "/api/workbench", "/api/orgs", "/api/sites"):
            with self.subTest(path):
                self.assertRegex(person.ask("GET", path).headers.get("cache-control", ""), "no-store|private")

    def test_every_answer_carries_its_protection(self):
        answers = {}
        for path in ("/", "/tzgg/", "/search?q=a", "/nothing-here", "/robots.txt", "/sitemap.xml", "/console/",
                     "/console/nothing", "/api/session", "/api/items", "/api/nothing", "/api/health"):
            answers[path] = self.server.page(path, "yunling")
        answers["wrong method"] = self.server.ask("DELETE", "/", host="yunling")
        answers["no content"] = self.server.sign_in("yl-jd").ask("DELETE", "/api/session")
        self.assertEqual(answers["no content"].status, 204)
        wanted = {name: answer.headers for name, answer in answers.items()}
        for name, request in {"bad": b"GET / HTTP/1.1\r\n\r\n", "421": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                              "413": POST + b"Content-Length: 104857600\r\n\r\n",
                              "431": GET + b"X: " + b"a" * 20_000 + b"\r\n\r\n"}.items():
            head = self.server.raw(request, timeout=3).partition(b"\r\n\r\n")[0].decode("latin-1")
            wanted[name] = {line.partition(":")[0].lower(): line.partition(":")[2].strip()
                            for line in head.split("\r\n")[1:]}
        for name, headers in wanted.items():
            with self.subTest(name):
                self.assertEqual(headers.get("x-content-type-options"), "nosniff")
                policy = headers.get("content-security-policy", "")
                self.assertTrue(policy, "no content-security-policy")
                self.assertNotIn("unsafe-eval", policy)
                script = policy.partition("script-src")[2].partition(";")[0] or policy.partition("default-src")[2]
                self.assertNotIn("unsafe-inline", script.partition(";")[0])
                self.assertIn("referrer-policy", headers)
                self.assertTrue("frame-ancestors" in policy or "x-frame-options" in headers)
                self.assertNotRegex(headers.get("server", ""), r"\d")

    def test_pages_have_no_script_in_line(self):
        for path in ("/", "/tzgg/", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/nothing-here"):
            with self.subTest(path):
                text = self.server.page(path, "yunling").text
                self.assertNotRegex(text, r"(?i)<script(?![^>]*\bsrc=)[^>]*>(?!\s*\{)")
                self.assertNotRegex(text, r"(?i)<[^>]+\son\w+=")
                self.assertNotRegex(text, r"(?i)(href|src)=.?javascript:")
                self.assertNotIn("<script>alert", text)

    def test_head_is_get_without_the_body(self):
        for path in ("/", "/tzgg/", "/nothing-here", "/robots.txt"):
            with self.subTest(path):
                got = self.server.page(path, "yunling")
                head = self.server.ask("HEAD", path, host="yunling")
                self.assertEqual((head.status, head.body), (got.status, b""))
                self.assertEqual(head.headers.get("content-length"), got.headers.get("content-length"))
                self.assertEqual(head.headers.get("etag"), got.headers.get("etag"))

    def test_an_unchanged_page_is_not_sent_again(self):
        first = self.server.page("/", "yunling")
        again = self.server.page("/", "yunling", headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_a_storm_of_strange_queries_breaks_nothing(self):
        strange = ["/search?q=" + q for q in ("%00", "%ff%fe", "%27%20OR%201=1--", "a" * 4000, "%F0%9F%98%80", "AND+OR+NOT",
                                              "%22%22%22", "((((", "*", "title:a", "%E4%BA", "-", "a+-b", "~", "%0d%0a")]
        strange += ["/search?page=" + p for p in ("-1", "0", "99999999999999999999", "a")]
        strange += ["/search?q=a&site=' OR 1".replace(" ", "%20"), "/search?q=a&year=99999999999", "/tzgg/?page=0",
                    "/tzgg/?page=99999999", "/tzgg/index_99999999999999999999.html", "/?a[]=1&a=2", "/%E4%BA"]
        for path in strange:
            with self.subTest(path[:60]):
                self.assertLess(self.server.page(path, "yunling").status, 500)

    def test_many_threads_of_abuse_leave_the_server_whole(self):
        requests = list(SMUGGLED.values())

        def abuse(start):
            for n in range(20):
                try:
                    self.server.raw(requests[(start + n) % len(requests)], timeout=0.2)
                except OSError:
                    pass

        threads = [threading.Thread(target=abuse, args=(n * 5,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.server.page("/", "yunling").status, 200)
        self.assertIsNone(self.server.process.poll())


if __name__ == "__main__":
    unittest.main()
