"""From a clerk's draft to a citizen's page and back (issue 2 §2, §5; promises.md §6 rows 1 and 32: no duplicate release)."""
import datetime
import unittest
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor

import house


def path_of(url):
    return urllib.parse.urlsplit(url).path


class Journey(house.ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = house.Desk(cls.server)
        cls.targets = [cls.desk.column("yunling", "tzgg"), cls.desk.column("czj", "tzgg")]

    def shown(self, url, site, title):
        """Where the title is seen: the page, its column, the home, the search."""
        quoted = urllib.parse.quote(title)
        path = path_of(url)
        places = {"page": path, "column": "/tzgg/", "home": "/", "search": f"/search?q={quoted}"}
        found = set()
        for name, place in places.items():
            answer = self.server.page(place, site)
            text = answer.text.replace("<mark>", "").replace("</mark>", "")
            # The search page repeats the question; a hit links to the page.
            if answer.status == 200 and title in text and (name != "search" or path in text):
                found.add(name)
        return found

    def released(self, title):
        item = self.desk.approved(title, self.targets)
        result = self.desk.release(item, self.targets)
        publications = [outcome["publication"] for outcome in result["outcomes"]]
        return item, publications

    def test_a_released_item_is_everywhere_within_a_second_and_gone_within_a_second(self):
        title = house.unused_word()
        item, publications = self.released(title)
        self.assertEqual(len(publications), 2)
        sites = list(zip(publications, ["yunling", "czj"]))
        everywhere = {"page", "column", "home", "search"}
        for publication, site in sites:
            took = house.within(house.SHOWN_WITHIN, lambda: self.shown(publication["url"], site, title) == everywhere)
            self.assertIsNotNone(took, f"{site}: only {self.shown(publication['url'], site, title)}")
        self.desk.publisher.do("POST", f"/api/items/{item['id']}/withdraw", {"reason": "内容有误"})
        for publication, site in sites:
            took = house.within(house.SHOWN_WITHIN, lambda: not self.shown(publication["url"], site, title))
            self.assertIsNotNone(took, f"{site}: still {self.shown(publication['url'], site, title)}")
            self.assertEqual(self.server.page(path_of(publication["url"]), site).status, 410)

    def test_nobody_may_release_what_is_not_approved(self):
        item = self.desk.draft(house.unused_word(), self.targets)
        answer = self.desk.publisher.ask("POST", f"/api/items/{item['id']}/release",
                                         {"targets": self.targets, "key": "k1"})
        self.assertEqual((answer.status, answer.json()["code"]), (409, "release.not_approved"))

    def test_nobody_reviews_two_levels_nor_his_own_item(self):
        flow = self.desk.submit(self.desk.draft(house.unused_word(), self.targets))
        decision = {"level": flow["level"], "verdict": "approve", "gates": house.GATES, "proof": house.PROOF}
        first = self.server.person("yl-cs")
        passed = first.do("POST", f"/api/flows/{flow['id']}/pass", decision)
        again = first.ask("POST", f"/api/flows/{flow['id']}/pass", dict(decision, level=passed["level"]))
        self.assertIn(again.status, (403, 409))
        own = self.desk.author.ask("POST", f"/api/flows/{flow['id']}/pass", dict(decision, level=passed["level"]))
        self.assertIn(own.status, (403, 404, 409))

    def test_a_gate_left_open_stops_the_pass(self):
        flow = self.desk.submit(self.desk.draft(house.unused_word(), self.targets))
        answer = self.server.person("yl-cs").ask("POST", f"/api/flows/{flow['id']}/pass", {
            "level": flow["level"], "verdict": "approve", "gates": dict(house.GATES, secrecy=False),
            "proof": house.PROOF})
        self.assertEqual(answer.status, 409)
        self.assertIn("review.gate_open", answer.text)

    def test_a_double_click_on_release_is_one_release(self):
        title = house.unused_word()
        item = self.desk.approved(title, self.targets)
        order = {"targets": self.targets, "key": uuid.uuid4().hex}
        self.desk.publisher.get(f"/api/items/{item['id']}")
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(
                lambda _: self.desk.publisher.ask("POST", f"/api/items/{item['id']}/release", order), range(4)))
        self.assertEqual([a.status for a in answers], [200] * 4)
        ids = {tuple(o["publication"]["id"] for o in a.json()["outcomes"]) for a in answers}
        self.assertEqual(len(ids), 1)
        self.assertEqual(len(self.desk.author.get(f"/api/items/{item['id']}/publications")), 2)
        actions = [r["action"] for r in self.server.person("auditor").get(
            f"/api/audit?subject_kind=item&subject={item['id']}&size=100")["items"]]
        self.assertEqual(actions.count("release.publish"), 2, actions)

    def test_a_scheduled_release_appears_by_itself_and_not_before(self):
        title = house.unused_word()
        item = self.desk.approved(title, self.targets)
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
        result = self.desk.release(item, self.targets, publish_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        publication = result["outcomes"][0]["publication"]
        self.assertEqual(publication["state"], "scheduled")
        self.assertNotEqual(self.server.page(path_of(publication["url"]), "yunling").status, 200)
        took = house.within(10, lambda: self.shown(publication["url"], "yunling", title) >= {"page", "column", "search"})
        self.assertIsNotNone(took, self.shown(publication["url"], "yunling", title))

    def test_two_writers_of_one_draft_lose_nothing(self):
        item = self.desk.draft(house.unused_word(), self.targets)
        other = self.server.person("yl-bj2")
        path = f"/api/items/{item['id']}"
        content = self.desk.author.get(path)["content"]
        mine = dict(content, body_html="<p>第一个人写的话。</p>")
        theirs = dict(content, body_html="<p>第二个人写的话。</p>")
        self.desk.author.do("PUT", path, {"revision": item["revision"], "content": mine})
        answer = other.ask("PUT", path, {"revision": item["revision"], "content": theirs})
        self.assertEqual((answer.status, answer.json()["code"]), (409, "library.changed"))
        current = answer.json()["current"]
        self.assertIn("第一个人写的话", current["content"]["body_html"])
        saved = other.do("PUT", path, {"revision": current["revision"], "content": theirs})
        self.assertIn("第二个人写的话", saved["content"]["body_html"])
        bodies = "".join(
            other.get(f"{path}/versions/{head['number']}")["content"]["body_html"]
            for head in other.get(f"{path}/versions"))
        self.assertIn("第一个人写的话", bodies)
        self.assertIn("第二个人写的话", bodies)

    def test_an_emergency_goes_out_at_once_and_owes_a_later_review(self):
        title = house.unused_word()
        item = self.desk.draft(title, self.targets)
        rushed = {"revision": item["revision"], "reason": "地质灾害应急预警"}
        refused = self.desk.author.ask("POST", f"/api/items/{item['id']}/emergency", rushed)
        self.assertEqual(refused.status, 403)
        flow = self.server.person("yl-zs").do("POST", f"/api/items/{item['id']}/emergency", rushed)
        self.assertTrue(flow["emergency"])
        self.assertTrue(flow["later_review_due"])
        publication = self.desk.release(item, self.targets[:1])["outcomes"][0]["publication"]
        self.assertIsNotNone(house.within(
            house.SHOWN_WITHIN, lambda: "page" in self.shown(publication["url"], "yunling", title)))


if __name__ == "__main__":
    unittest.main()
