"""Who may do what: every role on every page and action. A page that is not in the table fails the last test."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image

from bot.console.accounts.roles import RIGHTS, Role
from bot.console.chambers.models import Campaign, Chamber
from bot.console.chambers.reports import months
from bot.console.database import in_dalil
from bot.console.figures.pieces import PIECES
from bot.console.learning.models import Correction, Run, Todo
from bot.console.observatory.models import Publication
from bot.console.review.models import EvaluationQuestion, Review
from bot.handoff import cases
from bot.storage.tables import contacts
from tests.console.tools import Talk, project
from tests.tools import environment

pytestmark = [pytest.mark.usefixtures("console_url"), pytest.mark.one_database]

ALL = "reviewer editor manager chamber"
STAFF = "reviewer editor manager"
EDITORS = "editor manager"
MANAGERS = "manager"
SHARERS = "manager chamber"  # a chamber's account for its own chamber: tests/console/test_chambers.py

#: Name of the address, method, who may. The numbers and names in the addresses are those of `everything`; what is posted stands in `_forms`.
TABLE = [
    ("home", "GET", ALL),
    ("profile", "GET", ALL),
    ("profile", "POST", ALL),
    ("password", "GET", ALL),
    ("password", "POST", ALL),
    ("second_factor", "GET", ALL),
    ("second_factor", "POST", ALL),
    ("second_factor_code", "GET", ALL),
    ("remove_second_factor", "POST", ALL),
    ("conversations", "GET", STAFF),
    ("conversation", "GET", STAFF),
    ("conversation_news", "GET", STAFF),
    ("conversation_address", "POST", MANAGERS),
    ("review", "GET", STAFF),
    ("review_agreement", "GET", STAFF),
    ("review_queue", "GET", STAFF),
    ("review_turn", "GET", STAFF),
    ("review_meant", "POST", STAFF),
    ("review_judge", "POST", STAFF),
    ("review_records", "GET", STAFF),
    ("review_tag", "POST", STAFF),
    ("review_assign", "POST", EDITORS),  # to nobody, as is posted here; everybody may take a conversation for themselves, also from somebody else
    ("review_questions", "GET", EDITORS),
    ("review_question_add", "POST", EDITORS),
    ("review_question_delete", "POST", EDITORS),
    ("desk", "GET", STAFF),
    ("desk_case", "GET", STAFF),
    ("desk_case", "POST", STAFF),
    ("desk_news", "GET", STAFF),
    ("desk_take", "POST", STAFF),
    ("desk_hand_back", "POST", STAFF),
    ("desk_close", "POST", STAFF),
    ("learning", "GET", EDITORS),
    ("learning_approve", "POST", EDITORS),
    ("learning_decline", "POST", EDITORS),
    ("learning_next", "GET", EDITORS),
    ("learning_withdraw", "POST", EDITORS),
    ("learning_runs", "GET", EDITORS),
    ("learning_start", "POST", EDITORS),
    ("learning_run", "GET", EDITORS),
    ("learning_run_state", "GET", EDITORS),
    ("learning_promote", "POST", MANAGERS),
    ("learning_discard", "POST", MANAGERS),
    ("learning_back", "POST", MANAGERS),
    ("learning_missing", "GET", EDITORS),
    ("learning_sort", "POST", EDITORS),
    ("learning_todo", "GET", EDITORS),
    ("learning_todo", "POST", EDITORS),
    ("figures", "GET", ALL),
    ("figures_piece", "GET", ALL),
    ("figures_refused", "GET", STAFF),
    ("figures_export", "POST", EDITORS),
    ("chambers", "GET", SHARERS),
    ("chamber_add", "GET", MANAGERS),
    ("chamber_add", "POST", MANAGERS),
    ("chamber", "GET", SHARERS),
    ("chamber", "POST", SHARERS),
    ("chamber_code_add", "POST", SHARERS),
    ("chamber_logo", "GET", SHARERS),
    ("chamber_kit", "GET", SHARERS),
    ("chamber_kit_file", "GET", SHARERS),
    ("chamber_report", "GET", SHARERS),
    ("observatory", "GET", MANAGERS),
    ("observatory_publish", "POST", MANAGERS),
    ("observatory_file", "GET", MANAGERS),
    ("steering", "GET", MANAGERS),
    ("steering_switch", "POST", MANAGERS),
    ("steering_notice", "POST", MANAGERS),
    ("steering_notice_withdraw", "POST", MANAGERS),
    ("steering_privacy", "GET", MANAGERS),
    ("steering_purge", "POST", MANAGERS),
    ("steering_find", "POST", MANAGERS),
    ("steering_person", "GET", MANAGERS),
    ("steering_stored", "POST", MANAGERS),
    ("steering_erase", "POST", MANAGERS),
]
ADMIN = [
    ("/admin/", EDITORS),
    ("/admin/accounts/staff/", MANAGERS),
    ("/admin/accounts/staff/add/", MANAGERS),
    ("/admin/accounts/auditentry/", MANAGERS),
    ("/admin/chambers/chamber/", MANAGERS),
    ("/admin/review/tag/", EDITORS),
    ("/admin/desk/cannedreply/", EDITORS),
]
#: Open without logging in, or ways out.
PUBLIC = {"login", "logout", "health"}


#: What the number in an address is the number of.
NUMBERS = {
    **dict.fromkeys(("review_turn", "review_judge", "review_meant", "review_records", "review_tag", "review_question_add"), "turn"),
    "review_question_delete": "question",
    **dict.fromkeys(("desk_case", "desk_news", "desk_take", "desk_hand_back", "desk_close"), "case"),
    "learning_approve": "wrong",
    "learning_decline": "also_wrong",
    "learning_withdraw": "correction",
    **dict.fromkeys(("learning_run", "learning_run_state", "learning_promote", "learning_discard", "learning_back"), "run"),
    "learning_sort": "missing",
    "learning_todo": "todo",
    **dict.fromkeys(("chamber", "chamber_code_add", "chamber_logo", "chamber_kit", "chamber_kit_file", "chamber_report"), "chamber"),
}
#: Parts of an address that mean something else in another one.
OWN = {
    ("chamber_kit_file", "name"): "README.txt",
    ("chamber_report", "name"): "fr.csv",
    ("chamber_report", "month"): f"{months(timezone.localdate())[0].first:%Y-%m}",
}


@pytest.fixture
def everything(console_url: str, account: Any) -> Iterator[dict[str, Any]]:
    """One of each thing that an address can name; the chamber's account has the chamber."""
    with environment(PUBLIC_URL="https://dalil.example"):
        yield _everything(account)


