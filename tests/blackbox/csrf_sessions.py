"""Sessions and forged requests (promises.md §6 rows 33, 34, 36). Idle logout takes half an hour: session_test.cpp moves
the clock for it."""
import json
import re
import sqlite3
import time
import unittest

import house

NEW_PASSWORD = "Shan-Cheng-7788"


def operations(server):
    """Every (method, path) of the contract, with 1 for each parameter."""
    document = house.must(server.page("/api/openapi.json"), 200)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), re.sub(r"\{[^}]*\}", "1", path), operation


class ForgedRequests(house.ServerCase):
    def changing(self):
        found = [(m, p, o) for m, p, o in operations(self.server) if m not in ("GET", "HEAD")]
        self.assertGreater(len(found), 35)
        return found

    def test_every_change_without_its_token_is_refused(self):
        person = self.server.person("yl-bj")
        for method, path, operation in self.changing():
            if operation["x-access"] == "public":
                continue
            for token in (None, "", "0" * 32):
                with self.subTest(f"{method} {path} {token!r}"):
                    answer = person.ask(method, path, {}, {"X-CSRF-Token": token})
                    self.assertEqual(answer.status, 403, answer)

    def test_every_change_from_another_sites_page_is_refused(self):
        person = self.server.person("sysadmin")
        foreign = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                   {"Sec-Fetch-Site": "same-site"}, {"Origin": f"http://127.0.0.1.evil.example:{self.server.port}"},
                   {"Origin": f"http://127.0.0.1:{self.server.port}@evil.example"}]
        for method, path, _ in self.changing():
            for headers in foreign:
                with self.subTest(f"{method} {path} {headers}"):
                    answer = person.ask(method, path, {}, headers)
                    self.assertEqual((answer.status, answer.json()["code"]), (403, "identity.cross_site"))

    def test_another_persons_token_does_not_serve(self):
        answer = self.server.person("yl-bj").ask("POST", "/api/items", {}, {
            "X-CSRF-Token": self.server.person("yl-bj2").csrf})
        self.assertEqual(answer.status, 403)

    def test_reading_changes_nothing(self):
        person = self.server.person("auditor")
        editor = self.server.person("yl-bj")
        with sqlite3.connect(f"file:{self.server.data}/huabiao.db?mode=ro", uri=True) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            self.assertIn("library_items", tables)
            # Sessions note when they were last seen; exporting and refusals are recorded.
            counted = set(tables) - {"identity_sessions", "audit_records"}

            def count():
                return {t: database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in counted}

            before = count()
            for method, path, operation in operations(self.server):
                if method == "GET" and operation["operationId"] != "exportAudit":
                    person.ask(method, path)
                    editor.ask(method, path)
            after = count()
        self.assertEqual({t: (before[t], after[t]) for t in counted if before[t] != after[t]}, {})


