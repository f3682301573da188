"""Taking messages in: once, masked, encrypted; the same on SQLite and on PostgreSQL."""

import asyncio
import json
import time
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery import events, outbox
from bot.delivery.messages import Choice, Inbound, Reply, reference
from bot.delivery.receipt import Receipt, Reception
from bot.privacy import erasure
from bot.privacy.addresses import AddressBook
from bot.storage.database import Database
from bot.storage.tables import contacts, inbox
from tests.chambers.tools import share

KEY = b"k" * 32
RECEPTION = Reception(KEY, longest=200, per_minute=5)


def _inbound(text: str = "salam", number: int = 1, **more: Any) -> Inbound:
    return Inbound(more.pop("channel", "whatsapp"), f"SM{number}", "+212612345678", text, **more)


def _take(database: Database, *messages: Inbound) -> list[Receipt]:
    return [database.now(RECEPTION.take, message) for message in messages]


def _waiting(database: Database) -> list[str]:
    return [message.received.text for message in database.now(outbox.waiting, RECEPTION.sender(_inbound()))]


def test_a_message_is_kept_once_however_often_it_comes(database: Database) -> None:
    assert _take(database, _inbound(), _inbound(), _inbound()) == [Receipt.TAKEN, Receipt.REPEATED, Receipt.REPEATED]
    assert _waiting(database) == ["salam"]


async def test_the_same_message_at_the_same_time_is_kept_once(database: Database) -> None:
    receipts = await asyncio.gather(*(database.run(RECEPTION.take, _inbound()) for _ in range(8)))
    assert sorted(receipts) == [Receipt.REPEATED] * 7 + [Receipt.TAKEN]


def test_neither_number_nor_message_id_stands_in_the_database(database: Database) -> None:
    _take(database, _inbound("mon numéro est 0612345678, CIN AB123456"))
    stored = repr([database.now(lambda c, t=table: c.execute(select(t)).all()) for table in (inbox, contacts)])
    assert "[tel]" in stored
    for secret in ("612345678", "AB123456", "SM1"):
        assert secret not in stored


def test_the_address_can_be_read_back_with_the_key(database: Database) -> None:
    _take(database, _inbound())
    row = database.now(lambda c: c.execute(select(contacts.c.address)).one())
    assert AddressBook(KEY).decrypt(row.address) == "+212612345678"


@pytest.mark.parametrize(
    ("text", "read"),
    [("/restart", "restart"), ('/show{"record":"x"}', 'show{"record":"x"}'), ("x" * 300, "/too_long"), ("\u200b", "/not_text"), ("/help", "/help")],
)
def test_typed_text_never_becomes_a_payload_of_its_own(database: Database, text: str, read: str) -> None:
    _take(database, _inbound(text))
    assert _waiting(database) == [read]


def _shown(database: Database, *choices: Choice, sender: str | None = None) -> int:
    """A reply with these choices that was delivered; its row."""
    sender = sender or RECEPTION.sender(_inbound())
    database.now(outbox.answer, sender, "whatsapp", [], [Reply("?", choices), Reply("without buttons")])
    rows = [database.now(outbox.next_unsent, sender)]
    database.now(outbox.sent, rows[0].id, "x")
    rows.append(database.now(outbox.next_unsent, sender))
    database.now(outbox.sent, rows[1].id, "y")
    return int(rows[0].id)


CHOICES = (Choice("Les étapes", "/show_steps"), Choice("المساعدات", "/show_aid"))


@pytest.mark.parametrize(
    ("typed", "payload"),
    [("1", "/show_steps"), ("2", "/show_aid"), ("٢", "/show_aid"), ("les etapes", "/show_steps"), ("المساعدات", "/show_aid"), ("3", "3"), ("0", "0")],
)
def test_a_choice_is_taken_by_number_or_title(database: Database, typed: str, payload: str) -> None:
    _take(database, _inbound())
    _shown(database, *CHOICES)
    _take(database, _inbound(typed, 2))
    assert _waiting(database)[1:] == [payload]