def _everything(account: Any) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (50, 50)).save(out, "PNG")
    chamber = Chamber.objects.create(name_fr="Chambre", name_ar="غرفة", region="09", logo=out.getvalue())
    Campaign.objects.create(code="souk", title="Souk", chamber=chamber)
    account("chamber", chamber=chamber)
    talk = Talk()
    turn, missing, wrong, also_wrong = (talk.asks(text) for text in ("Une question ?", "Et les timbres ?", "Il faudrait combien d'associées ?", "Qui signe ?"))
    project()
    reviewer = account("reviewer", "somebody")
    judged = {"sender": talk.sender, "reviewer": reviewer, "verdict": "wrong"}
    meant = {"meant": "record", "target": "coop-capital-min"}
    opinion = Review.objects.create(turn_id=wrong, **judged, **meant)
    Review.objects.create(turn_id=also_wrong, **judged, **meant)
    line = {"text": "x", "variety": "fr", "kind": "record", "target": "coop-capital-min", "state": "approved"}
    Publication.objects.create(month="2026-09", made_at=timezone.now(), csv="", json="", sha256="")
    case, _ = in_dalil(cases.open_case, talk.sender, "web", "fr", "aide", {}, 3600.0)
    contact = {"sender": talk.sender, "channel": "telegram", "address": "x", "first_seen": 1.0, "last_inbound": 1.0, "greeted": True}
    in_dalil(lambda connection: connection.execute(contacts.insert().values(**contact)))
    return {
        "sender": talk.sender,
        "turn": turn,
        "line": 0,
        "queue": "random",
        "name": next(iter(PIECES)),
        "wrong": wrong,
        "also_wrong": also_wrong,
        "opinion": opinion.pk,
        "missing": Review.objects.create(turn_id=missing, **judged, meant="missing").pk,
        "correction": Correction.objects.create(turn=999, sender=talk.sender, decided_by=reviewer, **line).pk,
        "run": Run.objects.create(started_by=reviewer).pk,
        "todo": Todo.objects.create(title="x", by=reviewer).pk,
        "question": EvaluationQuestion.objects.create(text="x", variety="fr", area="creation", expect=[], by=reviewer).pk,
        "case": case,
        "chamber": chamber.pk,
        "code": "souk",
        "month": "2026-09",
        "ending": "zip",
    }


