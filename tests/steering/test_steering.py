"""Switch and notice as they stand in the database, and how soon every process knows; the same on SQLite and on PostgreSQL."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.delivery import outbox
from bot.delivery.messages import Reply
from bot.privacy import erasure
from bot.steering import notices, switch, watch
from bot.steering.notices import told
from bot.steering.watch import Steering, Watch
from bot.storage.database import Database
from bot.storage.tables import notices as notices_table
from bot.storage.tables import outbox as outbox_table

TEXTS = {"fr": "Les bureaux sont fermés.", "ar": "المكاتب مغلقة.", "ary": "البيروات سادين."}
OTHER = {**TEXTS, "fr": "Les bureaux sont ouverts."}
FATIMA, DRISS = "telegram:fatima", "web:driss"


@pytest.fixture
def other_process(database: Database) -> Iterator[Database]:
    """The same database as another process opens it."""
    found = Database(database._engine.url.render_as_string(hide_password=False))
    yield found
    found.close()


def _publish(database: Database, texts: dict[str, str] = TEXTS, seconds: float = 3600.0, by: str = "amina") -> int:
    return database.now(notices.publish, texts, time.time() + seconds, by).id


# --- the switch


def test_dalil_is_on_until_somebody_switches_it_off(database: Database) -> None:
    assert not database.now(switch.state).off
    assert database.now(switch.turn, True, "amina")
    state = database.now(switch.state)
    assert (state.off, state.by) == (True, "amina")
    assert state.since == pytest.approx(time.time(), abs=5)
    assert database.now(switch.turn, False, "brahim")
    assert database.now(switch.state).by == "brahim"


@pytest.mark.parametrize("off", [True, False])
def test_switching_twice_changes_nothing(database: Database, off: bool) -> None:
    database.now(switch.turn, True, "amina")
    database.now(switch.turn, off, "amina")
    before = database.now(switch.state)
    assert not database.now(switch.turn, off, "brahim")
    assert database.now(switch.state) == before


def test_switching_on_what_was_never_off_changes_nothing(database: Database) -> None:
    assert not database.now(switch.turn, False, "amina")


async def test_another_process_knows_within_two_seconds(database: Database, other_process: Database) -> None:
    seen = Watch(other_process)
    assert await seen.now() == Steering()
    database.now(switch.turn, True, "amina")
    number = _publish(database)
    await _until(seen, Steering(True, number))
    database.now(switch.turn, False, "amina")
    database.now(notices.withdraw)
    await _until(seen, Steering())


async def _until(seen: Watch, wanted: Steering) -> None:
    deadline = time.monotonic() + 2
    while await seen.now() != wanted:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_it_is_read_once_a_second_however_many_ask(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    monkeypatch.setattr(watch, "read", lambda connection: reads.append(1) or Steering())
    seen = Watch(database)
    for _ in range(20):
        await seen.now()
    assert len(reads) == 1


async def test_while_the_database_fails_what_was_known_last_holds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "EVERY", 0.0)
    database.now(switch.turn, True, "amina")
    seen = Watch(database)
    assert (await seen.now()).off

    def away(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    with monkeypatch.context() as failing:
        failing.setattr(database, "now", away)
        assert (await seen.now()).off
        assert await Watch(database).now() == Steering(), "nothing was known: Dalil answers"
    database.now(switch.turn, False, "amina")
    assert not (await seen.now()).off


# --- the notice


def test_a_notice_holds_until_its_time_is_over(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _publish(database)
    notice = database.now(notices.current)
    assert (notice.id, notice.texts, notice.by) == (number, TEXTS, "amina")
    now = time.time()
    monkeypatch.setattr(notices.time, "time", lambda: now + 3601)
    assert database.now(notices.current) is None
    assert not database.now(notices.is_due, number, FATIMA, None)


def test_another_notice_takes_the_place_of_the_first(database: Database) -> None:
    first, second = _publish(database), _publish(database, OTHER)
    assert first != second
    assert database.now(notices.current).id == second
    assert database.now(notices.withdraw) == second
    assert database.now(notices.current) is None
    assert database.now(notices.withdraw) is None


def test_each_person_is_told_once(database: Database) -> None:
    number = _publish(database)
    assert database.now(notices.is_due, number, FATIMA, None)
    database.now(notices.mark_seen, number, FATIMA, None)
    assert not database.now(notices.is_due, number, FATIMA, None)
    assert database.now(notices.is_due, number, DRISS, None)


def test_another_text_is_told_again_another_end_is_not(database: Database) -> None:
    number = _publish(database)
    database.now(notices.mark_seen, number, FATIMA, None)
    assert _publish(database, TEXTS, seconds=7200) == number
    assert not database.now(notices.is_due, number, FATIMA, None)
    changed = _publish(database, OTHER)
    assert database.now(notices.is_due, changed, FATIMA, None)
    assert _publish(database, TEXTS) == number, "a text that was withdrawn and is put back is the same notice"
    assert not database.now(notices.is_due, number, FATIMA, None)


def test_the_same_text_weeks_later_is_news(database: Database) -> None:
    number = _publish(database)
    database.now(notices.mark_seen, number, FATIMA, None)
    database.now(notices.withdraw)
    database.now(lambda c: c.execute(notices_table.update().values(ends_at=time.time() - 2 * 86_400)))
    again = _publish(database)
    assert again != number
    assert database.now(notices.is_due, again, FATIMA, None)


def test_a_notice_that_never_arrived_is_said_again(database: Database) -> None:
    number = _publish(database)
    database.now(notices.mark_seen, number, FATIMA, 7)
    database.now(outbox.answer, FATIMA, "whatsapp", [], [Reply("Avis")])
    unsent = database.now(outbox.next_unsent, FATIMA)
    database.now(lambda c: c.execute(outbox_table.update().values(inbox_id=7)))
    database.now(outbox.bury, unsent.id, "refused")
    assert database.now(notices.is_due, number, FATIMA, None)


def test_with_a_message_that_is_answered_again_the_notice_is_said_again(database: Database) -> None:
    number = _publish(database)
    database.now(notices.mark_seen, number, FATIMA, 7)
    assert database.now(notices.is_due, number, FATIMA, 7), "the first answer was lost"
    assert not database.now(notices.is_due, number, FATIMA, 8)


def test_who_has_seen_a_notice_is_forgotten_with_the_person(database: Database) -> None:
    number = _publish(database)
    for sender in (FATIMA, DRISS):
        database.now(notices.mark_seen, number, sender, None)
    assert database.now(erasure.erase, FATIMA).others == {"notices_seen": 1}
    assert database.now(notices.is_due, number, FATIMA, None)
    assert not database.now(notices.is_due, number, DRISS, None)


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"language": "fr"}, TEXTS["fr"]),
        ({"language": "ar", "language_guess": "fr"}, TEXTS["ar"]),
        ({"chosen_language": "ary", "language": "fr"}, TEXTS["ary"]),
        ({"language_guess": "fr"}, TEXTS["fr"]),
        ({}, f"{TEXTS['ary']}\n\n{TEXTS['fr']}"),
    ],
)
def test_a_notice_is_said_in_the_language_of_the_conversation(slots: dict[str, str], said: str) -> None:
    assert told(TEXTS, slots) == said
