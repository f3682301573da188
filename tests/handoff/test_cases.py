"""Cases: somebody asked for a person, the bot keeps silent, staff answer; the same on SQLite and on PostgreSQL."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.delivery import outbox
from bot.handoff import cases, send
from bot.handoff.cases import PERSON, STAFF, UnknownCase
from bot.handoff.send import CannotBeReached, answer_case
from bot.privacy import erasure
from bot.privacy.access import stored
from bot.storage.database import Database
from bot.storage.tables import case_messages, contacts
from bot.storage.tables import cases as case_table
from bot.storage.tables import outbox as outbox_table

FATIMA, DRISS = "telegram:fatima", "whatsapp:driss"
PAUSE = 3600.0
SUMMARY = {"place": "Taroudant", "said": ["شحال خاص ديال الناس؟"]}


def _open(database: Database, sender: str = FATIMA, wish: str = "أريد التحدث مع شخص", channel: str | None = None, pause: float = PAUSE) -> tuple[int, bool]:
    return database.now(cases.open_case, sender, channel or sender.split(":")[0], "ar", wish, SUMMARY, pause)


def _lines(database: Database, number: int) -> list[tuple[str, str]]:
    return [(line.author, line.text) for line in database.now(cases.lines, number)]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds pass."""
    now = time.time()

    def pass_(seconds: float) -> None:
        monkeypatch.setattr(cases.time, "time", lambda: now + seconds)

    pass_(0.0)
    return pass_


# --- opening


def test_a_case_holds_who_asked_where_for_what_and_what_was_known(database: Database, later: Callable[[float], None]) -> None:
    number, is_new = _open(database)
    case = database.now(cases.get, number)
    assert is_new
    assert (case.id, case.sender, case.channel, case.state, case.language) == (number, FATIMA, "telegram", "waiting", "ar")
    assert (case.wish, case.summary, case.unread) == ("أريد التحدث مع شخص", SUMMARY, 1)
    assert case.opened_at == pytest.approx(time.time())
    assert case.paused_until == pytest.approx(case.opened_at + PAUSE)
    assert _lines(database, number) == [(PERSON, "أريد التحدث مع شخص")]


def test_a_case_without_a_wish_has_no_message_yet(database: Database) -> None:
    number, _ = _open(database, wish="")
    assert _lines(database, number) == []
    assert database.now(cases.get, number).unread == 0


def test_a_second_request_adds_to_the_open_case(database: Database) -> None:
    number, _ = _open(database, wish="un")
    assert _open(database, wish="deux") == (number, False)
    assert _lines(database, number) == [(PERSON, "un"), (PERSON, "deux")]
    assert len(database.now(cases.waiting)) == 1


@pytest.mark.parametrize(("state", "then"), [("handed_back", "waiting"), ("taken", "taken")])
def test_who_asks_again_waits_again_unless_somebody_has_taken_the_case(database: Database, state: str, then: str) -> None:
    number, _ = _open(database)
    database.now(cases.settle, number, state)
    assert _open(database, wish="encore") == (number, False)
    assert database.now(cases.get, number).state == then
    assert database.now(cases.get, number).wish == "encore"
    assert database.now(cases.paused, FATIMA) == number


def test_after_a_closed_case_a_new_one_is_opened(database: Database) -> None:
    first, _ = _open(database)
    database.now(cases.settle, first, "closed")
    second, is_new = _open(database)
    assert is_new
    assert second > first


def test_each_person_has_a_case_of_their_own(database: Database) -> None:
    assert _open(database)[0] != _open(database, DRISS)[0]
    assert database.now(cases.paused, "telegram:nobody") is None


# --- silence


def test_the_bot_keeps_silent_while_the_case_waits_and_only_so_long(database: Database, later: Callable[[float], None]) -> None:
    number, _ = _open(database)
    assert database.now(cases.paused, FATIMA) == number
    later(PAUSE - 1)
    assert database.now(cases.paused, FATIMA) == number
    later(PAUSE + 1)
    assert database.now(cases.paused, FATIMA) is None
    assert [case.id for case in database.now(cases.waiting)] == [number]  # staff still see it


