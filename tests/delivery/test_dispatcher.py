"""The work of one process: bounded, retried, given up with a word to the person; over the real assistant and a vendor that checks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.delivery import Conversation, acknowledge, as_replies
from bot.channels.telegram.transport import TelegramTransport, make_bot
from bot.channels.turn import Unanswered
from bot.delivery import dispatcher, events, outbox, worker
from bot.delivery.dispatcher import Dispatcher, Full
from bot.delivery.messages import Inbound, Reply
from bot.delivery.receipt import Receipt, Reception
from bot.documents.reference import ChecklistReference
from bot.storage.database import Database
from tests.vendors.telegram import FakeTelegram

pytestmark = pytest.mark.model
KEY = b"k" * 32


class Talk:
    """The real assistant as the dispatcher asks it, with failures on demand."""

    def __init__(self, assistant: Any, database: Database) -> None:
        self._assistant = assistant
        self._database = database
        self.failures = 0
        self.seconds = 0.0
        self.texts: list[str] = []

    async def __call__(self, channel: str, sender: str, text: str, metadata: dict[str, Any]) -> list[Reply]:
        self.texts.append(text)
        await asyncio.sleep(self.seconds)
        if self.failures and text != events.FAILED:
            self.failures -= 1
            raise Unanswered
        collected: list[dict[str, Any]] = []

        async def handle(message: Any) -> None:
            await self._assistant._agent.handle_message(message)
            collected.extend(message.output_channel.messages)

        return await Conversation(handle, 1000, self._database)(channel, sender, text, metadata)


@pytest.fixture
def telegram() -> Any:
    with FakeTelegram() as found:
        yield found
        assert found.violations == []


@pytest.fixture
async def talk(assistant: Any, database: Database) -> Talk:
    return Talk(assistant, database)


@pytest.fixture
async def working(database: Database, telegram: FakeTelegram, talk: Talk, tmp_path: Path) -> AsyncIterator[Dispatcher]:
    """A dispatcher with room for two messages."""
    transport = TelegramTransport(make_bot(telegram.token, telegram.url))
    found = Dispatcher(database, Reception(KEY, 200, 100), {"telegram": transport}, talk, most_waiting=2)
    await found.start()
    yield found
    await found.stop()


def _message(number: int, text: str = "Combien de personnes faut-il pour créer une coopérative ?") -> Inbound:
    return Inbound("telegram", str(number), str(number), text)


async def test_only_who_waits_sees_that_an_answer_is_being_written(
    working: Dispatcher, telegram: FakeTelegram, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.seconds = 0.3
    for number, (noticeable, shown) in enumerate(((30.0, 0), (0.0, 1)), 1):
        monkeypatch.setattr(worker, "NOTICEABLE", noticeable)
        await working.take_in(_message(number))
        await asyncio.to_thread(telegram.user(number).wait_for)
        assert sum(call.method == "sendChatAction" for call in telegram.calls) == shown


async def test_when_too_much_waits_the_vendor_is_asked_to_come_again(working: Dispatcher, telegram: FakeTelegram) -> None:
    users = [telegram.user(number) for number in range(1, 8)]
    done = object()
    answers = [await acknowledge(working, _message(user.id), done) for user in users]  # type: ignore[arg-type]
    refused = [answer for answer in answers if answer is not done]
    assert {answer.status for answer in refused} == {503}
    assert all(answer.headers["Retry-After"] for answer in refused)
    accepted = [user for user, answer in zip(users, answers) if answer is done]
    assert accepted
    for user in accepted:
        await asyncio.to_thread(user.wait_for, 2)
    with pytest.raises(AssertionError):
        telegram.user(7).wait_for(1, seconds=0.5)


async def test_a_number_that_is_split_over_a_burst_is_masked(working: Dispatcher, telegram: FakeTelegram, talk: Talk) -> None:
    user = telegram.user(1)
    for number, piece in enumerate(("tel 0661", "234567"), 1):
        await working.take_in(Inbound("telegram", str(number), "1", piece))
    await asyncio.to_thread(user.wait_for, 2)
    assert talk.texts[0] == "tel [tel]"


async def test_when_the_database_is_away_the_vendor_is_asked_to_come_again(working: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def away(*_: Any) -> Receipt:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(working.database, "now", away)
    assert (await acknowledge(working, _message(1), object())).status == 503  # type: ignore[arg-type]


async def test_a_turn_that_fails_is_tried_again_and_answered(working: Dispatcher, telegram: FakeTelegram, talk: Talk) -> None:
    talk.failures = 1
    user = telegram.user(1)
    await working.take_in(_message(1))
    await asyncio.to_thread(user.wait_for, 2)
    assert "5" in user.sent[0].text


async def test_a_turn_that_keeps_failing_ends_with_a_word_to_the_person(
    working: Dispatcher, telegram: FakeTelegram, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "pause", lambda *_: 0.01)
    talk.failures = 1000
    user = telegram.user(1)
    await working.take_in(_message(1))
    await asyncio.to_thread(user.wait_for, 1)
    assert events.FAILED in talk.texts
    assert user.sent[0].text


async def test_a_reply_that_is_refused_is_a_dead_letter_and_the_next_one_goes(working: Dispatcher, telegram: FakeTelegram, database: Database) -> None:
    user = telegram.user(1)
    sender = Reception(KEY, 200, 100).sender(_message(1))
    await working.take_in(_message(1))
    await asyncio.to_thread(user.wait_for, 2)
    database.now(outbox.answer, sender, "telegram", [], [Reply("", (), ("missing", "plan.pdf")), Reply("après")])
    await asyncio.to_thread(user.wait_for, 3)
    assert user.sent[2].text == "après"
    assert "document" in database.now(outbox.dead_letters)[0].error


async def test_a_document_is_sent_with_its_words(working: Dispatcher, telegram: FakeTelegram, database: Database, tmp_path: Path) -> None:
    user = telegram.user(1)
    sender = Reception(KEY, 200, 100).sender(_message(1))
    await working.take_in(_message(1))
    await asyncio.to_thread(user.wait_for, 2)
    reference = ChecklistReference("cooperative", "fr").to_text()
    database.now(
        outbox.answer, sender, "telegram", [], as_replies([{"custom": {"text": "Votre plan", "document": {"reference": reference, "name": "plan.pdf"}}}])
    )
    await asyncio.to_thread(user.wait_for, 3)
    assert user.sent[2].method == "sendDocument"
    assert user.sent[2].document.filename == "plan.pdf"
    assert user.sent[2].document.content.startswith(b"%PDF-")


async def test_a_stop_loses_nothing(database: Database, telegram: FakeTelegram, talk: Talk, tmp_path: Path) -> None:
    def make() -> Dispatcher:
        transport = TelegramTransport(make_bot(telegram.token, telegram.url))
        return Dispatcher(
            Database(str(database._engine.url.render_as_string(hide_password=False))), Reception(KEY, 200, 100), {"telegram": transport}, talk, 100
        )

    first = make()
    await first.start()
    users = [telegram.user(number) for number in range(1, 9)]
    for user in users:
        await first.take_in(_message(user.id))
    await first.stop()
    with pytest.raises(Full):
        await first.take_in(_message(99))
    second = make()
    await second.start()
    for user in users:
        await asyncio.to_thread(user.wait_for, 2, seconds=30)
    await second.stop()
    assert [len(user.sent) for user in users] == [2] * len(users)


async def test_an_answer_of_the_vendors_that_cannot_be_read_is_tried_again_later_and_given_up(
    database: Database, telegram: FakeTelegram, talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = TelegramTransport(make_bot(telegram.token, telegram.url))

    async def unreadable(*_: Any) -> str:
        raise KeyError("result")

    monkeypatch.setattr(transport, "send", unreadable)
    monkeypatch.setattr(worker, "pause", lambda *_: 0.01)
    monkeypatch.setattr(dispatcher, "_SWEEP_EVERY", 0.05)
    found = Dispatcher(database, Reception(KEY, 200, 100), {"telegram": transport}, talk, 100)
    await found.start()
    await found.take_in(_message(1))
    for _ in range(300):
        if len(database.now(outbox.dead_letters)) == 2:
            break
        await asyncio.sleep(0.1)
    assert [letter.error for letter in database.now(outbox.dead_letters)] == ["given up after 14 attempts: unreadable answer: KeyError"] * 2
    await found.stop()


async def test_nothing_is_answered_before_the_model_is_loaded(database: Database, telegram: FakeTelegram, talk: Talk, tmp_path: Path) -> None:
    loaded = False
    transport = TelegramTransport(make_bot(telegram.token, telegram.url))
    found = Dispatcher(database, Reception(KEY, 200, 100), {"telegram": transport}, talk, 100, ready=lambda: loaded)
    await found.start()
    user = telegram.user(1)
    assert await found.take_in(_message(1)) is Receipt.TAKEN
    await asyncio.sleep(1.5)
    assert talk.texts == []
    loaded = True
    await asyncio.to_thread(user.wait_for, 2)
    await found.stop()


async def test_who_says_stop_while_an_answer_is_being_made_gets_only_the_last_word(
    database: Database, telegram: FakeTelegram, talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = TelegramTransport(make_bot(telegram.token, telegram.url))
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*arguments: Any) -> list[Reply]:
        asked.set()
        await go_on.wait()
        return await talk(*arguments)

    found = Dispatcher(database, Reception(KEY, 200, 100), {"telegram": transport}, slowly, 100)
    await found.start()
    user = telegram.user(1)
    await found.take_in(_message(1))
    await asked.wait()
    await found.take_in(Inbound("telegram", "stop", "1", event=events.OPT_OUT))
    go_on.set()
    await asyncio.to_thread(user.wait_for, 1)
    await asyncio.sleep(1.5)
    assert ["START" in message.text for message in user.sent] == [True]
    await found.stop()
