"""What everybody on every channel gets while Dalil is switched off, or while there is a notice; a stand-in speaks for the assistant."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.channels.channel import UserMessage

from bot.channels.delivery import Conversation
from bot.channels.turn import ERASE, SILENT, TurnRunner
from bot.delivery import events
from bot.handoff import cases
from bot.paths import DATA
from bot.privacy import people
from bot.steering import notices, switch
from bot.steering import watch as watch_
from bot.steering.pause import wants_erasure
from bot.storage.database import Database

TEXTS = {"fr": "Avis", "ar": "إعلان", "ary": "إعلان بالدارجة"}
PAUSE, ANSWER, QUESTION = "Je suis en pause.", "Il faut 5 personnes.", "Combien êtes-vous ?"
FATIMA, DRISS = "telegram:fatima", "whatsapp:driss"


class Assistant:
    """Speaks as the rules would have it, within a journey where `asking`: its question follows whatever else is said."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.asking = False
        self.failing = ""

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append((message.text, dict(message.metadata or {})))
        channel, sender = message.output_channel, message.sender_id
        if self.failing and message.text.startswith(self.failing):
            raise RuntimeError("an action could not be reached")
        if message.text == events.SWITCHED_OFF:
            await channel.send_text_message(sender, PAUSE)
        elif message.text.startswith(events.NOTICE):
            await channel.send_text_message(sender, "Avis")
        elif message.text == events.SESSION_START:
            return
        else:
            await channel.send_text_message(sender, ANSWER if not message.text.startswith("/") else f"({message.text})")
            if message.text == "/erase":
                await channel.send_custom_json(sender, ERASE)
            if self.asking:
                await channel.send_text_message(sender, QUESTION)

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.heard]


@pytest.fixture
def assistant() -> Assistant:
    return Assistant()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every turn reads the steering; how soon a change is seen is another test's."""
    monkeypatch.setattr(watch_, "EVERY", 0.0)


@pytest.fixture(params=["web", "whatsapp"])
def say(request: pytest.FixtureRequest, database: Database, assistant: Assistant) -> Callable[..., Any]:
    """Says something on a channel; what comes back, as texts."""
    if request.param == "web":
        runner = TurnRunner(request.param, assistant, b"k" * 32, 1000, database)

        async def speak(text: str, sender: str = FATIMA, **metadata: Any) -> list[str]:
            return [message.get("text", "") for message in await runner.handle(sender, text, metadata)]

        return speak
    conversation = Conversation(assistant, 1000, database)

    async def deliver(text: str, sender: str = FATIMA, **metadata: Any) -> list[str]:
        return [reply.text for reply in await conversation(request.param, sender, text, metadata)]

    return deliver


@pytest.fixture
def off(database: Database) -> None:
    database.now(switch.turn, True, "amina")


@pytest.fixture
def notice(database: Database) -> int:
    return database.now(notices.publish, TEXTS, time.time() + 3600, "amina").id


# --- switched off


@pytest.mark.usefixtures("off")
@pytest.mark.parametrize("text", ["combien de membres ?", "شحال خاص ديال الناس؟", "/browse", '/answer{"field": "people", "value": "7"}', "/human", "/voice"])
async def test_everything_is_answered_with_the_pause(say: Callable[..., Any], assistant: Assistant, text: str) -> None:
    assert await say(text) == [PAUSE]
    assert assistant.texts == [events.SWITCHED_OFF], "no answer is looked up, no journey hears it"


@pytest.mark.usefixtures("off")
async def test_what_was_typed_is_kept_for_staff(say: Callable[..., Any], assistant: Assistant) -> None:
    await say("combien de membres ?", inbox=3)
    await say("/browse")
    ((_, typed), (_, pressed)) = assistant.heard
    assert typed["typed"] == "combien de membres ?"
    assert typed["inbox"] == 3
    assert "typed" not in pressed


@pytest.mark.usefixtures("off")
@pytest.mark.parametrize("payload", ["/privacy", "/delete_data", events.OPT_OUT, events.OPT_IN, events.FIRST_CONTACT])
async def test_peoples_data_stop_and_start_go_on(say: Callable[..., Any], assistant: Assistant, payload: str) -> None:
    assistant.asking = True
    assert await say(payload) == [f"({payload})"], "and the question of a journey is not asked after it"


