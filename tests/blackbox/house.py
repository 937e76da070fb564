"""The real server for black-box tests: on a copy of one demonstration, over real sockets, standard library only.

HUABIAO_BIN names the program. HUABIAO_TEST_CACHE names a folder that keeps the demonstration from one file of tests to
the next (ctest gives the build folder); without it every run makes its own. FULL=1 runs the long rounds.
"""
import atexit
import fcntl
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import uuid

PROGRAM = os.path.abspath(os.environ.get("HUABIAO_BIN", "build/huabiao"))
CACHE = os.environ.get("HUABIAO_TEST_CACHE", "")
FULL = os.environ.get("FULL") == "1"
PASSWORD = "Huabiao-2019"
READY_WITHIN = 60  # Seconds; generous, because the machine may be busy with other builds.
# What the product promises for pages and search: 1 s, stretched when others keep the processors busy.
SHOWN_WITHIN = 1.0 * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))
GATES = dict.fromkeys(["political", "legal", "policy", "secrecy", "wording"], True)
PROOF = {"findings_open": 0, "findings_fixed": 1, "note": ""}
REVIEWERS = ["yl-cs", "yl-fs", "yl-zs"]

# The server takes every HUABIAO_… for a setting of its own and refuses those it does not know.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("HUABIAO_")}

temporary = pathlib.Path(tempfile.mkdtemp(prefix="huabiao-bb-"))
atexit.register(shutil.rmtree, temporary, True)


def run(*arguments, **options):
    """The program, to its end."""
    options.setdefault("timeout", 120)
    environment = dict(ENVIRONMENT, **options.pop("environment", {}))
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment, **options)


def demo():
    """The folder of the demonstration, made once for this program."""
    folder = pathlib.Path(CACHE) if CACHE else temporary
    folder.mkdir(parents=True, exist_ok=True)
    stamp = hashlib.sha256(f"{PROGRAM} {os.stat(PROGRAM).st_mtime_ns}".encode()).hexdigest()[:16]
    made = folder / f"demo-{stamp}"
    with open(folder / "demo.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in folder.glob("demo-*"):
                shutil.rmtree(old, ignore_errors=True)
            under_way = folder / "under-way"
            shutil.rmtree(under_way, ignore_errors=True)
            done = run("demo", "--data", under_way)
            if done.returncode:
                raise RuntimeError(f"demo: {done.stdout}{done.stderr}")
            under_way.rename(made)
    return made


def new_data(folder=None):
    """A fresh copy of the demonstration."""
    folder = pathlib.Path(folder) if folder else temporary / uuid.uuid4().hex[:8]
    shutil.copytree(demo(), folder, dirs_exist_ok=True)
    return folder


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.all_headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.text[:600]}"


