"""Who may do what: every role on every page and action. A page that is not in the table fails the last test."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from bot.console.accounts.roles import RIGHTS, Role
from bot.console.database import in_dalil
from bot.console.learning.models import Run, Todo
from bot.console.review.models import EvaluationQuestion, Review
from bot.handoff import cases
from tests.console.tools import Talk, project

pytestmark = pytest.mark.usefixtures("console_url")

ALL = "reviewer editor manager chamber"
STAFF = "reviewer editor manager"
EDITORS = "editor manager"
MANAGERS = "manager"

#: Name of the address, method, who may. The numbers and names in the addresses are those of `everything`.
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
    ("review_assign", "POST", EDITORS),  # everybody may take a conversation; taking one away from somebody is for editors
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


@pytest.fixture
def everything(console_url: str, account: Any) -> dict[str, Any]:
    """One of each thing that an address can name."""
    talk = Talk()
    turn = talk.asks()
    project()
    reviewer = account("reviewer", "somebody")
    Review.objects.create(turn_id=turn, sender=talk.sender, reviewer=reviewer, verdict="wrong", meant="missing")
    case, _ = in_dalil(cases.open_case, talk.sender, "web", "fr", "aide", {}, 3600.0)
    return {
        "sender": talk.sender,
        "turn": turn,
        "number": 1,
        "line": 0,
        "queue": "random",
        "name": "days",
        "run": Run.objects.create(started_by=reviewer).pk,
        "todo": Todo.objects.create(title="x", by=reviewer).pk,
        "question": EvaluationQuestion.objects.create(text="x", variety="fr", area="creation", expect=[], by=reviewer).pk,
        "case": case,
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
    number = {"learning_run": "run", "learning_todo": "todo", "review_question": "question", "desk": "case", "review": "turn"}
    for part in parts:
        value = known[part]
        if part == "number":
            value = known[next((thing for start, thing in number.items() if name.startswith(start)), "number")]
        route = route.replace(next(piece for piece in (f"<int:{part}>", f"<str:{part}>", f"<slug:{part}>", f"<{part}>") if piece in route), str(value))
    return route


@pytest.mark.parametrize("role", list(Role.values))
def test_each_role_may_what_the_table_says_and_nothing_else(role: str, everything: dict[str, Any], browse: Any) -> None:
    client = browse(role)
    wrong = []
    for name, method, roles in TABLE:
        address = _address(name, everything)
        answer = client.get(address) if method == "GET" else client.post(address, {})
        refused = answer.status_code == 403
        if refused == (role in roles.split()):
            wrong.append(f"{role} {method} {address}: {answer.status_code}")
        if answer.status_code >= 500 or answer.status_code == 405:
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


def test_a_manager_has_every_right_and_a_chamber_only_figures() -> None:
    assert RIGHTS[Role.REVIEWER] < RIGHTS[Role.EDITOR] < RIGHTS[Role.MANAGER]
    assert [str(right) for right in RIGHTS[Role.CHAMBER]] == ["accounts.see_figures"]