def test_a_new_request_begins_the_silence_anew(database: Database, later: Callable[[float], None]) -> None:
    number, _ = _open(database)
    later(PAUSE + 1)
    _open(database, wish="encore")
    assert database.now(cases.paused, FATIMA) == number
    later(2 * PAUSE)
    assert database.now(cases.paused, FATIMA) == number


def test_the_person_may_want_the_bot_again(database: Database) -> None:
    number, _ = _open(database)
    other, _ = _open(database, DRISS)
    database.now(cases.unpause, FATIMA)
    assert database.now(cases.paused, FATIMA) is None
    assert database.now(cases.paused, DRISS) == other
    assert [case.id for case in database.now(cases.waiting)] == [number, other]


def test_a_reply_takes_the_case_and_keeps_the_bot_silent(database: Database, later: Callable[[float], None]) -> None:
    number, _ = _open(database)
    later(PAUSE + 10)
    assert database.now(cases.reply, number, "Bonjour", PAUSE).id == number
    assert database.now(cases.get, number).state == "taken"
    assert database.now(cases.paused, FATIMA) == number
    later(2 * PAUSE + 20)
    assert database.now(cases.paused, FATIMA) is None


def test_a_case_handed_back_is_open_but_the_bot_speaks(database: Database) -> None:
    number, _ = _open(database)
    database.now(cases.settle, number, "handed_back")
    assert database.now(cases.paused, FATIMA) is None
    assert [(case.id, case.state) for case in database.now(cases.waiting)] == [(number, "handed_back")]


def test_a_closed_case_is_done_with(database: Database) -> None:
    number, _ = _open(database)
    assert database.now(cases.settle, number, "closed").id == number
    assert database.now(cases.paused, FATIMA) is None
    assert database.now(cases.waiting) == []
    assert [case.state for case in database.now(cases.waiting, True)] == ["closed"]
    with pytest.raises(UnknownCase):
        database.now(cases.reply, number, "trop tard", PAUSE)
    assert STAFF not in [author for author, _ in _lines(database, number)]


def test_staff_may_write_in_a_case_that_was_handed_back(database: Database) -> None:
    number, _ = _open(database)
    database.now(cases.settle, number, "handed_back")
    database.now(cases.reply, number, "encore une chose", PAUSE)
    assert database.now(cases.paused, FATIMA) == number


@pytest.mark.parametrize(
    "work", [cases.get, lambda c, n: cases.reply(c, n, "x", PAUSE), lambda c, n: cases.settle(c, n, "closed"), lambda c, n: answer_case(c, n, "x", PAUSE)]
)
def test_a_case_that_does_not_exist_is_unknown(database: Database, work: Callable[..., Any]) -> None:
    with pytest.raises(UnknownCase):
        database.now(work, 999)


def test_who_waits_longest_comes_first(database: Database, later: Callable[[float], None]) -> None:
    later(-100)
    first, _ = _open(database, DRISS)
    later(0)
    second, _ = _open(database)
    assert [case.id for case in database.now(cases.waiting)] == [first, second]


# --- what is written


def test_what_they_write_meanwhile_is_kept_and_told_once(database: Database) -> None:
    number, _ = _open(database)
    assert database.now(cases.add, number, "un")
    assert database.now(cases.add, number, "un"), "a turn that is tried again tells, and keeps nothing twice"
    database.now(cases.mark_told, FATIMA)
    assert [database.now(cases.add, number, text) for text in ("deux", "trois")] == [False, False]
    assert _lines(database, number)[1:] == [(PERSON, "un"), (PERSON, "deux"), (PERSON, "trois")]
    assert database.now(cases.get, number).unread == 4


def test_once_staff_write_nothing_more_is_told(database: Database) -> None:
    number, _ = _open(database)
    database.now(cases.reply, number, "Bonjour", PAUSE)
    assert database.now(cases.get, number).unread == 0
    assert [database.now(cases.add, number, text) for text in ("merci", "et encore")] == [False, False]
    assert database.now(cases.get, number).unread == 2