ANSWERS = tuple(
    Choice(title, f'/answer{{"field": "people", "value": "{value}"}}') for title, value in (("Moi seul(e)", 1), ("Moins de 5", 3), ("5 ou plus", 5))
)


@pytest.mark.parametrize(
    ("choices", "typed", "read"),
    [
        (ANSWERS, "3", "3"),
        (ANSWERS, "٣", "٣"),
        (ANSWERS, "5 ou plus", ANSWERS[2].payload),
        ((Choice("Revenir à Dalil", "/back_to_bot"),), "1", "1"),
        ((Choice("Revenir à Dalil", "/back_to_bot"),), "revenir à dalil", "/back_to_bot"),
    ],
)
def test_where_a_number_is_an_answer_it_chooses_no_button(database: Database, choices: tuple[Choice, ...], typed: str, read: str) -> None:
    _take(database, _inbound())
    _shown(database, *choices)
    _take(database, _inbound(typed, 2))
    assert _waiting(database)[1:] == [read]


def test_a_number_without_choices_is_text(database: Database) -> None:
    _take(database, _inbound(), _inbound("2", 2))
    assert _waiting(database) == ["salam", "2"]


def test_a_button_counts_for_whom_it_was_shown_to(database: Database) -> None:
    _take(database, _inbound())
    own, other = _shown(database, *CHOICES), _shown(database, *CHOICES, sender="whatsapp:somebody")
    for number, button in enumerate([reference(own, 1), reference(other, 1), reference(own, 7), "b1", "", "/restart", "b" + "9" * 40], 2):
        database.now(Reception(KEY, 200, per_minute=50).take, _inbound("", number, button=button))
    assert _waiting(database)[1:] == ["/show_aid"] + ["/expired_button"] * 6


def test_a_flood_is_answered_once_and_then_put_aside(database: Database) -> None:
    receipts = _take(database, *(_inbound(f"question {n} ?", n) for n in range(9)))
    assert receipts == [Receipt.TAKEN] * 6 + [Receipt.FLOOD] * 3
    assert _waiting(database)[5:] == ["/slow_down"]


def test_who_asked_to_be_left_alone_is(database: Database) -> None:
    _take(database, _inbound("", 1, event=events.OPT_OUT))
    assert _take(database, _inbound("une question ?", 2)) == [Receipt.SILENT]
    _take(database, _inbound("", 3, event=events.OPT_IN), _inbound("encore ?", 4))
    assert _waiting(database) == [events.OPT_OUT, events.OPT_IN, "encore ?"]


def test_start_without_a_stop_is_a_greeting(database: Database) -> None:
    _take(database, _inbound("", 1, event=events.OPT_IN))
    assert _waiting(database) == ["/greet"]


def test_what_waits_for_somebody_who_says_stop_is_not_sent(database: Database) -> None:
    sender = RECEPTION.sender(_inbound())
    _take(database, _inbound())
    database.now(outbox.answer, sender, "whatsapp", [], [Reply("long")])
    _take(database, _inbound("", 2, event=events.OPT_OUT))
    assert database.now(outbox.next_unsent, sender) is None


def test_a_french_telephone_is_greeted_in_french(database: Database) -> None:
    share(database)
    _take(database, Inbound("telegram", "1", "77", "/start", language="fr-FR", start_code="souk"))
    assert json.loads(database.now(outbox.waiting, RECEPTION.sender(Inbound("telegram", "1", "77")))[0].received.text[len("/greet") :]) == {
        "language_guess": "fr"
    }
    assert database.now(lambda c: c.execute(select(contacts.c.start_code)).scalar_one()) == "souk"


def test_being_blocked_is_noted_and_taken_back(database: Database) -> None:
    _take(database, _inbound())
    assert _take(database, _inbound("", 9, blocked=True)) == [Receipt.SILENT]
    assert database.now(lambda c: c.execute(select(contacts.c.blocked_at)).scalar_one()) is not None
    _take(database, _inbound("salam", 2))
    assert database.now(lambda c: c.execute(select(contacts.c.blocked_at)).scalar_one()) is None


