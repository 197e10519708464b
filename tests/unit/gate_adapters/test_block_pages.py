"""The gate's own pages: right for who reads them, and nothing in them that came from outside as code."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from schoolgate.gate import ticket
from schoolgate.gate.adapters.proxy import answers, head, pages
from schoolgate.gate.adapters.proxy.judge import EDGE_RULES, Judge
from schoolgate.gate.core.categories import CATEGORIES
from schoolgate.gate.core.decide import Ask, Match, decide
from schoolgate.gate.core.explain import PICTURES
from schoolgate.gate.core.names import canonical
from schoolgate.gate.core.rules import CategoryRule, Profile, Rules
from schoolgate.gate.core.who import Board, Device, Grant

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET = bytes(32)
CODES = tuple(CATEGORIES)
RULES = Rules(
    school="Larkfield <Primary>",
    time_zone="Europe/London",
    profiles={
        name: Profile(name, name, kind, "allow", tuple(CategoryRule(f"{name}/{code}", code, "block") for code in CODES), "NET-2")
        for name, kind in (("ks2", "open"), ("staff", "open"), ("no-internet", "no-internet"))
    },
    statements={"NET-2": "Every <site> is filtered."},
    release="r1",
)  # fmt: skip


# Words of category labels that say nothing about a site.
HARMLESS = {"sites", "site", "with", "some", "that", "other", "people", "school", "online"}


class Release:
    """What a judge asks of a release, with one category for every site."""

    id = "r1"
    rules = RULES

    def __init__(self, category):
        self.matches = (Match("list", "1", "site.test", category),) if category else ()

    def verdict(self, address, standing, at, method):
        return decide(Ask(address, method, standing, at), RULES, self.matches)


def ask(url, profile="ks2", category="gambling", reason="signed", fields=b"", rule=None, method=b"GET"):
    judge = Judge(NOW.timestamp)
    judge.take_release(Release(category))
    judge.take_board(Board(1, NOW, {"p": Grant(profile, None, reason, "NET-2")}, {"10.0.0.7": Device("d", "", "p")}))
    address = canonical(url)
    ruling = judge.ruling(address, "GET", "10.0.0.7")
    if rule:
        ruling = judge.refusal(rule, "10.0.0.7", ruling)
    request = head.request(method + b" http://a.test/ HTTP/1.1\r\nHost: a.test\r\n" + fields + b"\r\n")
    made = pages.Pages("http://school.test:8000/portal/", SECRET, lambda: NOW)
    return made.blocked(ruling, address, request, "10.0.0.7", RULES)


class Elements(HTMLParser):
    def __init__(self, answer):
        super().__init__()
        self.found = []
        self.words = ""
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found[-1:] and self.found[-1][0] != "style":
            self.words += data

    def links(self):
        return [attributes["href"] for tag, attributes in self.found if tag == "a"]


@pytest.mark.parametrize("category", CODES)
def test_a_child_never_reads_what_a_site_is(category):
    answer = ask("http://site.test/", category=category)
    words = Elements(answer).words.lower()
    assert answer.status == 403
    telling = set(re.findall(r"[a-z]{4,}", f"{CATEGORIES[category].label} {category}".lower())) - HARMLESS
    assert not telling & set(re.findall(r"[a-z]+", words))
    assert "site.test" not in words
    assert "grown-up" in words


def test_staff_read_why_and_which_sentence_and_may_ask():
    page = Elements(ask("http://site.test/a?b=c&d=ä", "staff"))
    assert "gambling" in page.words.lower()
    assert "Every <site> is filtered." in page.words
    assert "version 1, entry site.test" in page.words
    assert page.links() == [
        "http://school.test:8000/requests/ask/?url=http%3A%2F%2Fsite.test%2Fa%3Fb%3Dc%26d%3D%25C3%25A4"
    ]


@pytest.mark.parametrize("category", ["illegal.children", "illegal.terrorism"])
def test_what_nothing_opens_cannot_be_asked_for(category):
    assert Elements(ask("http://site.test/", "staff", category)).links() == []


@pytest.mark.parametrize("rule", EDGE_RULES)
def test_every_rule_of_the_edge_has_words(rule):
    assert EDGE_RULES[rule] in Elements(ask("http://site.test/", "staff", "", rule=rule)).words
    assert "grown-up" in Elements(ask("http://site.test/", "ks2", "", rule=rule)).words


@pytest.mark.parametrize("profile", ["ks2", "staff"])
@pytest.mark.parametrize(
    "hostile",
    [
        "http://site.test/<script>alert(1)</script>",
        "http://site.test/?'\"><img src=x onerror=alert(1)>",
        "http://site.test/{{style}}",
    ],
)
def test_nothing_from_outside_becomes_code(profile, hostile):
    fields = b"Referer: javascript:alert(1)//'><script>\r\n"
    page = Elements(ask(hostile, profile, fields=fields))
    assert not {"script", "img", "iframe", "form"} & {tag for tag, _ in page.found}
    assert not [name for _, attributes in page.found for name in attributes if name.startswith("on") or name == "style"]
    assert all(link.startswith("http://school.test:8000/") for link in page.links())
    assert len([tag for tag, _ in page.found if tag == "style"]) == 1


def test_the_way_back_is_the_page_before():
    fields = b"Referer: http://before.test/?a='b\r\n"
    assert Elements(ask("http://site.test/", fields=fields)).links() == ["http://before.test/?a='b"]


def test_a_page_allows_its_own_style_and_nothing_else():
    fields = dict(ask("http://site.test/").fields)
    policy = fields["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_an_answer_is_never_stored():
    raw = answers.to_bytes(ask("http://site.test/"), keep_alive=True, is_head=False)
    assert b"\r\nCache-Control: no-store\r\n" in raw
    assert b"\r\nX-Content-Type-Options: nosniff\r\n" in raw


@pytest.mark.parametrize("reason", sorted(pages.MENDABLE - {"nobody-signed-in", "no-grant", "grant-ended"}))
def test_who_can_mend_their_standing_is_led_to_the_portal(reason):
    answer = ask("http://site.test/x", "no-internet", "", reason)
    location = dict(answer.fields)["Location"]
    assert answer.status == 302
    address, _, text = location.partition("?ticket=")
    assert address == "http://school.test:8000/portal/"
    assert ticket.read(text, NOW, SECRET) == ticket.Ticket("10.0.0.7", "http://site.test/x")


@pytest.mark.parametrize(
    ("fields", "method"),
    [
        (b"Sec-Fetch-Dest: image\r\n", b"GET"),
        (b"Accept: image/png\r\n", b"GET"),
        (b"Accept: application/json\r\n", b"GET"),
        (b"", b"PUT"),
    ],
)
def test_what_nobody_looks_at_is_not_led_anywhere(fields, method):
    assert ask("http://site.test/x", "no-internet", "", "unsigned", fields, method=method).status == 403


def test_a_suspended_person_is_not_led_to_the_portal():
    assert ask("http://site.test/x", "no-internet", "", "suspended").status == 403


def test_a_program_gets_json_with_the_reasons_its_reader_may_have():
    fields = b"Accept: application/json\r\n"
    child = json.loads(ask("http://site.test/", fields=fields).content)
    staff = json.loads(ask("http://site.test/", "staff", fields=fields).content)
    assert (child["outcome"], child["tier"]) == ("block", "category")
    assert "categories" not in child
    assert (staff["categories"], staff["statement"], staff["release"]) == (["gambling"], "NET-2", "r1")
    assert staff["because"]


@pytest.mark.parametrize("why", pages.FAILURES)
def test_every_failure_has_words(why):
    made = pages.Pages("http://school.test/portal/", SECRET, lambda: NOW)
    request = head.request(b"GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
    assert "You did nothing wrong" in Elements(made.failed(502, why, request)).words


def test_there_is_a_picture_for_every_word():
    assert set(PICTURES) | {"cloud"} == set(pages.PICTURES)


def test_pictures_name_no_other_place():
    for drawing in pages.PICTURES.values():
        assert "http" not in drawing.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "<script" not in drawing


def test_without_rules_there_are_still_words():
    judge = Judge(NOW.timestamp)
    address = canonical("http://site.test/")
    ruling = judge.ruling(address, "GET", "10.0.0.7")
    request = head.request(b"GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
    made = pages.Pages("http://school.test/portal/", SECRET, lambda: NOW)
    assert "grown-up" in Elements(made.blocked(ruling, address, request, "10.0.0.7", None)).words
