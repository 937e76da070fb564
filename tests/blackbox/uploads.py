"""Files and texts that are not what they should be (promises.md §6 rows 20 and 37; issue 2 §5)."""
import hashlib
import io
import os
import socket
import struct
import unittest
import urllib.parse
import zipfile
import zlib

import house

BOMB_BYTES = 250 << 20  # Unpacked.
CHINESE = "[一-鿿]"


def archive(files, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return made.getvalue()


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped, zipped.open("a.txt", "w") as file:
        for _ in range(BOMB_BYTES >> 20):
            file.write(bytes(1 << 20))
    return made.getvalue()


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(bytes((width + 1) * min(height, 4)))) + chunk(b"IEND", b""))


DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "_rels/.rels": "<Relationships/>"}
# Not the harmless test file itself, which scanners of other machines would take away; its shape.
EICAR_LIKE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"NOT-THE-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

REFUSED = {
    "nothing": ("空.pdf", b"", "library.file_empty"),
    "a program": ("工具.exe", b"MZ" + bytes(100), "library.file_type_not_allowed"),
    "a page": ("页.html", b"<script>alert(1)</script>", "library.file_type_not_allowed"),
    "a drawing with script": ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
                              "library.file_type_not_allowed"),
    "no ending": ("文件", b"abc", "library.file_type_not_allowed"),
    "hidden ending": ("图.php.png", png(1, 1), None),
    "a test virus called a picture": ("照片.png", EICAR_LIKE, "library.file_type_mismatch"),
    "a page called a picture": ("照片.jpg", b"<html><script>alert(1)</script>", "library.file_type_mismatch"),
    "a program called a document": ("通知.docx", b"MZ" + bytes(200), "library.file_type_mismatch"),
    "an archive called a document": ("通知.docx", archive({"a.txt": "a"}), "library.file_type_mismatch"),
    "a cut archive": ("通知.docx", archive(DOCX)[:60], None),
    "a picture too large": ("图.png", png(30_000, 30_000), "library.file_picture_too_large"),
    "macros": ("表.xlsx", archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>",
                                  "xl/vbaProject.bin": "x"}), "library.file_macro"),
    "a template from outside": ("通知.docx", archive(dict(DOCX, **{"word/_rels/settings.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target='
        '"http://evil.example/t.dotm" TargetMode="External"/></Relationships>')})), "library.file_external_reference"),
    "a path in an archive": ("材料.zip", archive({"../../etc/cron.d/x": "x"}), None),
    "script in a PDF": ("表.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
                        "library.file_active_content"),
    "hidden direction": ("报表\u202egnp.pdf", b"%PDF-1.7\n%%EOF", "library.file_name_unsafe"),
}


