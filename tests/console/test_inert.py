"""What people type is shown, and does nothing: a corpus of hostile texts goes into everything that is stored, then every page is visited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from bot.console.database import in_dalil
from bot.console.review.models import Review, Tag, TurnTag
from bot.console.templatetags.console import inert
from bot.delivery.guard import plain
from bot.handoff import cases
from tests.console.tools import Talk, project

pytestmark = pytest.mark.usefixtures("console_url")

_TEMPLATE = "{{ 7*7 }}{% debug %}"
CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    _TEMPLATE,
    "${7*7}",
    "\u202egnp.exe",
    "\u2066\u2067abc\u2069",
    "<!--",
    "]]><x>",
    "&lt;script&gt;",
    "\x00\x1b[31m",
    '=HYPERLINK("http://evil","x")',
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u2028\u2029alert(1)",
)
#: Addresses that end the session or send a file.
_NOT_VISITED = ("/logout/", "/static/", "/account/second-factor/code.svg", "/admin/jsi18n/")


class _Page(HTMLParser):
    """Reads a page as a browser does: what could run, what looks like a link."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not values.get("src", "").startswith(("/static/", "/admin/jsi18n/")):
            self.faults.append(f"script {values}")
        if tag in ("iframe", "object", "embed", "base") or (tag == "img" and not values.get("src", "").startswith("/")):
            self.faults.append(f"{tag} {values}")
        self.faults += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style" or name.startswith("hx-on")]
        self.faults += [f"{tag} {value}" for value in values.values() if value.strip().lower().startswith("javascript:")]
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        self.links += [values["hx-get"]] if values.get("hx-get") else []


def _visit(client: Any, first: str = "/") -> Iterator[tuple[str, str]]:
    """Every page that links lead to, one a kind of address and query: (address, text)."""
    waiting, seen = [first], set()
    while waiting:
        address = waiting.pop()
        parts = urlsplit(address)
        kind = re.sub(r"\d+|[a-z]+:[0-9a-f]{32}", "#", parts.path) + "?" + "&".join(sorted(name.partition("=")[0] for name in parts.query.split("&")))
        if parts.netloc or kind in seen or any(address.startswith(path) for path in _NOT_VISITED) or not parts.path.startswith("/"):
            continue
        seen.add(kind)
        answer = client.get(address)
        assert answer.status_code in (200, 204, 301, 302), f"{address}: {answer.status_code}"
        if answer.status_code in (301, 302):
            waiting.append(urljoin(address, answer.headers["Location"]))
        elif "text/html" in answer.headers["Content-Type"]:
            text = answer.content.decode()
            yield address, text
            page = _Page()
            page.feed(text)
            waiting += [urljoin(address, link) for link in page.links]


@pytest.fixture
def hostile(console_url: str, account: Any) -> None:
    """Hostile texts wherever somebody can put them."""
    reviewer = account("reviewer", "other")
    for number, hostile_text in enumerate(CORPUS):
        text = hostile_text.replace("\x00", "")  # PostgreSQL holds no NUL; the guard lets none in (tests/delivery/test_guard.py)
        talk = Talk(f"telegram:{number:032x}")
        talk.says(text, variety="fr", intent="out_of_scope", entities={"place": text, "amount": text})
        talk.refuses(text)
        turn = talk.asks(text)
        talk.rates("coop-min-membres", "down", "wrong")
        talk.says(text)
        talk.offers(["coop-min-membres", "coop-capital-min"], text)
        case, _ = in_dalil(cases.open_case, talk.sender, "telegram", "fr", text, {"last": [text], "answers": {"place": text}}, 3600.0)
        in_dalil(cases.add, case, text + " ")
        in_dalil(cases.reply, case, text, 3600.0)
        Review.objects.create(turn_id=turn, sender=talk.sender, reviewer=reviewer, verdict="wrong", meant="missing" if number % 2 else "outside", note=text)
        TurnTag.objects.create(turn_id=turn, sender=talk.sender, tag=Tag.objects.create(name="".join(plain(text).split())[:40] or "-"), by=reviewer)
    project()


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("role", ["manager", "reviewer"])
def test_no_page_lets_a_hostile_text_do_anything(role: str, browse: Any) -> None:
    visited, as_typed = [], set()
    for address, text in _visit(browse(role)):
        page = _Page()
        page.feed(text)
        assert page.faults == [], address
        raw = [f"U+{ord(mark):04X}" for mark in "\u202e\u2066\u2067\u2028\x1b\x00" if mark in text]
        assert raw == [], f"{address}: shown raw"
        if _TEMPLATE in text:
            as_typed.add(address)
        visited.append(address)
    kinds = {re.sub(r"\d+|[a-z]+:[0-9a-f]{32}", "#", urlsplit(address).path) for address in visited}
    assert {"/conversations/", "/conversations/#/", "/desk/", "/desk/#/", "/figures/", "/review/"} <= kinds, kinds
    assert {"/conversations/", "/desk/"} <= as_typed, "a template was carried out"


@pytest.mark.usefixtures("hostile")
def test_a_hostile_text_is_still_readable(browse: Any) -> None:
    client = browse("reviewer")
    for number, text in enumerate(CORPUS):
        page = client.get(f"/conversations/telegram:{number:032x}/").content.decode()
        assert str(inert(text.replace("\x00", ""))) in page, text


def test_what_cannot_be_seen_is_shown_by_its_code() -> None:
    assert str(inert("a\u202eb")) == 'a<span class="inertmark">U+202E</span>b'
    assert str(inert("<b>")) == "&lt;b&gt;"
    assert str(inert("نعم \u200d 👩\u200d🌾 می\u200cخواهم")) == "نعم \u200d 👩\u200d🌾 می\u200cخواهم"