class Sessions(house.ServerCase):
    def alive(self, person):
        return person.ask("GET", "/api/session/all").status == 200

    def sign_in_raw(self, login, password, **headers):
        body = json.dumps({"login": login, "password": password}).encode()
        return self.server.ask("POST", "/api/session", body, {"Content-Type": "application/json", **headers})

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        cookie = self.server.sign_in("wjw-bj").set_cookie
        self.assertRegex(cookie, r"^sid=[^;]{22,};")
        for flag in ("HttpOnly", "SameSite=Lax", "Path=/"):
            self.assertIn(flag, cookie)
        self.assertNotIn("Domain", cookie)

    def test_the_token_is_kept_neither_in_the_log_nor_plain_in_the_database(self):
        token = self.server.sign_in("wjw-bj").cookie.split("=", 1)[1].encode()
        self.assertNotIn(token, self.server.log.read_bytes())
        for file in self.server.data.glob("huabiao.db*"):
            self.assertNotIn(token, file.read_bytes(), file.name)

    def test_signing_in_gives_a_new_token_and_ends_the_former_one(self):
        person = self.server.sign_in("wjw-cs")
        answer = self.sign_in_raw("wjw-cs", house.PASSWORD, Cookie=person.cookie)
        self.assertEqual(answer.status, 200)
        self.assertNotEqual(answer.headers["set-cookie"].split(";")[0], person.cookie)
        self.assertFalse(self.alive(person))
        fixed = self.sign_in_raw("wjw-cs", house.PASSWORD, Cookie="sid=" + "a" * 43)
        self.assertNotIn("a" * 43, fixed.headers["set-cookie"])

    def test_logging_out_ends_the_session_on_the_server(self):
        person = self.server.sign_in("wjw-fs")
        answer = person.ask("DELETE", "/api/session")
        self.assertEqual(answer.status, 204)
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])
        self.assertFalse(self.alive(person))

    def test_a_changed_password_ends_all_other_sessions(self):
        here, there = self.server.sign_in("czj-bj"), self.server.sign_in("czj-bj")
        answer = here.ask("POST", "/api/account/password",
                          {"old_password": house.PASSWORD, "new_password": NEW_PASSWORD})
        self.assertEqual(answer.status, 204, answer)
        self.assertFalse(self.alive(there))
        self.assertFalse(self.alive(here))  # The old cookie; the answer carries a new one.
        here.cookie = answer.headers["set-cookie"].split(";")[0]
        self.assertTrue(self.alive(here))
        self.assertEqual(self.sign_in_raw("czj-bj", house.PASSWORD).status, 401)

    def test_weak_passwords_are_refused_with_the_reason(self):
        person = self.server.sign_in("czj-jd")
        for weak in ("Aa1!", "12345678901", "Password123!", "czj-jd-Aa123", "aaaaaaaaaaaaA1"):
            with self.subTest(weak):
                answer = person.ask("POST", "/api/account/password",
                                    {"old_password": house.PASSWORD, "new_password": weak})
                self.assertEqual(answer.status, 422, answer)
                self.assertRegex(answer.text, "[一-鿿]")

    def test_disabling_an_account_ends_its_sessions(self):
        person = self.server.sign_in("czj-cs")
        admin = self.server.person("sysadmin")
        user = admin.get(f"/api/users/{person.id}")
        admin.do("PUT", f"/api/users/{person.id}", {
            "login": user["login"], "name": user["name"], "org_id": user["org_id"], "state": "disabled"})
        self.assertFalse(self.alive(person))
        self.assertEqual(self.sign_in_raw("czj-cs", house.PASSWORD).status, 401)

    def test_after_a_reset_only_the_password_may_be_changed(self):
        person = self.server.sign_in("czj-fs")
        self.server.person("sysadmin").do("POST", f"/api/users/{person.id}/password", {"password": NEW_PASSWORD})
        self.assertFalse(self.alive(person))
        again = self.server.sign_in("czj-fs", NEW_PASSWORD)
        self.assertTrue(again.session["must_change_password"])
        for method, path in (("GET", "/api/items"), ("GET", "/api/workbench"), ("POST", "/api/items")):
            answer = again.ask(method, path, {} if method == "POST" else None)
            self.assertEqual((answer.status, answer.json()["code"]), (403, "identity.password_change_required"))
        changed = again.ask("POST", "/api/account/password",
                            {"old_password": NEW_PASSWORD, "new_password": "Yun-Ling-5566"})
        self.assertEqual(changed.status, 204, changed)

    def test_a_persons_session_is_not_ended_by_another(self):
        mine = self.server.sign_in("wjw-zs")
        number = mine.get("/api/session/all")[0]["id"]
        self.assertEqual(self.server.person("sysadmin").ask("DELETE", f"/api/session/all/{number}").status, 404)
        self.assertTrue(self.alive(mine))

    def test_an_unknown_login_looks_like_a_wrong_password(self):
        answers = {}
        for login in ("wjw-jd", "nobody-at-all"):
            began = time.monotonic()
            answer = self.sign_in_raw(login, "Wrong-Password-1")
            problem = answer.json()
            problem.pop("request_id", None)
            answers[login] = (answer.status, problem, time.monotonic() - began)
        known, unknown = answers.values()
        self.assertEqual(known[:2], unknown[:2])
        self.assertGreater(unknown[2], known[2] / 4, "no hash is computed for unknown logins")

    def test_five_failures_lock_the_account_even_for_the_right_password(self):
        for _ in range(5):
            self.assertIn(self.sign_in_raw("wjw-fb", "Wrong-Password-1").status, (401, 429))
        answer = self.sign_in_raw("wjw-fb", house.PASSWORD)
        self.assertEqual(answer.status, 429, answer)
        self.assertRegex(answer.text, "锁定|稍后")

    def test_sign_in_survives_strange_input(self):
        for body in (b"", b"{", b"[]", b'{"login":1,"password":2}', b'{"login":"\xff\xfe","password":"x"}',
                     b'{"login":"a\\u0000b","password":"x"}', b'{"login":"' + b"a" * 60_000 + b'","password":"x"}',
                     b"[" * 30_000):
            with self.subTest(body[:40]):
                answer = self.server.ask("POST", "/api/session", body, {"Content-Type": "application/json"})
                self.assertIn(answer.status, (400, 401, 413, 422), answer)


if __name__ == "__main__":
    unittest.main()