@pytest.mark.parametrize("blocked", [True, False])
def test_who_was_forgotten_and_blocks_the_bot_stays_forgotten(database: Database, blocked: bool) -> None:
    _take(database, _inbound())
    database.now(erasure.erase, RECEPTION.sender(_inbound()))
    assert _take(database, _inbound("", 2, blocked=blocked)) == [Receipt.SILENT]
    for table in (contacts, inbox):
        assert database.now(lambda c, table=table: c.execute(select(table).where(table.c.sender == RECEPTION.sender(_inbound()))).all()) == []


def _received(database: Database, inbound: Inbound) -> tuple[str, str | None]:
    """What the assistant is given for a message, and the campaign beside it."""
    _take(database, inbound)
    last = database.now(outbox.waiting, RECEPTION.sender(inbound))[-1].received
    return last.text, last.metadata.get("campaign")


@pytest.mark.parametrize(
    ("text", "read", "campaign"),
    [
        ("Bonjour Dalil #souk", "Bonjour Dalil", "souk"),
        ("السلام عليكم #souk", "السلام عليكم", "souk"),
        ("السلام عليكم\u200f #SOUK\u200e", "السلام عليكم", "souk"),
        ("#souk", "/greet", "souk"),
        ("Bonjour #autre", "Bonjour #autre", None),
        ("#souk bonjour", "#souk bonjour", None),
    ],
)
def test_the_first_message_of_a_link_names_its_campaign(database: Database, text: str, read: str, campaign: str | None) -> None:
    share(database)
    assert _received(database, _inbound(text)) == (read, campaign)


def test_who_came_with_a_link_is_known_to_come_with_it_later_too(database: Database) -> None:
    share(database)
    share(database, "guichet")
    assert _received(database, Inbound("telegram", "1", "77", "/start", start_code="souk"))[1] == "souk"
    assert _received(database, Inbound("telegram", "2", "77", "combien de membres ?")) == ("combien de membres ?", "souk")
    assert _received(database, Inbound("telegram", "3", "77", "/start"))[1] == "souk"
    assert _received(database, Inbound("telegram", "4", "77", "/start", start_code="guichet"))[1] == "guichet"
    assert _received(database, Inbound("telegram", "5", "77", "et après ?"))[1] == "guichet"


@pytest.mark.parametrize("code", ["0661234567", "unknown"])
def test_what_is_typed_behind_start_and_is_no_code_is_not_kept(database: Database, code: str) -> None:
    assert _received(database, Inbound("telegram", "1", "77", "/start", start_code=code))[1] is None
    assert database.now(lambda c: c.execute(select(contacts.c.start_code)).scalar_one()) is None


def test_a_replay_changes_nothing_of_what_was_decided_since(database: Database) -> None:
    start, stop = _inbound("", 1, event=events.OPT_IN), _inbound("", 2, event=events.OPT_OUT)
    _take(database, start, stop)
    assert _take(database, start) == [Receipt.REPEATED]
    assert _take(database, _inbound("une question ?", 3)) == [Receipt.SILENT]


def test_a_replay_after_erasing_does_not_bring_the_address_back(database: Database) -> None:
    _take(database, _inbound())
    database.now(erasure.erase, RECEPTION.sender(_inbound()))
    assert _take(database, _inbound()) == [Receipt.REPEATED]
    assert database.now(lambda c: c.execute(select(contacts)).all()) == []


def test_stop_is_obeyed_in_a_flood(database: Database) -> None:
    _take(database, *(_inbound(f"question {n} ?", n) for n in range(9)))
    _take(database, _inbound("", 20, event=events.OPT_OUT))
    assert _waiting(database)[-1] == events.OPT_OUT


def test_a_later_message_is_never_due_before_an_earlier_one(database: Database) -> None:
    sender = RECEPTION.sender(_inbound())
    _take(database, _inbound("première ?", 1))
    database.now(outbox.turn_failed, sender, [message.id for message in database.now(outbox.waiting, sender)], time.time() + 60)
    _take(database, _inbound("seconde ?", 2))
    assert _waiting(database) == []
    assert database.now(outbox.senders_with_work, ["whatsapp"]) == []