@pytest.mark.usefixtures("off")
@pytest.mark.parametrize(
    "text",
    ["supprimez mes données", "Supprimez mes données svp", "مسح المعطيات", "مسح المعطيات ديالي", "احذف بياناتي", "mse7 data dyali", "7eyed messages dyali"],
)
async def test_who_writes_that_their_data_should_go_is_asked_to_confirm(say: Callable[..., Any], text: str) -> None:
    assert await say(text) == ["(/delete_data)"]


@pytest.mark.usefixtures("off")
async def test_erasing_still_erases(database: Database, assistant: Assistant) -> None:
    runner = TurnRunner("web", assistant, b"k" * 32, 1000, database)
    database.now(cases.open_case, FATIMA, "web", "fr", "un conseil", {}, 3600.0)
    assistant.asking = True
    assert [message["text"] for message in await runner.handle(FATIMA, "/erase")] == ["(/erase)"]
    assert database.now(cases.waiting, True) == []


@pytest.mark.parametrize("variety", ["fr", "ar", "ary-Arab", "ary-Latn"])
def test_most_ways_to_ask_for_erasure_are_understood_without_a_model(variety: str) -> None:
    lines = _lines(DATA / "nlu" / "delete_data.yml")[variety]
    assert sum(map(wants_erasure, lines)) >= 0.7 * len(lines)


@pytest.mark.parametrize("intent", ["ask_members", "ask_steps", "ask_closing", "greet", "human", "privacy"])
def test_and_other_messages_are_not_taken_for_it(intent: str) -> None:
    lines = [line for block in _lines(DATA / "nlu" / f"{intent}.yml").values() for line in block]
    assert lines
    assert [line for line in lines if wants_erasure(line)] == []


def _lines(path: Path) -> dict[str, list[str]]:
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return {block["metadata"]["variety"]: [line.removeprefix("- ") for line in block["examples"].splitlines()] for block in blocks}


@pytest.mark.usefixtures("off")
async def test_what_is_written_for_staff_still_reaches_them(database: Database, assistant: Assistant) -> None:
    runner = TurnRunner("web", assistant, b"k" * 32, 1000, database)
    number, _ = database.now(cases.open_case, FATIMA, "web", "fr", "un conseil", {}, 3600.0)
    assert (await runner.handle(FATIMA, "êtes-vous là ?"))[0]["text"] == f"({events.CASE_NOTED})"
    assert await runner.handle(FATIMA, "répondez-moi") == [{"custom": SILENT}]
    assert [message["text"] for message in await runner.handle(FATIMA, "/back_to_bot")] == [PAUSE]
    assert await runner.handle(FATIMA, "alors à vous") == [{"custom": SILENT}], "the bot is not there: staff still are"
    assert [line.text for line in database.now(cases.lines, number)] == ["un conseil", "êtes-vous là ?", "répondez-moi", "alors à vous"]


async def test_switched_on_again_it_answers_as_before(say: Callable[..., Any], database: Database) -> None:
    database.now(switch.turn, True, "amina")
    assert await say("combien ?") == [PAUSE]
    database.now(switch.turn, False, "amina")
    assert await say("combien ?") == [ANSWER]


# --- the notice


async def test_each_person_is_told_once_before_the_answer(say: Callable[..., Any], assistant: Assistant, notice: int) -> None:
    assert await say("combien ?") == ["Avis", ANSWER]
    assert assistant.texts == ["combien ?", f'/notice{{"notice": "{notice}"}}'], "after the turn: its language is the one of the conversation by now"
    assert await say("et encore ?") == [ANSWER]
    assert await say("combien ?", DRISS) == ["Avis", ANSWER]


async def test_a_changed_text_is_told_again(say: Callable[..., Any], database: Database, notice: int) -> None:
    await say("combien ?")
    database.now(notices.publish, {**TEXTS, "fr": "Autre"}, time.time() + 3600, "amina")
    assert await say("combien ?") == ["Avis", ANSWER]


async def test_a_withdrawn_notice_is_not_told(say: Callable[..., Any], database: Database, notice: int) -> None:
    database.now(notices.withdraw)
    assert await say("combien ?") == [ANSWER]


