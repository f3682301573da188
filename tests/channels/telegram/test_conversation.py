"""Telegram from one end to the other: updates brought to the webhook, Rasa, answers checked against the Bot API's specification."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.telegram.channel import SECRET_HEADER
from bot.privacy.pseudonym import pseudonym
from bot.storage.tables import contacts, inbox
from tests.chambers.tools import VALUES, share
from tests.connected import SECRET, Connected
from tests.vendors.faults import Fault, Kind
from tests.vendors.telegram_user import TelegramUser

pytestmark = [pytest.mark.server, pytest.mark.model]

_numbers = itertools.count(1000)
QUESTION = "Combien de personnes faut-il pour créer une coopérative ?"


@pytest.fixture
def user(connected: Connected) -> TelegramUser:
    """Somebody new, who was told about privacy already."""
    found = connected.telegram.user(next(_numbers))
    found.text("Bonjour, que pouvez-vous faire ?")
    found.wait_for(2)
    return found


def _said(user: TelegramUser, before: int, count: int = 1) -> list[Any]:
    user.wait_for(before + count)
    return user.sent[before:]


def _sender(connected: Connected, user: TelegramUser) -> str:
    return pseudonym("telegram", str(user.id), connected.dalil.settings.key())


def test_the_first_answer_is_followed_by_a_short_notice_once(connected: Connected) -> None:
    user = connected.telegram.user(next(_numbers))
    user.text(QUESTION)
    user.wait_for(2)
    assert "5" in user.sent[0].text
    assert "/privacy" in user.sent[1].text
    user.text("Quel est le capital minimum d'une coopérative ?")
    user.wait_for(3)
    time.sleep(0.3)
    assert len(user.sent) == 3


def test_a_button_is_confirmed_at_once_and_answered(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    user.text(QUESTION)
    (answer,) = _said(user, before)
    confirmed = len(connected.telegram.answered)
    user.press(answer.choices[0]["title"], of=answer)
    (shown,) = _said(user, before + 1)
    assert shown.text != answer.text
    assert len(connected.telegram.answered) == confirmed + 1


def test_a_button_of_somebody_else_does_nothing_but_say_so(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    user.text(QUESTION)
    (answer,) = _said(user, before)
    thief = connected.telegram.user(next(_numbers))
    thief.press(answer.buttons[0][0].data)
    thief.wait_for(1)
    assert "vérifié le" not in thief.sent[0].text


def test_the_pieces_of_a_burst_are_one_question(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    for piece in ("salam", "bghit nsewlek", "ch7al khassni dyal nass bach ndir ta3awniya"):
        user.text(piece)
    (answer,) = _said(user, before)
    assert "5" in answer.text
    time.sleep(0.5)
    assert len(user.sent) == before + 1


async def test_four_quick_messages_are_answered_in_order_without_waiting_for_one_another(
    connected: Connected, user: TelegramUser, assistant: Any, measured: Callable[[str], None]
) -> None:
    before = len(user.sent)
    questions = [
        QUESTION,
        "Quel est le capital minimum d'une coopérative ?",
        "Qui dirige une coopérative ?",
        "Combien de personnes faut-il pour une association ?",
    ]
    began = time.perf_counter()
    for question in questions:
        user.text(question)
    answers = await asyncio.to_thread(_said, user, before, 4)
    measured(f"four quick messages: {time.perf_counter() - began:.2f} s")
    # Rasa's own lock makes each wait for the next full second: the fourth would come after three.
    assert time.perf_counter() - began < 3.0
    assert [answer.text for answer in answers] == [(await assistant.say("four-quick", question)).text for question in questions]


def test_the_commands_each_have_their_answer(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    commands = ["/start", "/help", "/menu", "/language", "/privacy", "/human"]
    for number, name in enumerate(commands):
        user.command(name)
        user.wait_for(before + number + 1)
    assert len({message.text for message in user.sent[before:]}) == len(commands)


def test_a_french_telephone_is_greeted_in_french_and_the_links_code_is_kept(connected: Connected) -> None:
    share(connected.database, "souk-taroudant")
    user = connected.telegram.user(next(_numbers), language_code="fr")
    user.command("/start souk-taroudant")
    user.wait_for(1)
    assert user.sent[0].text.startswith("Bonjour")
    assert str(VALUES["name_fr"]) in user.sent[0].text
    user.text("où est le tribunal à Meknès ?")
    user.wait_for(4)
    assert any(str(VALUES["phone"]) in message.text for message in user.sent[1:])
    row = connected.database.now(lambda c: c.execute(select(contacts.c.start_code).where(contacts.c.sender == _sender(connected, user))).scalar_one())
    assert row == "souk-taroudant"


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker", "contact", "document"])
def test_what_is_not_text_gets_a_friendly_answer(connected: Connected, user: TelegramUser, kind: str) -> None:
    before = len(user.sent)
    getattr(user, kind)()
    (answer,) = _said(user, before)
    assert answer.text
    assert answer.choices


def test_a_shared_location_leads_to_the_offices_there(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    user.location(34.68, -1.91)
    (offices,) = _said(user, before)
    user.press(next(choice["title"] for choice in offices.choices if "ODCO" in choice["title"]), of=offices)
    assert "Oujda" in _said(user, before + 1)[0].text


def test_an_edited_message_is_answered_anew(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    update = user.text("Combien de personnes pour une association ?")
    first = _said(user, before)[0].text
    user.edit(update["message"]["message_id"], QUESTION)
    assert _said(user, before + 1)[0].text != first


def test_a_group_is_asked_to_write_in_private_and_a_channel_is_left_alone(connected: Connected, user: TelegramUser) -> None:
    sent = len(connected.telegram.sent)
    for update in (user.update_in_channel("bonjour"), user.update_in_group("bonjour tout le monde"), user.update_unknown(), user.update_inline_query("x")):
        assert connected.telegram.deliver(update, connected.telegram_webhook, SECRET) == 200
    time.sleep(0.5)
    assert len(connected.telegram.sent) == sent


def test_a_very_long_text_gets_a_friendly_answer(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    user.text("coopérative " * 340)
    assert _said(user, before)[0].text


def test_a_replayed_update_is_acknowledged_and_does_nothing(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    update = user.text(QUESTION)
    _said(user, before)
    for _ in range(3):
        assert connected.telegram.deliver(update, connected.telegram_webhook, SECRET) == 200
    time.sleep(0.5)
    assert len(user.sent) == before + 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "é" * 32])
def test_a_forged_update_is_refused_and_leaves_no_trace(connected: Connected, user: TelegramUser, secret: str | None) -> None:
    def count() -> int:
        return len(connected.database.now(lambda c: c.execute(select(inbox.c.id)).all()))

    before = count()
    headers = {} if secret is None else {SECRET_HEADER: secret.encode().decode("latin-1")}
    update = {"update_id": 10**9, "message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "x"}}
    status, _, _ = connected.dalil.request("/webhooks/telegram/webhook", json.dumps(update).encode(), headers)
    assert status == 403
    assert count() == before


def test_who_blocks_the_bot_is_not_written_to_again(connected: Connected, user: TelegramUser) -> None:
    connected.telegram.faults.add(Fault(Kind.FORBIDDEN, method="sendMessage"))
    user.text(QUESTION)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        row = connected.database.now(lambda c: c.execute(select(contacts.c.blocked_at).where(contacts.c.sender == _sender(connected, user))).scalar_one())
        if row:
            break
        time.sleep(0.05)
    tried = sum(call.method == "sendMessage" for call in connected.telegram.calls)
    time.sleep(1.5)
    assert row
    assert sum(call.method == "sendMessage" for call in connected.telegram.calls) == tried


@pytest.mark.parametrize(
    ("kind", "copies"),
    [(Kind.RETRY_AFTER, 1), (Kind.SERVER_ERROR, 1), (Kind.DROP, 1), (Kind.SLOW, 1), (Kind.DROP_AFTER, 2)],
    ids=lambda value: value.name if isinstance(value, Kind) else str(value),
)
def test_a_fault_of_telegrams_loses_nothing(connected: Connected, user: TelegramUser, kind: Kind, copies: int) -> None:
    """Only when Telegram took the message and the connection broke before its answer is it sent again: nobody can know."""
    before = len(user.sent)
    connected.telegram.faults.add(Fault(kind, method="sendMessage", seconds=1))
    user.text(QUESTION)
    answers = _said(user, before, copies)
    time.sleep(0.5)
    assert [answer.text for answer in user.sent[before:]] == [answers[0].text] * copies


def test_the_pause_that_telegram_asks_for_is_kept(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    connected.telegram.faults.add(Fault(Kind.RETRY_AFTER, method="sendMessage", seconds=2))
    user.text(QUESTION)
    _said(user, before)
    tries = [call for call in connected.telegram.calls if call.method == "sendMessage"][-2:]
    assert (tries[0].status, tries[1].status) == (429, 200)
    assert tries[1].at - tries[0].at >= 2.0


def test_delete_my_data_really_deletes(connected: Connected, user: TelegramUser) -> None:
    before = len(user.sent)
    user.text("supprimez toutes mes données")
    (asked,) = _said(user, before)
    user.press("Oui, tout effacer", of=asked)
    (said,) = _said(user, before + 1)
    assert "effacés" in said.text
    sender = _sender(connected, user)
    deadline = time.monotonic() + 5
    left = -1
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = connected.database.now(
            lambda c: sum(
                c.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {column} = ?", (sender,)).scalar_one()
                for table, column in (("events", "sender_id"), ("inbox", "sender"), ("outbox", "sender"), ("contacts", "sender"))
            )
        )
    assert left == 0


def test_too_many_messages_get_one_friendly_answer(connected: Connected) -> None:
    user = connected.telegram.user(next(_numbers))
    for number in range(20):
        user.text(f"Combien de personnes faut-il pour {number} coopératives ?")
    user.wait_for(14)
    time.sleep(1.5)
    assert sum("beaucoup de messages" in message.text for message in user.sent) == 1
    assert len(user.sent) == 14


def test_nothing_of_a_person_is_in_logs_or_database(connected: Connected) -> None:
    user = connected.telegram.user(987654321012, first_name="Khadija-Zohra")
    user.text("mon numéro est 0661234567 et ma CIN AB123456, combien de membres pour une coopérative ?")
    user.wait_for(2)
    folder = connected.dalil.settings.data_dir
    stored = b"".join(path.read_bytes() for path in [*folder.glob("dalil.db*"), *(folder / "log").glob("*.log")])
    secrets = ("0661234567", "AB123456", "987654321012", "Khadija", connected.telegram.token, connected.twilio.auth_token, SECRET)
    assert [secret for secret in secrets if secret.encode() in stored] == []
