"""A pause and a notice through the real pipeline: in the person's language, and without touching what is under way."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from actions import action_notice
from bot.assistant import Assistant
from bot.channels.turn import TurnRunner
from bot.delivery import events
from bot.steering import notices, pause, switch, watch
from bot.storage.database import Database

pytestmark = pytest.mark.model

TEXTS = {"fr": "Avis : les bureaux sont fermés lundi.", "ar": "إعلان: المكاتب مغلقة يوم الإثنين.", "ary": "إعلان: البيروات سادين نهار الاتنين."}
QUESTIONS = {
    "fr": "Combien de personnes faut-il pour créer une coopérative ?",
    "ar": "كم عدد الأعضاء اللازم لتأسيس تعاونية؟",
    "ary": "شحال خاص ديال الناس باش نديرو تعاونية؟",
}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Where switch and notice are, for the channel and for the action; a change is seen at once."""
    found = Database(f"sqlite:///{tmp_path / 'dalil.db'}")
    monkeypatch.setattr(action_notice, "database", lambda: found)
    monkeypatch.setattr(watch, "EVERY", 0.0)
    yield found
    found.close()


@pytest.fixture
def say(assistant: Assistant, database: Database, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Says something over the channel's own code; the messages that come back."""
    runner = TurnRunner("web", assistant._agent.handle_message, b"k" * 32, 1000, database)
    me = f"web:{request.node.name}"

    async def speak(text: str) -> list[dict[str, Any]]:
        return await runner.handle(me, text)

    speak.me = me  # type: ignore[attr-defined]
    return speak


def _texts(messages: list[dict[str, Any]]) -> list[str]:
    return [str(message.get("text") or "") for message in messages]


async def _stored(assistant: Assistant, me: str) -> list[tuple[str, str]]:
    """What the conversation holds of its last turn: who said what."""
    tracker = await assistant._agent.tracker_store.get_or_create_tracker(me)
    found: list[tuple[str, str]] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            found = [("user", str(event.text))]
        elif isinstance(event, BotUttered):
            found.append(("bot", str(event.text)))
    return found


def _pause(database: Database, off: bool) -> None:
    database.now(switch.turn, off, "amina")


def _publish(database: Database) -> None:
    database.now(notices.publish, TEXTS, time.time() + 3600, "amina")


@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
async def test_the_pause_is_told_in_the_language_of_the_conversation(say: Callable[..., Any], database: Database, language: str) -> None:
    await say(QUESTIONS[language])
    _pause(database, True)
    assert _texts(await say(QUESTIONS[language])) == [pause.texts()[language]]


@pytest.mark.parametrize("text", [*QUESTIONS.values(), "ch7al khass d nass", "👍", "/voice"])
async def test_who_writes_for_the_first_time_can_read_it_in_arabic_letters_and_in_french(say: Callable[..., Any], database: Database, text: str) -> None:
    _pause(database, True)
    (said,) = _texts(await say(text))
    assert "pause" in said
    assert any("\u0600" <= letter <= "\u06ff" for letter in said)


async def test_a_journey_waits_and_goes_on_where_it_was(say: Callable[..., Any], assistant: Assistant, database: Database) -> None:
    (asked,) = _texts(await say("/choose_form"))
    _pause(database, True)
    for message in ("on est 7", '/answer{"field": "people", "value": "7"}', "c'est quoi une coopérative ?"):
        said = _texts(await say(message))
        assert said == [pause.texts()["ary"]]
    assert await _stored(assistant, say.me) == [("user", events.SWITCHED_OFF), ("bot", pause.texts()["ary"])], (
        "its question is not asked, and not noted as asked"
    )
    _pause(database, False)
    again = _texts(await say("on est 7"))
    tracker = await assistant._agent.tracker_store.get_or_create_tracker(say.me)
    assert tracker.get_slot("people") == 7
    assert tracker.active_loop_name == "choose_form_form"
    assert again[-1] != asked, "the next question"


async def test_data_can_be_erased_during_a_pause_in_the_middle_of_a_journey(say: Callable[..., Any], database: Database) -> None:
    await say("/choose_form")
    _pause(database, True)
    (confirm,) = await say("supprimez mes données")
    assert [button["payload"].partition("~")[0] for button in confirm["buttons"]] == ["/erase", "/deny"]
    assert len(await say("/erase")) == 1
    assert len(await say("/privacy")) == 1


@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
async def test_a_notice_comes_once_before_the_answer_in_the_language_of_the_message(say: Callable[..., Any], database: Database, language: str) -> None:
    _publish(database)
    notice, answer = _texts(await say(QUESTIONS[language]))
    assert notice == TEXTS[language]
    assert "5" in answer
    assert TEXTS[language] not in _texts(await say(QUESTIONS[language]))


async def test_a_notice_follows_the_person_into_another_language(say: Callable[..., Any], database: Database) -> None:
    await say(QUESTIONS["ary"])
    _publish(database)
    said = _texts(await say("je préfère continuer, quel est le capital minimum d'une coopérative ?"))
    assert said[0] == TEXTS["fr"]


async def test_a_notice_leaves_a_journey_alone(say: Callable[..., Any], assistant: Assistant, database: Database) -> None:
    _publish(database)
    first = _texts(await say("je cherche un financement pour notre coopérative"))
    assert first[0] == TEXTS["fr"]
    assert len(first) == 2, "the notice, and the first question once"
    tracker = await assistant._agent.tracker_store.get_or_create_tracker(say.me)
    form, question = tracker.active_loop_name, tracker.get_slot("requested_slot")
    assert (form, question) == ("financing_form", "years")
    await say("2 ans")
    tracker = await assistant._agent.tracker_store.get_or_create_tracker(say.me)
    assert tracker.get_slot("years") == 2
    assert tracker.get_slot("requested_slot") != "years"


async def test_who_is_erased_is_told_nothing_more(say: Callable[..., Any], assistant: Assistant, database: Database) -> None:
    await say(QUESTIONS["fr"])
    _publish(database)
    assert TEXTS["fr"] not in _texts(await say("/erase"))