class Uploads(house.ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = cls.server.person("yl-bj")

    def test_every_bad_file_is_refused_with_a_sentence_that_helps(self):
        for what, (name, content, code) in REFUSED.items():
            with self.subTest(what):
                answer = self.editor.upload("/api/files", name, content)
                self.assertEqual(answer.status, 422, answer)
                problem = answer.json()
                self.assertRegex(problem["title"], CHINESE)
                self.assertTrue(problem["code"].startswith("library.file_"), problem)
                if code:
                    self.assertEqual(problem["code"], code)

    def test_a_bomb_is_refused_and_the_server_stays_small(self):
        answer = self.editor.upload("/api/files", "材料.zip", bomb())
        self.assertEqual((answer.status, answer.json()["code"]), (422, "library.file_archive_bomb"))
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        self.assertLess(peak, 1 << 20, "more than 1 GiB")

    def test_a_path_in_the_name_writes_nowhere(self):
        before = {str(p) for p in self.server.data.parent.iterdir()}
        for name in ("../../../../tmp/huabiao-evil.txt", "/tmp/huabiao-evil.txt", "..\\\\..\\\\huabiao-evil.txt",
                     "C:\\\\huabiao-evil.txt", "a/../../huabiao-evil.txt"):
            with self.subTest(name):
                answer = self.editor.upload("/api/files", name, b"evil")
                self.assertIn(answer.status, (201, 422), answer)
                if answer.status == 201:
                    self.assertNotRegex(answer.json()["name"], r"[/\\]|\.\.")
        self.assertFalse(os.path.exists("/tmp/huabiao-evil.txt"))
        self.assertEqual(before, {str(p) for p in self.server.data.parent.iterdir()})
        self.assertFalse(list(self.server.data.rglob("*evil*")))

    def test_more_than_the_limit_is_refused_before_it_is_sent(self):
        for path, size in (("/api/files", 20 << 30), ("/api/import", 20 << 30)):
            with self.subTest(path), socket.create_connection(("127.0.0.1", self.server.port), 10) as sock:
                sock.sendall((f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nCookie: {self.editor.cookie}"
                              f"\r\nX-CSRF-Token: {self.editor.csrf}\r\nContent-Type: multipart/form-data; boundary=a\r\n"
                              f"Content-Length: {size}\r\n\r\n").encode())
                self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 413"))

    def test_a_document_over_its_limit_is_refused_while_it_arrives(self):
        try:
            answer = self.editor.upload("/api/import", "长.txt", b"a" * (21 << 20))
        except (BrokenPipeError, ConnectionResetError):
            return  # Closed before we had said it all.
        self.assertEqual(answer.status, 413, answer)
        self.assertRegex(answer.text, CHINESE)

    def test_nothing_is_left_in_the_spool(self):
        self.editor.upload("/api/files", "坏.png", EICAR_LIKE)
        self.assertIsNotNone(house.within(3, lambda: not any((self.server.data / "spool").iterdir())))

    def test_broken_multipart_is_refused(self):
        kinds = ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "a" * 300,
                 "multipart/mixed; boundary=a", "text/plain"]
        bodies = [b"", b"--a\r\n", b"--a\r\n\r\n--a--", b'--a\r\nContent-Disposition: form-data; name="file"\r\n\r\nx',
                  b"--a\r\n" + b"X: y\r\n" * 10_000 + b"\r\n\r\n--a--\r\n", b"--a--\r\n", b"\x00" * 1000]
        for kind in [*kinds, "multipart/form-data; boundary=a"]:
            for body in bodies:
                with self.subTest(f"{kind[:40]} {body[:20]!r}"):
                    answer = self.editor.ask("POST", "/api/files", body, {"Content-Type": kind})
                    self.assertIn(answer.status, (400, 413, 415, 422), answer)

    def test_a_file_is_for_staff_until_its_item_is_released_and_gone_when_withdrawn(self):
        desk = house.Desk(self.server)
        content = "附件的内容，逐字节相同。".encode() * 50
        stored = house.must(self.editor.upload("/api/files", "附件.txt", content), 201)
        self.assertEqual(len(stored["hash"]), len(hashlib.sha256().hexdigest()))
        own = f"/api/files/{stored['hash']}"
        self.assertEqual(self.server.page(own).status, 401)
        shown = self.editor.ask("GET", own)
        self.assertEqual((shown.status, shown.body), (200, content))
        self.assertIn("attachment", shown.headers["content-disposition"])
        self.assertIn("sandbox", shown.headers["content-security-policy"])
        self.assertEqual(self.server.page(f"/files/{stored['hash']}", "yunling").status, 404)
        target = [desk.column("yunling", "tzgg")]
        item = desk.approved(house.unused_word(), target,
                             attachments=[{"hash": stored["hash"], "name": "附件.txt"}])
        url = desk.release(item, target)["outcomes"][0]["publication"]["url"]
        page = self.server.page(urllib.parse.urlsplit(url).path, "yunling").text
        links = [part.split('"')[0] for part in page.split('href="')[1:] if stored["hash"][:12] in part.split('"')[0]]
        self.assertTrue(links, "the page does not link its attachment")
        link = urllib.parse.urlsplit(links[0]).path
        public = self.server.page(link, "yunling")
        self.assertEqual((public.status, public.body), (200, content))
        self.assertEqual(public.headers["x-content-type-options"], "nosniff")
        for asked, status, part in (("bytes=0-3", 206, content[:4]), ("bytes=-4", 206, content[-4:]),
                                    (f"bytes={len(content)}-", 416, None), ("cows=0-3", 200, content)):
            with self.subTest(asked):
                answer = self.server.page(link, "yunling", headers={"Range": asked})
                self.assertEqual(answer.status, status)
                if part is not None:
                    self.assertEqual(answer.body, part)
        desk.publisher.do("POST", f"/api/items/{item['id']}/withdraw", {"reason": "试验"})
        self.assertIsNotNone(house.within(house.SHOWN_WITHIN, lambda: self.server.page(link, "yunling").status in (404, 410)))