def _forms(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is posted where something has to be filled in."""
    tomorrow = (timezone.localtime() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    return {
        "review_judge": {"verdict": "right"},
        "desk_case": {"text": "Bonjour", "seen": "999"},
        "learning_approve": {"opinion": known["opinion"], "text": "Il faudrait combien d'associées pour nous lancer ?", "variety": "fr"},
        "learning_sort": {"title": "Les timbres"},
        "learning_todo": {"title": "Les timbres"},
        "figures_export": {"what": "turns", "kind": "csv"},
        "steering_switch": {"off": "0"},
        "steering_notice": {"fr": "Bonjour.", "ar": "مرحبا.", "ary": "مرحبا بيكم.", "until": tomorrow},
        "steering_find": {"by": "case", "value": known["case"]},
        "steering_erase": {"word": "EFFACER"},
        "chamber": {"kind": "crafts", "name_fr": "Chambre", "name_ar": "غرفة", "region": "09"},
        "chamber_add": {"kind": "crafts", "name_fr": "Autre", "name_ar": "أخرى", "region": "09", "first-title": "Souk", "first-code": "autre"},
        "chamber_code_add": {"title": "Guichet", "code": "guichet"},
    }


def _named(patterns: list[URLPattern | URLResolver], before: str = "/") -> dict[str, tuple[str, list[str]]]:
    """Every named address of the console's own: name -> address with its placeholders, their names."""
    found = {}
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not route.startswith("/admin/"):
                found |= _named(pattern.url_patterns, route)
        elif pattern.name:
            found[pattern.name] = (route, list(pattern.pattern.converters))
    return found


def _address(name: str, known: dict[str, Any]) -> str:
    route, parts = _named(get_resolver().url_patterns)[name]
    for part in parts:
        value = OWN.get((name, part)) or known[NUMBERS[name] if name in NUMBERS and part in ("number", "turn") else part]
        route = route.replace(next(piece for piece in (f"<int:{part}>", f"<str:{part}>", f"<slug:{part}>", f"<{part}>") if piece in route), str(value))
    return route


@pytest.mark.parametrize("role", list(Role.values))
def test_each_role_may_what_the_table_says_and_nothing_else(role: str, everything: dict[str, Any], browse: Any) -> None:
    """Who may is answered with a page or led on to one: that something is not there, or not filled in, would prove nothing."""
    client, forms = browse(role), _forms(everything)
    wrong = []
    for name, method, roles in TABLE:
        address = _address(name, everything)
        answer = client.get(address) if method == "GET" else client.post(address, forms.get(name, {}))
        right = answer.status_code < 400 if role in roles.split() else answer.status_code == 403
        if not right:
            wrong.append(f"{role} {method} {address}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", list(Role.values))
def test_each_role_sees_of_the_admin_what_it_may(role: str, browse: Any) -> None:
    client = browse(role)
    for address, roles in ADMIN:
        allowed = role in roles.split()
        assert (client.get(address).status_code == 200) == allowed, (role, address)


def test_a_stranger_may_nothing(everything: dict[str, Any]) -> None:
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    for name, method, _ in TABLE:
        answer = client.get(_address(name, everything)) if method == "GET" else client.post(_address(name, everything), {})
        assert answer.status_code == 302, name
        assert "/login/" in answer.headers["Location"], name


def test_every_page_is_in_the_table() -> None:
    assert set(_named(get_resolver().url_patterns)) == {name for name, _, _ in TABLE} | PUBLIC


def test_a_manager_has_every_right_and_a_chamber_only_figures_and_its_own_kit() -> None:
    assert RIGHTS[Role.REVIEWER] < RIGHTS[Role.EDITOR] < RIGHTS[Role.MANAGER]
    assert {str(right) for right in RIGHTS[Role.CHAMBER]} == {"accounts.see_figures", "accounts.share"}