@pytest.mark.parametrize("between", ["time-out", "unpause", "handed_back"])
def test_in_a_new_silence_it_is_told_again(database: Database, later: Callable[[float], None], between: str) -> None:
    number, _ = _open(database)
    assert database.now(cases.add, number, "un")
    if between == "time-out":
        later(PAUSE + 1)
    elif between == "unpause":
        database.now(cases.unpause, FATIMA)
    else:
        database.now(cases.settle, number, "handed_back")
    _open(database, wish="encore une fois")
    assert database.now(cases.add, number, "deux")


def test_messages_stand_in_the_order_of_writing(database: Database) -> None:
    number, _ = _open(database, wish="a")
    database.now(cases.add, number, "b")
    database.now(cases.reply, number, "c", PAUSE)
    database.now(cases.add, number, "d")
    assert _lines(database, number) == [(PERSON, "a"), (PERSON, "b"), (STAFF, "c"), (PERSON, "d")]


def test_the_web_page_collects_what_staff_wrote_once(database: Database) -> None:
    number, _ = _open(database, "web:page", channel="web")
    other, _ = _open(database)
    for text in ("Bonjour", "Vous êtes où ?"):
        database.now(cases.reply, number, text, PAUSE)
    database.now(cases.reply, other, "pour Fatima", PAUSE)
    assert database.now(cases.collect, "web:page") == ["Bonjour", "Vous êtes où ?"]
    assert database.now(cases.collect, "web:page") == []
    database.now(cases.reply, number, "Encore", PAUSE)
    assert database.now(cases.collect, "web:page") == ["Encore"]


def test_the_last_words_of_a_closed_case_can_still_be_collected(database: Database) -> None:
    number, _ = _open(database, "web:page", channel="web")
    database.now(cases.reply, number, "Au revoir", PAUSE)
    database.now(cases.settle, number, "closed")
    _open(database, "web:page", channel="web")
    assert database.now(cases.collect, "web:page") == ["Au revoir"]


def test_there_is_nothing_to_collect_for_somebody_without_a_case(database: Database) -> None:
    assert database.now(cases.collect, "web:nobody") == []


# --- what is stored of somebody


def test_erasing_takes_the_cases_with_their_messages_and_leaves_those_of_others(database: Database) -> None:
    closed, _ = _open(database)
    database.now(cases.settle, closed, "closed")
    number, _ = _open(database)
    database.now(cases.add, number, "mon numéro")
    other, _ = _open(database, DRISS)
    erased = database.now(erasure.erase, FATIMA)
    assert (erased.cases, erased.total) == (2, 2)
    assert [case.id for case in database.now(cases.waiting, True)] == [other]
    assert database.now(lambda c: c.execute(select(case_messages.c.case_id)).scalars().all()) == [other]
    with pytest.raises(UnknownCase):
        database.now(cases.get, number)


def test_a_number_of_an_erased_case_is_never_used_again(database: Database) -> None:
    number, _ = _open(database)
    database.now(erasure.erase, FATIMA)
    assert _open(database)[0] > number


def test_people_are_shown_what_was_written_in_their_cases(database: Database) -> None:
    number, _ = _open(database, wish="je veux parler")
    database.now(cases.reply, number, "Bonjour", PAUSE)
    _open(database, DRISS, wish="autre chose")
    shown = database.now(stored, FATIMA)
    case, *written = [line.split(" ", 2)[2] for line in shown]
    assert case.startswith(f"case {number} (taken), wish: je veux parler; known when it was opened: ")
    assert written == [f"case {number}, person: je veux parler", f"case {number}, staff: Bonjour"]


def test_old_cases_are_forgotten_once_they_are_closed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number, _ = _open(database)
    still_open, _ = _open(database, DRISS)
    database.now(cases.settle, number, "closed")
    assert database.now(erasure.purge, 180, 365).cases == 0
    now = time.time()
    monkeypatch.setattr(erasure.time, "time", lambda: now + 181 * 86_400)
    assert database.now(erasure.purge, 180, 365).cases == 1
    assert [case.id for case in database.now(cases.waiting, True)] == [still_open]


