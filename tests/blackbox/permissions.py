"""Every operation of the contract by every role, on another county's objects (promises.md §6 rows 35 and 41).

The contract gives each operation the ability it asks for (x-access); here stands what a person gets who has that
ability at home, in 青溪县, and uses it on the city's objects. An operation that is not in the table fails the test.
"""
import sqlite3
import unittest

import house

# 青溪县's people and one each of those whose duty has no place.
PEOPLE = ["cgz-tg", "qx-bj", "qx-jd", "qx-cs", "qx-fs", "qx-zs", "qx-fb", "qx-zg", "sysadmin", "secadmin", "auditor",
          "supervisor"]
PLACELESS = {"sysadmin", "secadmin", "auditor", "supervisor"}

# Of everybody who is signed in, or of all: no objects of others in them.
OPEN = {"getSession", "listOwnSessions", "listRoles", "listOrgs", "getOrg", "listSites", "listSubmissions", "listFlows",
        "listChains", "getWorkbench", "getOpenApi", "getHealth", "listItems", "listUsers", "getUser", "cleanHtml"}
# About oneself: csrf_sessions.py tries them.
OWN = {"logIn", "logOut", "endOwnSession", "changeOwnPassword", "startTotp", "confirmTotp", "removeTotp"}
# Judged by the ability alone; what they give is bound by the grant elsewhere in this file.
ADMINISTRATION = {"createUser", "updateUser", "resetPassword", "unlockUser", "grantRole", "revokeRole", "createOrg",
                  "updateOrg", "createSite", "listAudit", "exportAudit", "verifyAudit", "uploadFile", "importFile"}

UPLOADS = {"uploadFile", "importFile"}
REASON = {"reason": "越权试验"}
DECISION = {"level": 1, "verdict": "approve", "gates": house.GATES, "proof": house.PROOF}