@pytest.mark.usefixtures("notice")
@pytest.mark.parametrize("payload", [events.OPT_OUT, events.FIRST_CONTACT, events.FAILED, events.SLOW_DOWN, events.GROUP_CHAT])
async def test_it_is_no_part_of_the_last_word_or_of_what_is_no_answer(say: Callable[..., Any], payload: str) -> None:
    assert await say(payload) == [f"({payload})"]
    assert await say("combien ?") == ["Avis", ANSWER]


@pytest.mark.usefixtures("notice")
async def test_who_is_erased_is_not_told_and_not_remembered(database: Database, assistant: Assistant, say: Callable[..., Any]) -> None:
    assert (await say("/erase"))[0] == "(/erase)"
    assert not any(text.startswith(events.NOTICE) for text in assistant.texts)


@pytest.mark.usefixtures("notice")
async def test_a_notice_that_fails_is_told_next_time_and_costs_no_answer(say: Callable[..., Any], assistant: Assistant) -> None:
    assistant.failing = events.NOTICE
    assert await say("combien ?") == [ANSWER]
    assistant.failing = ""
    assert await say("combien ?") == ["Avis", ANSWER]


@pytest.mark.usefixtures("notice")
async def test_a_turn_that_fails_and_is_tried_again_tells_it(say: Callable[..., Any], assistant: Assistant) -> None:
    assistant.failing = "combien"
    with pytest.raises(RuntimeError):
        await say("combien ?", inbox=1)
    assistant.failing = ""
    assert await say("combien ?", inbox=1) == ["Avis", ANSWER]
    assert await say("combien ?", inbox=1) == ["Avis", ANSWER], "an answer that was lost before it was written is made again, with the notice"
    assert await say("combien ?", inbox=2) == [ANSWER]


@pytest.mark.usefixtures("notice", "off")
async def test_notice_and_pause_go_together(say: Callable[..., Any], assistant: Assistant) -> None:
    assert await say("combien ?") == ["Avis", PAUSE]
    assert "typed" not in assistant.heard[-1][1], "what was typed is told once in the transcript"
    assert await say("combien ?") == [PAUSE]


@pytest.fixture
def silence(database: Database) -> int:
    """Staff have answered Fatima, and the bot keeps silent; the number of the case."""
    number, _ = database.now(cases.open_case, FATIMA, "web", "fr", "un conseil", {}, 3600.0)
    database.now(cases.reply, number, "Bonjour", 3600.0)
    return int(number)


@pytest.mark.usefixtures("notice", "silence")
async def test_while_staff_answer_the_notice_is_told_and_nothing_else(database: Database, assistant: Assistant) -> None:
    runner = TurnRunner("web", assistant, b"k" * 32, 1000, database)
    assert [message["text"] for message in await runner.handle(FATIMA, "merci")] == ["Avis"]
    assert await runner.handle(FATIMA, "au revoir") == [{"custom": SILENT}]


@pytest.mark.parametrize("text", ["supprimez mes données", "مسح المعطيات ديالي"])
async def test_while_staff_answer_a_wish_to_be_erased_is_asked_about_and_staff_have_it_too(
    text: str, database: Database, assistant: Assistant, silence: int
) -> None:
    runner = TurnRunner("web", assistant, b"k" * 32, 1000, database)
    assert [message["text"] for message in await runner.handle(FATIMA, text)] == ["(/delete_data)"]
    assert [line.text for line in database.now(cases.lines, silence)] == ["un conseil", "Bonjour", text]
    assert await runner.handle(FATIMA, "vous êtes là ?") == [{"custom": SILENT}], "the silence goes on"


async def test_nobody_is_erased_in_the_middle_of_a_turn(database: Database, assistant: Assistant) -> None:
    found: list[Any] = []

    async def meanwhile(message: UserMessage) -> None:
        found.append(await asyncio.to_thread(people.erase, database.now, FATIMA, 0.2))
        await assistant(message)

    await TurnRunner("web", meanwhile, b"k" * 32, 1000, database).handle(FATIMA, "combien ?")
    assert found == [None], "the erasure waits for the turn"
    assert people.erase(database.now, FATIMA, 0.2) is not None
