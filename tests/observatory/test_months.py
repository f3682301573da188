"""When a month can be published."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.observatory.months import SHORTEST_KEEP, Month, State, coming, due, state

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_month_is_written_and_read() -> None:
    assert Month.parse("2026-09") == SEPTEMBER
    assert str(SEPTEMBER) == "2026-09"
    assert (SEPTEMBER.first, SEPTEMBER.last) == (day("2026-09-01"), day("2026-09-30"))
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2028, 2).last == day("2028-02-29")


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-9", "26-09", "2026-09-01", "2026-00", "٢٠٢٦-٠٩ "])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not written like 2026-09"):
        Month.parse(text)


def test_a_month_is_due_a_week_after_its_end() -> None:
    assert state(SEPTEMBER, day("2026-10-07"), 180) is State.TOO_EARLY
    assert state(SEPTEMBER, day("2026-10-08"), 180) is State.DUE


def test_a_month_of_which_some_is_deleted_is_published_no_more() -> None:
    """On 28 February, what is older than 180 days ends in the course of 1 September."""
    assert day("2027-02-28") - dt.timedelta(days=180) == SEPTEMBER.first
    assert state(SEPTEMBER, day("2027-02-27"), 180) is State.DUE
    assert state(SEPTEMBER, day("2027-02-28"), 180) is State.TOO_LATE


def test_with_conversations_kept_for_long_enough_every_month_is_due_once() -> None:
    month = Month(2027, 1)
    while month < Month(2030, 1):
        assert state(month, month.due_from, SHORTEST_KEEP) is State.DUE
        month = month.next
    assert state(Month(2027, 1), Month(2027, 1).due_from, SHORTEST_KEEP - 1) is State.TOO_LATE


def test_due_are_whole_months_since_the_first_conversation_that_are_not_published() -> None:
    assert due(day("2026-08-20"), [], day("2026-11-07"), 180) == [Month(2026, 8), SEPTEMBER]
    assert due(day("2026-08-20"), [Month(2026, 8)], day("2026-11-08"), 180) == [SEPTEMBER, OCTOBER]
    assert due(day("2026-08-20"), [], day("2026-11-08"), 50) == [OCTOBER]
    assert due(day("2026-11-01"), [], day("2026-11-30"), 180) == []
    assert due(None, [], day("2026-11-30"), 180) == []


def test_which_month_comes_next() -> None:
    assert coming(day("2026-10-07")) == SEPTEMBER
    assert coming(day("2026-10-08")) == OCTOBER
    assert coming(day("2027-01-01")) == Month(2026, 12)