class Permissions(house.ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        desk = cls.desk = house.Desk(cls.server)
        cls.targets = [desk.column("yunling", "tzgg")]
        cls.title = house.unused_word()
        cls.draft = desk.draft(cls.title, cls.targets)
        cls.flow = desk.submit(desk.draft(cls.title + "审", cls.targets))
        cls.live = desk.approved(cls.title + "发", cls.targets)
        # Shared would be meant for all: this one is the city's own.
        desk.author.do("PUT", f"/api/items/{cls.live['id']}/shared", {"shared": False})
        cls.publication = desk.release(cls.live, cls.targets)["outcomes"][0]["publication"]
        cls.contributor = cls.server.person("fgw-tg")
        cls.city_office = desk.author.session["org"]["id"]
        given = cls.contributor.do("POST", "/api/items", {
            "kind": "article", "content": {"title": cls.title + "投", "body_html": "<p>部门动态。</p>"}})
        cls.submission = cls.contributor.do("POST", "/api/submissions", {
            "item_id": given["id"], "to_org_id": cls.city_office})
        site_admin = cls.server.person("yl-zg")
        levels = [{"name": "初审", "ability": "review.first", "due_hours": 24}]
        cls.chain_body = {"name": "云岭专用", "org_id": cls.city_office, "column_id": cls.targets[0]["column_id"],
                          "levels": levels}
        cls.chain = site_admin.ask("POST", "/api/chains", cls.chain_body)
        cls.document = house.must(cls.server.page("/api/openapi.json"), 200)

    def foreign(self):
        """operationId: (path with the city's objects, body, what a person with the ability at home gets)."""
        site, column = self.targets[0]["site_id"], self.targets[0]["column_id"]
        draft, live, revision = self.draft["id"], self.live["id"], self.draft["revision"]
        flow, item = self.flow["id"], f"/api/items/{self.draft['id']}"
        content = {"title": "越权", "body_html": "<p>越权</p>", "targets": self.targets}
        chain = self.chain.json()["id"] if self.chain.status == 201 else 1
        submission = self.submission["id"]
        column_body = {"name": "越权", "slug": "yuequan", "kind": "list"}
        table = {
            "getSite": (f"/api/sites/{site}", None, {404}),
            "updateSite": (f"/api/sites/{site}", {"code": "yunling", "name": "越权", "kind": "portal"}, {403, 404}),
            "listColumns": (f"/api/sites/{site}/columns", None, {200, 404}),
            "createColumn": (f"/api/sites/{site}/columns", column_body, {403, 404}),
            "updateColumn": (f"/api/columns/{column}", column_body, {403, 404}),
            "removeColumn": (f"/api/columns/{column}", None, {403, 404}),
            "moveColumn": (f"/api/columns/{column}/move", {"parent_id": column, "position": 1}, {403, 404}),
            "createItem": ("/api/items", {"kind": "article", "org_id": self.city_office, "content": content}, {403, 404}),
            "getItem": (item, None, {404}),
            "saveItem": (item, {"revision": revision, "content": content}, {404}),
            "listVersions": (item + "/versions", None, {404}),
            "getVersion": (item + "/versions/1", None, {404}),
            "restoreVersion": (item + "/versions/1/restore", {"revision": revision}, {404}),
            "setShared": (item + "/shared", {"shared": True}, {404}),
            "previewItem": (item + "/preview", None, {404}),
            "getTrail": (item + "/trail", None, {404}),
            "exportTrail": (item + "/trail.csv", None, {404}),
            "getFile": ("/api/files/" + "0" * 64, None, {404}),
            "submitContribution": ("/api/submissions", {"item_id": draft, "to_org_id": self.city_office}, {404}),
            "acceptSubmission": (f"/api/submissions/{submission}/accept", {"answer": ""}, {404}),
            "returnSubmission": (f"/api/submissions/{submission}/return", {"answer": "越权"}, {404}),
            "submitForReview": (item + "/submit", {"revision": revision}, {404}),
            "submitEmergency": (item + "/emergency", {"revision": revision, **REASON}, {404}),
            "getFlow": (f"/api/flows/{flow}", None, {404}),
            "passFlow": (f"/api/flows/{flow}/pass", DECISION, {403, 404}),
            "takeBackFlow": (f"/api/flows/{flow}/take-back", REASON, {404}),
            "createChain": ("/api/chains", self.chain_body, {403, 404}),
            "updateChain": (f"/api/chains/{chain}", self.chain_body, {403, 404}),
            "removeChain": (f"/api/chains/{chain}", None, {403, 404}),
            "listPublications": (f"/api/items/{live}/publications", None, {404}),
            "releaseItem": (f"/api/items/{live}/release", {"targets": self.targets, "key": "yuequan"}, {403, 404}),
            "withdrawEverywhere": (f"/api/items/{live}/withdraw", REASON, {404}),
            "withdrawPublication": (f"/api/publications/{self.publication['id']}/withdraw", REASON, {404}),
            "movePublication": (f"/api/publications/{self.publication['id']}/move", {"column_id": column}, {404}),
            "setPinned": (f"/api/publications/{self.publication['id']}/pinned", {"pinned": True}, {404}),
        }
        return table

    def operations(self):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation["operationId"], operation["x-access"]

    def test_every_operation_is_judged_here(self):
        judged = set(self.foreign()) | OPEN | OWN | ADMINISTRATION
        self.assertEqual({name for _, _, name, _ in self.operations()}, judged)

    def test_nobody_gets_nothing(self):
        for method, path, name, access in self.operations():
            if access != "public":
                with self.subTest(name):
                    place = self.foreign().get(name, (path,))[0].replace("{id}", "1").replace("{grant}", "1")
                    self.assertEqual(self.server.ask(method, place).status, 401)

    def test_who_lacks_the_ability_is_refused(self):
        foreign = self.foreign()
        for login in PEOPLE:
            person = self.server.person(login)
            for method, path, name, access in self.operations():
                if access in ("public", "signed-in") or access in person.session["abilities"]:
                    continue
                place, body, _ = foreign.get(name, (path.replace("{id}", "1").replace("{grant}", "1"), {}, None))
                with self.subTest(f"{login} {name}"):
                    if name in UPLOADS:
                        answer = person.upload(place, "说明.txt", "说明".encode())
                    else:
                        answer = person.ask(method, place, body if method != "GET" else None)
                    if name in UPLOADS and "library.contribute" in person.session["abilities"]:
                        self.assertLess(answer.status, 300, answer)  # Contributors write their own items, too.
                    elif place.startswith(("/api/items", "/api/flows", "/api/submissions")):
                        self.assertIn(answer.status, (403, 404), answer)  # Not there, for whom it is not.
                    else:
                        self.assertEqual(answer.status, 403, answer)

    def test_the_city_s_objects_are_not_there_for_the_county(self):
        foreign = self.foreign()
        before = self.contents()
        for login in PEOPLE:
            person = self.server.person(login)
            for method, _, name, access in self.operations():
                if name not in foreign or (access != "signed-in" and access not in person.session["abilities"]):
                    continue
                if login in PLACELESS and access.startswith(("site.", "org.")):
                    continue  # Sites are these people's duty wherever they are.
                place, body, expected = foreign[name]
                if login in PLACELESS and name == "listColumns":
                    continue
                with self.subTest(f"{login} {name}"):
                    answer = person.ask(method, place, body if method != "GET" else None)
                    refused = answer.status
                    if name == "releaseItem" and answer.status == 200:
                        refused = {o["error"]["status"] for o in answer.json()["outcomes"]}.pop()
                    self.assertIn(refused, expected, answer)
        after = self.contents()
        for table, rows in before.items():
            self.assertEqual(rows, after[table], f"{table} has changed")

    def contents(self):
        """All that is kept, but sessions, their traces and the audit."""
        with sqlite3.connect(f"file:{self.server.data}/huabiao.db?mode=ro", uri=True) as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}"))) for name in names
                    if not name.startswith(("audit_", "identity_", "sqlite_", "db_"))}

    def test_lists_show_nothing_of_another_county(self):
        for login in PEOPLE:
            person = self.server.person(login)
            for path in ("/api/items?size=100", f"/api/items?q={'%E6%A1%82%E6%9E%97'}", "/api/flows?size=100",
                         "/api/flows?inbox=true&size=100", "/api/submissions?size=100", "/api/submissions?box=in&size=100",
                         "/api/workbench", f"/api/items?org={self.city_office}&size=100", "/api/chains"):
                answer = person.ask("GET", path)
                with self.subTest(f"{login} {path}"):
                    self.assertIn(answer.status, (200, 403, 422), answer)
                    self.assertNotIn(self.title, answer.text)

    def test_a_foreign_column_is_no_target_for_a_release(self):
        """An approved item of one's own does not open another county's site."""
        desk = house.Desk(self.server, "qx", "qx-bj")
        own = desk.column("qingxi", "tzgg")
        item = desk.approved(house.unused_word(), [own])
        answer = desk.publisher.ask("POST", f"/api/items/{item['id']}/release",
                                    {"targets": [own, self.targets[0]], "key": "zwei"})
        if answer.status == 200:
            outcomes = answer.json()["outcomes"]
            self.assertNotIn("error", outcomes[0])
            self.assertEqual(outcomes[1]["error"]["status"], 403)
        else:
            self.assertEqual(answer.status, 403, answer)

    def test_the_owner_of_the_object_may(self):
        """The positive control: the same calls by the right people succeed."""
        for login, path in (("yl-bj", f"/api/items/{self.draft['id']}"), ("yl-cs", f"/api/flows/{self.flow['id']}"),
                            ("yl-fb", f"/api/items/{self.live['id']}/publications"),
                            ("yl-zg", f"/api/sites/{self.targets[0]['site_id']}"),
                            ("yl-bj", f"/api/items/{self.draft['id']}/preview"),
                            ("auditor", "/api/audit"), ("sysadmin", "/api/users")):
            with self.subTest(f"{login} {path}"):
                self.assertEqual(self.server.person(login).ask("GET", path).status, 200)

    def test_the_three_administrators_exclude_each_other_and_the_content(self):
        people = {login: self.server.person(login).id for login in ("sysadmin", "secadmin", "auditor", "qx-bj2")}
        granting = self.server.person("secadmin")
        three = {"sysadmin": "system_admin", "secadmin": "security_admin", "auditor": "audit_admin"}
        for login, own in three.items():
            for role in [*three.values(), "editor", "publisher", "final_reviewer", "site_admin"]:
                if role == own:
                    continue
                with self.subTest(f"{login} + {role}"):
                    answer = granting.ask("POST", f"/api/users/{people[login]}/grants", {"role": role})
                    self.assertIn(answer.status, (403, 409), answer)
        for role in three.values():
            with self.subTest(f"editor + {role}"):
                answer = granting.ask("POST", f"/api/users/{people['qx-bj2']}/grants", {"role": role})
                self.assertEqual((answer.status, answer.json()["code"]), (409, "identity.roles_exclude_each_other"))

    def test_administrators_touch_no_content_and_not_each_others_duty(self):
        forbidden = {"sysadmin": {"staff.grant", "audit.read"}, "secadmin": {"staff.manage", "audit.read"},
                     "auditor": {"staff.grant", "staff.manage", "site.manage", "org.manage"}}
        for login, abilities in forbidden.items():
            has = set(self.server.person(login).session["abilities"])
            self.assertFalse(has & abilities, login)
            self.assertFalse([one for one in has if one.startswith(("library.", "review.", "release."))], login)

    def test_an_unknown_path_under_api_is_not_found(self):
        for method in ("GET", "POST", "PUT", "DELETE"):
            self.assertIn(self.server.person("sysadmin").ask(method, "/api/no-such-thing").status, (404, 405))


if __name__ == "__main__":
    unittest.main()