class Texts(house.ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = cls.server.person("yl-bj")

    def create(self, raw_title, raw_body="<p>a</p>".encode()):
        body = b'{"kind":"article","content":{"title":"' + raw_title + b'","body_html":"' + raw_body + b'"}}'
        return self.editor.ask("POST", "/api/items", body, {"Content-Type": "application/json"})

    def test_texts_that_are_no_texts_are_refused_or_made_whole(self):
        cases = {"invalid UTF-8": b"\xff\xfe\xc0\xaf", "GBK": "关于做好工作".encode("gb18030"), "NUL": b"a\\u0000b",
                 "raw NUL": b"a\x00b", "lone high surrogate": b"a\\ud800b", "lone low surrogate": b"a\\udc00b",
                 "reversed surrogates": b"\\udc00\\ud800", "encoded surrogate": b"\xed\xa0\x80", "overlong": b"\xc0\x80",
                 "beyond Unicode": b"\xf4\x90\x80\x80", "noncharacter": b"\xef\xbf\xbf", "cut": "关".encode()[:2]}
        for what, raw in cases.items():
            for place in ("title", "body"):
                with self.subTest(f"{what} in the {place}"):
                    answer = self.create(raw) if place == "title" else self.create("标题".encode(), b"<p>" + raw + b"</p>")
                    self.assertIn(answer.status, (201, 400, 422), answer)
                    if answer.status == 201:
                        kept = self.editor.get(f"/api/items/{answer.json()['id']}")["content"]
                        self.assertNotIn("\x00", kept["title"] + kept["body_html"])
                        (kept["title"] + kept["body_html"]).encode("utf-8")  # No surrogate got in.

    def test_one_line_of_a_megabyte_is_kept_or_refused_at_once(self):
        answer = self.create("长行".encode(), b"<p>" + "长".encode() * 350_000 + b"</p>")
        self.assertIn(answer.status, (201, 413, 422), answer.status)
        answer = self.create("长".encode() * 350_000)
        self.assertIn(answer.status, (413, 422), answer.status)

    def test_deep_json_is_refused(self):
        answer = self.editor.ask("POST", "/api/items", b'{"content":' + b"[" * 50_000, {"Content-Type": "application/json"})
        self.assertIn(answer.status, (400, 422))

    def test_active_content_does_not_reach_the_page(self):
        hostile = ('<p>好</p><script>alert(1)</script><img src=x onerror=alert(1)><a href=\\"java&#x09;script:alert(1)\\">a</a>'
                   '<svg onload=alert(1)></svg><math><mtext></form><iframe src=\\"data:text/html,x\\"></iframe>')
        answer = self.create("标题".encode(), hostile.encode())
        self.assertEqual(answer.status, 201, answer)
        item = answer.json()
        preview = self.editor.ask("GET", f"/api/items/{item['id']}/preview")
        for text in (item["content"]["body_html"], preview.text):
            for bad in ("alert(1)", "onerror", "onload", "<iframe", "<svg onload"):
                self.assertNotIn(bad, text)
        self.assertIn("好", preview.text)

    def test_strange_imports_are_refused_or_flagged(self):
        cases = {"gbk.txt": "关于做好工作的通知\n各单位：\n请做好工作。".encode("gb18030"), "bad.txt": b"\xff\xfe\xfd" * 50,
                 "nul.txt": "标题\n正\x00文".encode(), "long.txt": "长".encode() * 350_000, "empty.txt": b"",
                 "bomb.docx": bomb(), "cut.docx": archive(DOCX)[:50], "deep.html": b"<div>" * 50_000}
        for name, content in cases.items():
            with self.subTest(name):
                answer = self.editor.upload("/api/import", name, content)
                self.assertIn(answer.status, (200, 422, 429), answer)
                if answer.status != 200:
                    self.assertRegex(answer.text, CHINESE)
                elif name == "gbk.txt":
                    self.assertIn("关于做好工作的通知", answer.text)
                elif name == "bad.txt":
                    self.assertTrue(answer.json()["concerns"], "damaged text was taken in silence")


if __name__ == "__main__":
    unittest.main()
