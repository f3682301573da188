"""Who came with a chamber's link is greeted in its name, and told how to reach it where that is near."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions import chambers
from bot.assistant import Assistant
from bot.storage.database import Database
from tests.chambers.tools import VALUES, share

pytestmark = pytest.mark.model
CAME = {"campaign": "souk"}
PHONE = str(VALUES["phone"])


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database with one chamber."""
    found = Database(f"sqlite:///{tmp_path / 'chambers.db'}")
    share(found)
    monkeypatch.setattr(chambers, "database", lambda: found)
    yield found
    found.close()


@pytest.fixture
def me(request: pytest.FixtureRequest) -> str:
    return f"chamber:{request.node.name}"


@pytest.mark.parametrize(
    ("message", "name", "own"),
    [
        ("Bonjour Dalil", VALUES["name_fr"], VALUES["welcome_fr"]),
        ("السلام عليكم", VALUES["name_ar"], VALUES["welcome_ar"]),
        ("السلام عليكم، Bonjour", VALUES["name_ar"], VALUES["welcome_ar"]),
        ("salam", VALUES["name_ar"], VALUES["welcome_ar"]),  # it has no line in Darija
    ],
)
async def test_the_greeting_is_in_the_chamber_s_name(assistant: Assistant, me: str, message: str, name: str, own: str) -> None:
    turn = await assistant.say(me, message, CAME)
    (greeting,) = turn.replies
    lines = greeting["text"].splitlines()
    assert lines[1:3] == [name, own]
    assert len(lines) == 4
    assert len(greeting["buttons"]) == 3


async def test_a_chamber_without_a_line_of_its_own_greets_in_three_lines(assistant: Assistant, me: str, shared: Database) -> None:
    share(shared, "court", welcome_fr="")
    turn = await assistant.say(me, "Bonjour", {"campaign": "court"})
    assert len(turn.text.splitlines()) == 3


@pytest.mark.parametrize("metadata", [{}, {"campaign": "unknown"}])
async def test_everybody_else_is_greeted_by_dalil_alone(assistant: Assistant, me: str, metadata: dict[str, str]) -> None:
    turn = await assistant.say(me, "Bonjour", metadata)
    assert "Ici Dalil, votre guide" in turn.text


@pytest.mark.parametrize("question", ["où est le tribunal à Meknès ?", "fin kayn lbiro dyal ODCO f fes", "أين يوجد المركز الجهوي للاستثمار"])
async def test_a_question_about_the_region_is_answered_with_the_chamber_first(assistant: Assistant, me: str, question: str) -> None:
    turn = await assistant.say(me, question, CAME)
    assert PHONE in turn.replies[0]["text"]
    assert len(turn.replies) == 2


@pytest.mark.parametrize("question", ["où est le tribunal à Agadir ?", "Combien de personnes faut-il pour créer une coopérative ?"])
async def test_elsewhere_and_for_other_questions_it_is_not_named(assistant: Assistant, me: str, question: str) -> None:
    turn = await assistant.say(me, question, CAME)
    assert PHONE not in turn.text
    assert len(turn.replies) == 1


async def test_where_the_database_is_away_everything_else_is_answered(assistant: Assistant, me: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Database(f"sqlite:///{tmp_path}/no/such/folder.db")
    monkeypatch.setattr(chambers, "database", lambda: broken)
    turn = await assistant.say(me, "Bonjour", CAME)
    assert "Ici Dalil, votre guide" in turn.text
    broken.close()