class Server:
    """Serves `data` until stop(). `settings` as for --set."""

    def __init__(self, data=None, settings=(), port=0):
        self.data = pathlib.Path(data) if data else new_data()
        self.settings = list(settings)
        self.port = port or free_port()
        self.process = None
        self.ready_after = 0.0
        self.log = self.data.parent / (self.data.name + ".log")
        self.people = {}
        self.start()
        atexit.register(self.stop)

    def start(self):
        began = time.monotonic()
        arguments = [PROGRAM, "serve", "--data", str(self.data), "--port", str(self.port)]
        for setting in self.settings:
            arguments += ["--set", setting]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(arguments, stdout=log, stderr=log, env=ENVIRONMENT)
        while time.monotonic() - began < READY_WITHIN:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
            try:
                if self.ask("GET", "/api/health", timeout=5).status == 200:
                    self.ready_after = time.monotonic() - began
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"not ready after {READY_WITHIN} s:\n{self.log_tail()}")

    def log_tail(self):
        return self.log.read_text("utf-8", "replace")[-3000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def ask(self, method, path, body=None, headers=None, host=None, timeout=30):
        """One request on a connection of its own. `host` names a site by its code."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", f"{host}.localhost:{self.port}" if host else f"127.0.0.1:{self.port}")
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None or method not in ("GET", "HEAD"):
                connection.putheader("Content-Length", str(len(body or b"")))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def page(self, path, site=None, **options):
        return self.ask("GET", path, host=site, **options)

    def raw(self, data, timeout=10):
        """Bytes out, bytes back until the server closes or is silent for `timeout` seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as sock:
            sock.sendall(data)
            return read_all(sock)

    def sign_in(self, login, password=PASSWORD):
        return Person(self, login, password)

    def person(self, login):
        """Signed in once for all; Argon2 costs."""
        if login not in self.people:
            self.people[login] = self.sign_in(login)
        return self.people[login]


class Person:
    """A session at the console."""

    def __init__(self, server, login, password=PASSWORD):
        self.server = server
        self.login = login
        answer = server.ask("POST", "/api/session", json.dumps({"login": login, "password": password}).encode(),
                            {"Content-Type": "application/json"})
        if answer.status != 200:
            raise AssertionError(f"{login} could not sign in: {answer}")
        self.set_cookie = answer.headers["set-cookie"]
        self.cookie = self.set_cookie.split(";")[0]
        self.session = answer.json()
        self.csrf = self.session["csrf"]
        self.id = self.session["user"]["id"]

    def ask(self, method, path, body=None, headers=None, **options):
        sent = {"Cookie": self.cookie}
        if method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode("utf-8")
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        return self.server.ask(method, path, body, {k: v for k, v in sent.items() if v is not None}, **options)

    def get(self, path):
        return must(self.ask("GET", path), 200)

    def do(self, method, path, body=None):
        """Changes something and must succeed."""
        answer = self.ask(method, path, body)
        if not 200 <= answer.status < 300:
            raise AssertionError(f"{self.login} {method} {path}: {answer}")
        return answer.json() if answer.body else None

    def upload(self, path, name, content, media_type="application/octet-stream"):
        mark = uuid.uuid4().hex
        head = (f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                f"Content-Type: {media_type}\r\n\r\n").encode("utf-8")
        return self.ask("POST", path, head + content + f"\r\n--{mark}--\r\n".encode(),
                        {"Content-Type": f"multipart/form-data; boundary={mark}"})


def must(answer, status):
    if answer.status != status:
        raise AssertionError(f"expected {status}: {answer}")
    return answer.json()


def read_all(sock):
    received = b""
    try:
        while piece := sock.recv(65536):
            received += piece
    except (TimeoutError, ConnectionResetError):
        pass
    return received


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def within(seconds, condition):
    """How long until it held; None when it did not in time."""
    began = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - began
        if time.monotonic() - began > seconds:
            return None
        time.sleep(0.02)


def unused_word():
    """A title nobody has used. Letters become words that a search can find."""
    digits = str(uuid.uuid4().int)[:12]
    return "桂林米粉" + "".join("甲乙丙丁戊己庚辛壬癸"[int(d)] for d in digits)


class Desk:
    """What the staff of a site does, said once."""

    def __init__(self, server, prefix="yl", author="yl-bj"):
        self.server = server
        self.author = server.person(author)
        self.reviewers = [f"{prefix}-{level}" for level in ("cs", "fs", "zs")]
        self.publisher = server.person(f"{prefix}-fb")

    def column(self, site, slug, person=None):
        person = person or self.server.person("sysadmin")
        site_id = {one["code"]: one["id"] for one in person.get("/api/sites")}[site]
        for column in person.get(f"/api/sites/{site_id}/columns"):
            if column["slug"] == slug:
                return {"site_id": site_id, "column_id": column["id"]}
        raise AssertionError(f"no column {slug} on {site}")

    def draft(self, title, targets=(), body="<p>为做好有关工作，现将事项通知如下。</p>", kind="notice", **more):
        content = {"title": title, "body_html": body, "source": "云岭市人民政府办公室", "original": True,
                   "targets": list(targets), **more}
        return self.author.do("POST", "/api/items", {"kind": kind, "content": content})

    def submit(self, item):
        return self.author.do("POST", f"/api/items/{item['id']}/submit", {"revision": item["revision"]})

    def approve(self, flow):
        for login in self.reviewers:
            shown = self.server.person(login).get(f"/api/flows/{flow['id']}")
            flow = self.server.person(login).do("POST", f"/api/flows/{flow['id']}/pass", {
                "level": shown["level"], "verdict": "approve", "gates": GATES, "proof": PROOF})
        return flow

    def approved(self, title, targets, **more):
        item = self.draft(title, targets, **more)
        self.approve(self.submit(item))
        self.author.do("PUT", f"/api/items/{item['id']}/shared", {"shared": True})
        return item

    def release(self, item, targets, key=None, **more):
        return self.publisher.do("POST", f"/api/items/{item['id']}/release",
                                 {"targets": targets, "key": key or uuid.uuid4().hex, **more})


class ServerCase(unittest.TestCase):
    """Tests that share one server of their own."""
    settings = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(settings=cls.settings)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.server.data, ignore_errors=True)
