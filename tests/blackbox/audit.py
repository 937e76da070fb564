"""The audit: complete, and every tampering found (promises.md §6 rows 41 and 42)."""
import json
import shutil
import sqlite3
import unittest
import uuid

import house

TRIGGERS = ("audit_records_no_update", "audit_records_no_delete", "audit_head_no_delete", "audit_head_only_forward")


def verify(data, *arguments):
    done = house.run("audit", "verify", "--data", data, "--json", *arguments)
    return done.returncode, json.loads(done.stdout)


class Completeness(house.ServerCase):
    def head(self):
        with sqlite3.connect(f"file:{self.server.data}/huabiao.db?mode=ro", uri=True) as database:
            return database.execute("SELECT sequence FROM audit_head").fetchone()[0]

    def once(self, what, action):
        """Does it; exactly one record is added, with all its fields."""
        before = self.head()
        done = action()
        with self.subTest(what):
            records = self.records_after(before)
            self.assertEqual(len(records), 1, [r[4] for r in records])
            user, address, request, name, action_name, summary = records[0]
            self.assertTrue(name)
            self.assertEqual(address, "127.0.0.1")
            self.assertTrue(request)
            self.assertTrue(action_name)
            self.assertRegex(summary, "[一-鿿]")
            del user
        return done

    def records_after(self, sequence):
        with sqlite3.connect(f"file:{self.server.data}/huabiao.db?mode=ro", uri=True) as database:
            return database.execute("SELECT user_id, address, request_id, user_name, action, summary FROM audit_records"
                                    " WHERE sequence > ? ORDER BY sequence", (sequence,)).fetchall()

    def test_every_change_leaves_exactly_one_record(self):
        desk = house.Desk(self.server)
        editor, publisher = desk.author, desk.publisher
        admin, security = self.server.person("sysadmin"), self.server.person("secadmin")
        site_admin, contributor = self.server.person("yl-zg"), self.server.person("fgw-tg")
        for login in desk.reviewers:
            self.server.person(login)
        target = desk.column("yunling", "tzgg")
        other = desk.column("yunling", "bmdt")
        once = self.once
        title = house.unused_word()
        item = once("create", lambda: desk.draft(title, [target]))
        path = f"/api/items/{item['id']}"
        content = dict(item["content"], body_html="<p>改过的正文。</p>")
        item = once("save", lambda: editor.do("PUT", path, {"revision": item["revision"], "content": content}))
        item = once("restore", lambda: editor.do("POST", f"{path}/versions/1/restore", {"revision": item["revision"]}))
        once("share", lambda: editor.do("PUT", f"{path}/shared", {"shared": True}))
        item = editor.get(path)
        flow = once("submit", lambda: desk.submit(item))
        once("take back", lambda: editor.do("POST", f"/api/flows/{flow['id']}/take-back", {"reason": "再改一处"}))
        flow = once("submit again", lambda: desk.submit(editor.get(path)))
        for login in desk.reviewers:
            level = self.server.person(login).get(f"/api/flows/{flow['id']}")["level"]
            once(f"pass by {login}", lambda: self.server.person(login).do("POST", f"/api/flows/{flow['id']}/pass", {
                "level": level, "verdict": "approve", "gates": house.GATES, "proof": house.PROOF}))
        released = once("release", lambda: desk.release(item, [target]))
        publication = released["outcomes"][0]["publication"]["id"]
        once("pin", lambda: publisher.do("PUT", f"/api/publications/{publication}/pinned", {"pinned": True}))
        once("move", lambda: publisher.do("POST", f"/api/publications/{publication}/move",
                                          {"column_id": other["column_id"]}))
        once("withdraw", lambda: publisher.do("POST", f"/api/publications/{publication}/withdraw", {"reason": "试验"}))
        given = once("create by a contributor", lambda: contributor.do("POST", "/api/items", {
            "kind": "article", "content": {"title": title + "投", "body_html": "<p>部门动态。</p>"}}))
        offer = once("contribute", lambda: contributor.do("POST", "/api/submissions", {
            "item_id": given["id"], "to_org_id": editor.session["org"]["id"]}))
        once("return", lambda: editor.do("POST", f"/api/submissions/{offer['id']}/return", {"answer": "请补充来源"}))
        once("upload", lambda: house.must(editor.upload("/api/files", "说明.txt", uuid.uuid4().bytes.hex().encode()), 201))
        site = target["site_id"]
        column = once("column", lambda: site_admin.do("POST", f"/api/sites/{site}/columns", {
            "name": "试验栏目", "slug": "shiyan", "kind": "list"}))
        once("column changed", lambda: site_admin.do("PUT", f"/api/columns/{column['id']}", {
            "name": "试验专栏", "slug": "shiyan", "kind": "list"}))
        once("column removed", lambda: site_admin.do("DELETE", f"/api/columns/{column['id']}"))
        org = once("org", lambda: admin.do("POST", "/api/orgs", {
            "parent_id": editor.session["org"]["id"], "name": "云岭市试验中心", "short_name": "试验中心",
            "kind": "institution", "level": "city"}))
        once("org changed", lambda: admin.do("PUT", f"/api/orgs/{org['id']}", {
            "parent_id": editor.session["org"]["id"], "name": "云岭市实验中心", "short_name": "实验中心",
            "kind": "institution", "level": "city"}))
        user = once("user", lambda: admin.do("POST", "/api/users", {
            "login": "shiyan", "name": "试验员", "org_id": org["id"], "password": "Yun-Ling-5566"}))
        once("user changed", lambda: admin.do("PUT", f"/api/users/{user['id']}", {
            "login": "shiyan", "name": "实验员", "org_id": org["id"], "state": "active"}))
        once("password reset", lambda: admin.do("POST", f"/api/users/{user['id']}/password", {
            "password": "Yun-Ling-7788"}))
        grant = once("grant", lambda: security.do("POST", f"/api/users/{user['id']}/grants", {
            "role": "editor", "org_id": org["id"]}))
        once("revoke", lambda: security.do("DELETE", f"/api/users/{user['id']}/grants/{grant['id']}"))
        person = once("sign in", lambda: self.server.sign_in("yl-jd"))
        once("sign out", lambda: person.do("DELETE", "/api/session"))
        self.assertEqual(verify(self.server.data)[1]["intact"], True)

    def test_failures_and_refusals_are_recorded(self):
        before = self.head()
        body = json.dumps({"login": "czj-jd", "password": "Wrong-Password-1"}).encode()
        self.assertEqual(self.server.ask("POST", "/api/session", body, {"Content-Type": "application/json"}).status, 401)
        failed = self.records_after(before)
        self.assertEqual(len(failed), 1, failed)
        self.assertNotIn("Wrong-Password-1", repr(failed))
        before = self.head()
        refused = self.server.person("auditor").ask("POST", "/api/items", {"kind": "article", "content": {"title": "a"}})
        self.assertEqual(refused.status, 403)
        denials = [r for r in self.records_after(before) if r[4] != "identity.login"]
        self.assertGreaterEqual(len(denials), 1, "a denied change left no record")

    def test_passwords_and_tokens_are_never_recorded(self):
        person = self.server.sign_in("wjw-jd")
        person.do("POST", "/api/account/password", {"old_password": house.PASSWORD, "new_password": "Yun-Ling-9911"})
        csv = self.server.person("auditor").ask("GET", "/api/audit.csv").body
        self.assertGreater(len(csv), 1000)
        for secret in (b"Yun-Ling-9911", house.PASSWORD.encode(), person.cookie.split("=", 1)[1].encode(),
                       person.csrf.encode()):
            self.assertNotIn(secret, csv)


