"""The pages of the gate itself: for children, for staff, and for when something does not work.

Made here and nowhere else, without any outside request: a block page must
appear when nothing else works. No script, one style sheet named by its hash,
the picture drawn in the page. Everything that came from outside is escaped.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from html import escape
from importlib import resources
from urllib.parse import quote, urlsplit

from schoolgate.gate import ticket
from schoolgate.gate.adapters.proxy.answers import Answer
from schoolgate.gate.adapters.proxy.head import Request
from schoolgate.gate.adapters.proxy.judge import EDGE, EDGE_RULES, SCHEME, UPGRADE, Ruling
from schoolgate.gate.core import explain
from schoolgate.gate.core.explain import ChildWords
from schoolgate.gate.core.names import Address
from schoolgate.gate.core.rules import Rules

# Who gets the reasons. Everyone else is spoken to as a child: also whoever is not known.
GROWN_UP_PROFILES = frozenset({"staff", "guest"})
# Standings that signing in, or signing, can mend: those are sent to the portal.
MENDABLE = frozenset({"unsigned", "nobody-signed-in", "grant-ended", "no-grant"})

FAILURES = {
    "unrecorded": "The gate cannot write down what happens, so it lets nothing through. The technician needs to look at its disk.",
    "unknown-name": "No site has this name, or the school's connection is down.",
    "unreachable": "The site does not answer, or the school's connection is down.",
    "no-answer": "The site took the question and gave no answer.",
    "bad-answer": "The site answered in a way that cannot be passed on safely.",
    "malformed": "The request cannot be read.",
}
# What the gate does not know how to carry is 501 (RFC 9110 §15.6.2); everything else that it will not is 403.
NOT_SPOKEN = frozenset({SCHEME, UPGRADE})
MALFORMED_STATUSES = frozenset({400, 414, 417, 431, 501, 505})

_HERE = resources.files(__package__)
_STYLE = (_HERE / "page.css").read_text("utf-8")
_LAYOUT = (_HERE / "page.html").read_text("utf-8")
PICTURES = {
    file.name.removesuffix(".svg"): file.read_text("utf-8").strip()
    for file in (_HERE / "pictures").iterdir()
    if file.name.endswith(".svg")
}
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Pages:
    """The pages of one gate.

    Args:
        portal: address of the sign-in portal.
        secret: what tickets are sealed with.
        now: aware, for tickets.
    """

    def __init__(self, portal: str, secret: bytes, now: Callable[[], datetime]) -> None:
        parts = urlsplit(portal)
        self._portal = portal
        self._site = f"{parts.scheme}://{parts.netloc}"
        self._secret = secret
        self._now = now

    def blocked(self, ruling: Ruling, address: Address, request: Request, asker: str, rules: Rules | None) -> Answer:
        """Say that the request is not carried out: a way to sign in where that helps, else why not."""
        is_mendable = ruling.tier == "standing" and ruling.standing.reason in MENDABLE
        if is_mendable and _is_page(request):
            return Answer(302, "text/plain; charset=utf-8", b"", (("Location", self._sign_in(address, asker)),))
        status = 501 if ruling.rule in NOT_SPOKEN else 403
        words = _child_words(ruling, rules)
        if wants_json(request):
            record: dict[str, object] = {
                "outcome": "block", "tier": ruling.tier, "rule": ruling.rule, "url": address.text,
                "heading": words.heading, "body": words.body,
            }  # fmt: skip
            if _is_grown_up(ruling):
                sentence = "" if rules is None else rules.statements.get(ruling.statement, "")
                record |= {"categories": ruling.categories, "statement": ruling.statement, "sentence": sentence,
                           "release": ruling.release, "because": _lines(ruling, rules), "ask": self._ask(address)}  # fmt: skip
            if is_mendable:
                record["sign_in"] = self._sign_in(address, asker)
            return Answer(status, "application/json", json.dumps(record).encode())
        if _is_grown_up(ruling):
            return self._for_staff(status, ruling, address, rules)
        return self._for_child(status, words, request)

    def failed(self, status: int, why: str, request: Request) -> Answer:
        """Say that something does not work, and whose matter that is."""
        if wants_json(request):
            return Answer(status, "application/json", json.dumps({"outcome": "failed", "why": why}).encode())
        return self._failure(status, why)

    def malformed(self, status: int) -> Answer:
        """Say that a request could not be read at all."""
        return self._failure(status if status in MALFORMED_STATUSES else 400, "malformed")

    def _failure(self, status: int, why: str) -> Answer:
        body = (
            "<h1>That did not work</h1>"
            "<p class='lead'>You did nothing wrong. Try again in a little while, or tell a grown-up.</p>"
            f"<p class='small'>For grown-ups: {escape(FAILURES[why])} <span class='code'>{why}</span></p>"
        )
        return _page(status, "That did not work", "child", "cloud", body)

    def _for_child(self, status: int, words: ChildWords, request: Request) -> Answer:
        body = f"<h1>{escape(words.heading)}</h1><p class='lead'>{escape(words.body)}</p>"
        body += f"<p><a class='button' href='{escape(self._back(request))}'>Go back</a></p>"
        return _page(status, words.heading, "child", words.picture, body)

    def _for_staff(self, status: int, ruling: Ruling, address: Address, rules: Rules | None) -> Answer:
        heading = "This site is blocked"
        parts = [f"<h1>{heading}</h1><p class='address'>{escape(_shortened(address.text))}</p>"]
        if ruling.verdict is not None and rules is not None and ruling.tier != EDGE:
            words = explain.for_staff(ruling.verdict, rules)
            parts.append(f"<p class='lead'>{escape(words.heading)}</p>")
            if words.statement_text:
                parts.append(
                    "<h2>The sentence of the school's policy</h2>"
                    f"<blockquote>{escape(words.statement_text)}<cite>{escape(words.statement_id)}</cite></blockquote>"
                )
        rows = "".join(f"<li>{escape(line)}</li>" for line in _lines(ruling, rules))
        parts.append(f"<h2>Why</h2><ul>{rows}</ul>")
        if ruling.tier not in {"locked", EDGE, "standing"}:
            parts.append(f"<p><a class='button' href='{escape(self._ask(address))}'>Ask for this site</a></p>")
        parts.append(
            "<p class='small'>Being blocked is not a report about you. "
            f"Rule <span class='code'>{escape(ruling.rule)}</span>, "
            f"release <span class='code'>{escape(ruling.release or 'none')}</span>.</p>"
        )
        return _page(status, heading, "staff", "closed-gate", "".join(parts))

    def _sign_in(self, address: Address, asker: str) -> str:
        text = ticket.issue(asker, address.text, self._now(), self._secret)
        return f"{self._portal}{'&' if '?' in self._portal else '?'}ticket={text}"

    def _ask(self, address: Address) -> str:
        return f"{self._site}/requests/ask/?url={quote(address.text, safe='')}"

    def _back(self, request: Request) -> str:
        """Return where "Go back" leads: the page before, or the school's own start page. We have no script to do it."""
        before = request.value(b"referer")
        return before if before.startswith(("http://", "https://")) else f"{self._site}/"