# --- sending


def _contact(database: Database, sender: str, silent_for: float = 0.0, **fields: float) -> None:
    seen = time.time() - silent_for
    row = {"sender": sender, "channel": sender.split(":")[0], "address": "x", "first_seen": seen, "last_inbound": seen, "greeted": True, **fields}
    database.now(lambda c: c.execute(contacts.insert().values(**row)))


def _unsent(database: Database) -> list[tuple[str, str]]:
    return database.now(lambda c: [tuple(row) for row in c.execute(select(outbox_table.c.sender, outbox_table.c.channel))])


@pytest.mark.parametrize("sender", [FATIMA, DRISS])
def test_what_staff_write_goes_where_the_person_wrote(database: Database, sender: str) -> None:
    number, _ = _open(database, sender)
    _contact(database, sender)
    assert database.now(answer_case, number, "مرحبا بكم", PAUSE).sender == sender
    assert _unsent(database) == [(sender, sender.split(":")[0])]
    assert database.now(outbox.next_unsent, sender).reply.text == "مرحبا بكم"
    assert _lines(database, number)[-1] == (STAFF, "مرحبا بكم")
    assert database.now(cases.get, number).state == "taken"


def test_the_web_page_fetches_by_itself(database: Database) -> None:
    number, _ = _open(database, "web:page", channel="web")
    database.now(answer_case, number, "Bonjour", PAUSE)
    assert _unsent(database) == []
    assert database.now(cases.collect, "web:page") == ["Bonjour"]


@pytest.mark.parametrize(
    ("sender", "contact", "complaint"),
    [
        (FATIMA, None, "not known any more"),
        (FATIMA, {"blocked_at": 1.0}, "blocked the bot"),
        (FATIMA, {"opted_out_at": 1.0}, "asked for no messages"),
        (DRISS, {"opted_out_at": 1.0}, "asked for no messages"),
        (DRISS, {"silent_for": 24 * 3600.0}, "older than 24 hours"),
        (DRISS, {"silent_for": 24 * 3600.0 - 30}, "older than 24 hours"),
    ],
)
def test_who_cannot_be_reached_is_not_written_to_and_nothing_changes(database: Database, sender: str, contact: dict[str, float] | None, complaint: str) -> None:
    number, _ = _open(database, sender)
    if contact is not None:
        _contact(database, sender, **contact)
    before = (database.now(cases.get, number), _lines(database, number))
    with pytest.raises(CannotBeReached, match=complaint):
        database.now(answer_case, number, "Bonjour", PAUSE)
    assert (database.now(cases.get, number), _lines(database, number)) == before
    assert _unsent(database) == []
    assert database.now(lambda c: c.execute(select(func.count()).select_from(case_table)).scalar_one()) == 1


def test_a_closed_case_is_not_answered(database: Database) -> None:
    number, _ = _open(database)
    _contact(database, FATIMA)
    database.now(cases.settle, number, "closed")
    with pytest.raises(UnknownCase):
        database.now(answer_case, number, "Bonjour", PAUSE)
    assert _unsent(database) == []


@pytest.mark.parametrize(("sender", "silent_for"), [(DRISS, 23 * 3600.0), (FATIMA, 30 * 86_400.0)])
def test_only_whatsapp_has_its_24_hours(database: Database, sender: str, silent_for: float) -> None:
    number, _ = _open(database, sender)
    _contact(database, sender, silent_for)
    database.now(answer_case, number, "Bonjour", PAUSE)
    assert len(_unsent(database)) == 1


def test_whatsapps_24_hours_run_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number, _ = _open(database, DRISS)
    _contact(database, DRISS)
    database.now(answer_case, number, "un", PAUSE)
    now = time.time()
    monkeypatch.setattr(send.time, "time", lambda: now + 86_400)
    with pytest.raises(CannotBeReached):
        database.now(answer_case, number, "deux", PAUSE)
    assert _lines(database, number)[-1] == (STAFF, "un")
    assert len(_unsent(database)) == 1