class Tampering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clean = house.new_data()
        cls.length = verify(cls.clean)[1]["records"]

    def tampered(self, *statements):
        data = house.temporary / uuid.uuid4().hex[:8]
        shutil.copytree(self.clean, data)
        self.addCleanup(shutil.rmtree, data, True)
        with sqlite3.connect(data / "huabiao.db") as database:
            for trigger in TRIGGERS:
                database.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                database.execute(statement)
        return data

    def found(self, data, *arguments):
        code, answer = verify(data, *arguments)
        self.assertEqual(code, 1, answer)
        self.assertRegex(answer["breach"]["explanation"], "[一-鿿]")
        return answer["breach"]["kind"], answer["breach"]["sequence"]

    def test_a_clean_chain_is_whole(self):
        code, answer = verify(self.clean)
        self.assertEqual((code, answer["intact"]), (0, True))
        self.assertGreater(self.length, 500)

    def test_the_triggers_stand_in_the_way(self):
        data = house.temporary / uuid.uuid4().hex[:8]
        shutil.copytree(self.clean, data)
        with sqlite3.connect(data / "huabiao.db") as database:
            for statement in ("UPDATE audit_records SET summary = '' WHERE sequence = 5",
                              "DELETE FROM audit_records WHERE sequence = 5", "UPDATE audit_head SET sequence = 3"):
                with self.assertRaises(sqlite3.IntegrityError):
                    database.execute(statement)

    def test_an_edited_record(self):
        for column in ("summary", "user_name", "at", "after_json", "address", "refused", "subject"):
            data = self.tampered(f"UPDATE audit_records SET {column} = 7 WHERE sequence = 100")
            self.assertEqual(self.found(data), ("edited", 100), column)

    def test_a_removed_record(self):
        self.assertEqual(self.found(self.tampered("DELETE FROM audit_records WHERE sequence = 100")), ("missing", 100))

    def test_a_removed_record_with_the_rest_renumbered(self):
        data = self.tampered(
            "DELETE FROM audit_records WHERE sequence = 100",
            "UPDATE audit_records SET sequence = -sequence WHERE sequence > 100",
            "UPDATE audit_records SET sequence = -sequence - 1 WHERE sequence < 0",
            "UPDATE audit_head SET sequence = sequence - 1")
        self.assertEqual(self.found(data), ("missing", 100))

    def test_an_invented_record(self):
        columns = "at, user_id, org_id, user_name, address, request_id, action, subject_kind, subject, summary," \
                  "before_json, after_json, refused, previous_hash, hash"
        forged = columns.replace("summary", "'伪造的记录'").replace("previous_hash, hash",
                                                               "hash, lower(hex(randomblob(32)))")
        data = self.tampered(
            "UPDATE audit_records SET sequence = -sequence WHERE sequence >= 100",
            "UPDATE audit_records SET sequence = 1 - sequence WHERE sequence < 0",
            f"INSERT INTO audit_records (sequence, {columns}) SELECT 100, {forged} FROM audit_records WHERE sequence = 99",
            "UPDATE audit_head SET sequence = sequence + 1")
        # Its hash does not fit; one who can compute the hash is caught by the next link (audit_test.cpp).
        self.assertEqual(self.found(data), ("edited", 100))

    def test_two_swapped_records(self):
        data = self.tampered("UPDATE audit_records SET sequence = -1 WHERE sequence = 100",
                             "UPDATE audit_records SET sequence = 100 WHERE sequence = 101",
                             "UPDATE audit_records SET sequence = 101 WHERE sequence = -1")
        self.assertEqual(self.found(data), ("reordered", 100))

    def test_a_cut_tail(self):
        data = self.tampered(f"DELETE FROM audit_records WHERE sequence > {self.length - 5}")
        self.assertEqual(self.found(data), ("truncated", self.length - 4))

    def test_a_tail_cut_together_with_the_head_is_seen_only_against_an_anchor(self):
        keep = self.length - 5
        data = self.tampered(
            f"DELETE FROM audit_records WHERE sequence > {keep}",
            f"UPDATE audit_head SET sequence = {keep}, hash = (SELECT hash FROM audit_records WHERE sequence = {keep})")
        self.assertEqual(verify(data)[0], 0)
        head = verify(self.clean)[1]
        kind, _ = self.found(data, "--anchor-sequence", head["head_sequence"], "--anchor", head["head_hash"])
        self.assertEqual(kind, "rolled_back")


if __name__ == "__main__":
    unittest.main()
