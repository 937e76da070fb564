"""The command line, backups and drills (issue 2 §1; promises.md §6 row 16)."""
import pathlib
import re
import shutil
import socket
import unittest

import house

COMMANDS = [[], ["serve"], ["work"], ["demo"], ["import"], ["audit"], ["audit", "verify"], ["backup"], ["backup", "now"],
            ["backup", "list"], ["backup", "verify"], ["restore"], ["drill"], ["user"], ["user", "add"], ["config"],
            ["version"]]
CHINESE = "[一-鿿]"


class Usage(unittest.TestCase):
    def test_every_command_explains_itself(self):
        for command in COMMANDS:
            with self.subTest(" ".join(command)):
                done = house.run(*command, "--help")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, CHINESE)
        text = house.run("--help").stdout
        self.assertIn("例子", text)
        self.assertIn("退出码", text)

    def test_wrong_usage_is_two(self):
        for arguments in ([], ["fly"], ["serve", "--fly"], ["import"], ["restore"], ["audit"], ["serve", "--port", "x"]):
            with self.subTest(arguments):
                done = house.run(*arguments)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertTrue(done.stderr.strip() or done.stdout.strip())

    def test_an_unknown_setting_is_named_wherever_it_stands(self):
        folder = house.temporary / "settings"
        folder.mkdir(exist_ok=True)
        done = house.run("serve", "--data", folder, "--set", "http.prot=80")
        self.assertEqual(done.returncode, 2)
        self.assertIn("http.prot", done.stderr)
        done = house.run("serve", "--data", folder, environment={"HUABIAO_HTTP_PROT": "80"})
        self.assertEqual(done.returncode, 2)
        self.assertIn("HUABIAO_HTTP_PROT", done.stderr)
        (folder / "huabiao.toml").write_text("[http]\nprot = 80\n", "utf-8")
        done = house.run("serve", "--data", folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("prot", done.stderr)
        (folder / "huabiao.toml").write_text("[http\n", "utf-8")
        done = house.run("serve", "--data", folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("TOML", done.stderr)

    def test_a_value_that_does_not_fit_says_what_would(self):
        done = house.run("serve", "--data", house.temporary / "none", "--set", "http.port=99999")
        self.assertEqual(done.returncode, 2)
        self.assertIn("http.port", done.stderr)
        self.assertIn("65535", done.stderr)

    def test_the_version_and_the_settings_are_printed(self):
        self.assertRegex(house.run("version").stdout, r"^huabiao \d")
        self.assertIn("[http]", house.run("config").stdout)


class Beside(house.ServerCase):
    """Beside a running server."""

    def test_a_second_server_on_the_same_data_is_refused_with_a_sentence(self):
        done = house.run("serve", "--data", self.server.data, "--port", "0")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, CHINESE)
        self.assertEqual(self.server.page("/", "yunling").status, 200)

    def test_a_taken_port_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = house.run("serve", "--data", house.new_data(), "--port", port)
        self.assertIn(done.returncode, (1, 3))
        self.assertIn(str(port), done.stderr + done.stdout)
        self.assertRegex(done.stderr + done.stdout, CHINESE)

    def test_the_demo_is_not_loaded_over_what_is_there(self):
        done = house.run("demo", "--data", house.new_data())
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, CHINESE)

    def test_a_backup_is_taken_verified_restored_and_drilled_while_the_server_runs(self):
        desk = house.Desk(self.server)
        title = house.unused_word()
        item = desk.draft(title, [desk.column("yunling", "tzgg")])
        folder = house.temporary / "backup"
        done = house.run("backup", "now", "--data", self.server.data, "--to", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = sorted(p for p in folder.iterdir() if p.is_dir())
        self.assertEqual(len(found), 1, done.stdout)
        backup = found[0]
        self.assertIn(str(backup), house.run("backup", "list", "--to", folder).stdout)
        self.assertEqual(house.run("backup", "verify", backup).returncode, 0)
        drill = house.run("drill", "--data", self.server.data, "--to", folder)
        self.assertEqual(drill.returncode, 0, drill.stdout + drill.stderr)
        self.assertIn("通过", drill.stdout)
        restored = house.temporary / "restored"
        self.assertEqual(house.run("restore", backup, "--to", restored).returncode, 0)
        self.assertEqual(house.run("audit", "verify", "--data", restored).returncode, 0)
        again = house.Server(restored)
        self.addCleanup(again.stop)
        self.assertEqual(again.sign_in("yl-bj").get(f"/api/items/{item['id']}")["title"], title)
        again.stop()
        # Never over what is there.
        done = house.run("restore", backup, "--to", restored)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, CHINESE)
        self.refuses_flipped_bytes(backup)

    def refuses_flipped_bytes(self, backup):
        for number, file in enumerate(sorted(p for p in backup.rglob("*") if p.is_file() and p.stat().st_size > 0)[:8]):
            copy = house.temporary / f"flipped-{number}"
            shutil.copytree(backup, copy)
            broken = copy / file.relative_to(backup)
            content = bytearray(broken.read_bytes())
            content[len(content) // 2] ^= 0x01
            broken.write_bytes(content)
            with self.subTest(str(file.relative_to(backup))):
                for command in (["backup", "verify", copy], ["restore", copy, "--to", house.temporary / f"r-{number}"],
                                ["drill", copy]):
                    done = house.run(*command)
                    self.assertEqual(done.returncode, 1, f"{command}: {done.stdout}")
                    self.assertRegex(done.stderr + done.stdout, CHINESE)
            shutil.rmtree(copy)

    def test_a_missing_folder_is_a_refusal_not_a_breakdown(self):
        nowhere = house.temporary / "nowhere"
        for command in (["backup", "verify", nowhere], ["restore", nowhere, "--to", house.temporary / "x"],
                        ["drill", nowhere], ["audit", "verify", "--data", nowhere]):
            with self.subTest(str(command[:2])):
                done = house.run(*command)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertRegex(done.stderr, CHINESE)
        self.assertFalse(pathlib.Path(nowhere).exists(), "looking made a data directory")


class Importing(unittest.TestCase):
    def test_hostile_files_are_refused_or_flagged_never_a_breakdown(self):
        data = house.new_data()
        files = {"空.txt": b"", "坏.txt": b"\xff\xfe\xfd\x80" * 100, "国标.txt": "关于做好工作的通知\n正文。".encode("gb18030"),
                 "零.txt": "标题\n正".encode() + b"\x00" + "文".encode(), "长行.txt": "长".encode() * 350_000,
                 "假.docx": b"PK\x03\x04nothing", "图.svg": b"<svg onload='alert(1)'/>",
                 "网页.html": b"<title>a</title><script>alert(1)</script><p onclick=x()>b</p>" + b"<div>" * 20_000}
        for name, content in files.items():
            file = house.temporary / name
            file.write_bytes(content)
            with self.subTest(name):
                done = house.run("import", file, "--data", data, "--org", "云岭市人民政府办公室", "--user", "yl-bj")
                self.assertIn(done.returncode, (0, 1), done.stderr)
                self.assertTrue(re.search(CHINESE, done.stdout + done.stderr))


if __name__ == "__main__":
    unittest.main()