def wants_json(request: Request) -> bool:
    """Tell whether the client asks for JSON and not for a page."""
    accepted = request.value(b"accept")
    return "application/json" in accepted and "text/html" not in accepted


def _is_page(request: Request) -> bool:
    """Tell whether a person is looking at what this request brings, so that a redirect makes sense to them."""
    if request.method not in {"GET", "HEAD"} or wants_json(request):
        return False
    place = request.value(b"sec-fetch-dest")
    accepted = request.value(b"accept")
    return place in {"", "document"} and (not accepted or "text/html" in accepted or "*/*" in accepted)


def _is_grown_up(ruling: Ruling) -> bool:
    return ruling.standing.profile in GROWN_UP_PROFILES


def _child_words(ruling: Ruling, rules: Rules | None) -> ChildWords:
    if ruling.tier == EDGE or ruling.verdict is None or rules is None:
        return ChildWords(
            "signpost", "This way is closed", "You are not in trouble. If you need it for your work, tell a grown-up."
        )
    return explain.for_child(ruling.verdict, rules)


def _lines(ruling: Ruling, rules: Rules | None) -> tuple[str, ...]:
    if ruling.tier == EDGE:
        return (EDGE_RULES[ruling.rule],)
    return () if ruling.verdict is None or rules is None else explain.for_staff(ruling.verdict, rules).lines


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}…"


def _page(status: int, title: str, reader: str, picture: str, body: str) -> Answer:
    drawing = PICTURES.get(picture, PICTURES["signpost"])
    page = (
        _LAYOUT.replace("{{title}}", escape(title))
        .replace("{{style}}", _STYLE)
        .replace("{{reader}}", reader)
        .replace("{{picture}}", drawing)
        .replace("{{body}}", body)
    )
    return Answer(status, "text/html; charset=utf-8", page.encode(), (("Content-Security-Policy", _POLICY),))
