"""The clock is put back: nothing waits for the old time to come again."""

import time
from typing import Any

import pytest

from bot.delivery import clock, leases, outbox
from bot.delivery.bursts import TOGETHER, Piece, gather
from bot.delivery.messages import Inbound, Reply
from bot.delivery.receipt import Reception
from bot.storage.database import Database

KEY = b"k" * 32
WAS, IS = 2_000_000.0, 1_996_400.0


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the time of day; the time since the start of the machine goes on."""

    def set_(now: float) -> None:
        monkeypatch.setattr(time, "time", lambda: now)

    return set_


def test_a_clock_put_back_is_noticed_once_and_one_put_forward_never(at: Any) -> None:
    at(WAS)
    watch = clock.Clock()
    assert not watch.put_back()
    at(IS)
    assert watch.put_back()
    assert not watch.put_back()
    at(WAS)
    assert not watch.put_back()
    at(WAS - 1)  # clocks are corrected by as much all the time
    assert not watch.put_back()


def test_what_waited_by_the_old_time_is_due(database: Database, at: Any) -> None:
    reception = Reception(KEY, 1000, 100)
    at(WAS)
    assert database.now(reception.take, Inbound("telegram", "1", "1", "salam")).value == "taken"
    sender = reception.sender(Inbound("telegram", "1", "1", "salam"))
    database.now(outbox.answer, sender, "telegram", [], [Reply("bonjour")])
    at(IS)
    assert database.now(outbox.waiting, sender) == []
    assert database.now(outbox.next_unsent, sender) is None
    database.now(clock.catch_up, 2 * (WAS - IS))
    assert database.now(outbox.waiting, sender) == []
    database.now(clock.catch_up, 0.0)
    assert [message.received.text for message in database.now(outbox.waiting, sender)] == ["salam"]
    unsent = database.now(outbox.next_unsent, sender)
    assert unsent is not None
    assert unsent.reply.text == "bonjour"


def test_a_dead_process_s_lease_ends_soon(database: Database, at: Any) -> None:
    at(WAS)
    assert database.now(leases.take, "somebody", "dead")
    at(IS)
    database.now(clock.catch_up, 0.0)
    assert not database.now(leases.take, "somebody", "alive")
    at(IS + leases.SECONDS + 1)
    assert database.now(leases.take, "somebody", "alive")


def test_a_lease_by_the_old_time_holds_nobody_up_where_no_process_looks_after_the_clock(database: Database, at: Any) -> None:
    at(WAS)
    assert database.now(leases.take, "somebody", "dead")
    at(IS)
    assert database.now(leases.take, "somebody", "alive")


@pytest.mark.parametrize("late", [0.0, 0.3, -0.3])
def test_a_piece_waits_for_the_next_although_two_machines_clocks_differ_a_little(late: float) -> None:
    assert gather([Piece("salam", WAS, True)], now=WAS + late) == (1, pytest.approx(TOGETHER - late))


def test_a_piece_from_before_the_clock_was_put_back_waits_for_nothing() -> None:
    assert gather([Piece("salam", WAS, True)], now=IS) == (1, 0.0)
