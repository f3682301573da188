"""When staff are there: how it is written, when somebody answers, and what people are told."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import TIME_ZONE, Span, is_open, next_opening, parse, when_text
from bot.language.variety import REPLY_LANGUAGES

OFFICE = "Mon-Thu 09:00-12:00; Mon-Thu 14:00-16:30; Fri 09:00-11:30"
#: 23 November 2026 is a Monday.
MONDAY, FRIDAY, SATURDAY, SUNDAY = 23, 27, 28, 29


def _at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=TIME_ZONE)


# --- how it is written


def test_days_and_times_are_read() -> None:
    assert parse("Mon-Tue 09:00-16:30; Sat 09:00-12:00") == [
        Span(0, dt.time(9), dt.time(16, 30)),
        Span(1, dt.time(9), dt.time(16, 30)),
        Span(5, dt.time(9), dt.time(12)),
    ]


@pytest.mark.parametrize("text", ["mon-fri 09:00-16:30", "MON-FRI 09:00-16:30", "  Mon-Fri   09:00-16:30 ;", ";; Mon-Fri 09:00-16:30"])
def test_case_spaces_and_empty_parts_do_not_matter(text: str) -> None:
    assert parse(text) == parse("Mon-Fri 09:00-16:30")
    assert len(parse(text)) == 5


def test_times_stand_in_order_however_they_are_written() -> None:
    assert parse("Fri 09:00-10:00; Mon 14:00-15:00; Mon 08:00-09:00") == parse("Mon 08:00-09:00; Mon 14:00-15:00; Fri 09:00-10:00")


@pytest.mark.parametrize("text", ["", "   ", ";", " ; ; "])
def test_no_hours_are_no_fault(text: str) -> None:
    assert parse(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "always",
        "Mon",
        "Mon 9:00-16:00",
        "Mon 09:00",
        "Mon 09:00 - 16:00",
        "Lun 09:00-16:00",
        "Mon-Dim 09:00-16:00",
        "Mon-Fri 09:00-16:30, Sat 09:00-12:00",
        "Mon-Fri 09h00-16h30",
        "Mon 09:00-25:00",
        "Mon 09:60-10:00",
        "Mon 99:99-99:99",
    ],
)
def test_what_is_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@pytest.mark.parametrize("text", ["Mon 16:00-09:00", "Mon 09:00-09:00", "Fri-Mon 09:00-16:00", "Sun-Sat 09:00-16:00"])
def test_what_ends_before_it_begins_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        parse(text)


def test_the_fault_is_named() -> None:
    with pytest.raises(ValueError, match="'sat morning' is not written like"):
        parse("Mon-Fri 09:00-16:30; Sat morning")


# --- open and closed


@pytest.mark.parametrize(
    ("day", "hour", "minute", "there"),
    [
        (MONDAY, 8, 59, False),
        (MONDAY, 9, 0, True),
        (MONDAY, 11, 59, True),
        (MONDAY, 12, 0, False),
        (MONDAY, 13, 0, False),
        (MONDAY, 14, 0, True),
        (MONDAY, 16, 30, False),
        (FRIDAY, 11, 29, True),
        (FRIDAY, 14, 30, False),
        (SATURDAY, 10, 0, False),
        (SUNDAY, 10, 0, False),
    ],
)
def test_somebody_is_there_from_opening_until_just_before_closing(day: int, hour: int, minute: int, there: bool) -> None:
    assert is_open(parse(OFFICE), _at(day, hour, minute)) is there


def test_without_hours_nobody_is_there() -> None:
    assert not is_open([], _at(MONDAY, 10))


# --- the next opening


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (_at(MONDAY, 7), _at(MONDAY, 9)),
        (_at(MONDAY, 9), _at(MONDAY, 14)),
        (_at(MONDAY, 12, 30), _at(MONDAY, 14)),
        (_at(MONDAY, 17), _at(MONDAY + 1, 9)),
        (_at(FRIDAY, 12), _at(MONDAY, 9) + dt.timedelta(days=7)),  # across the weekend
        (_at(SATURDAY, 10), _at(MONDAY, 9) + dt.timedelta(days=7)),
        (_at(SUNDAY, 23, 59), _at(MONDAY, 9) + dt.timedelta(days=7)),
    ],
)
def test_the_next_opening(now: dt.datetime, opening: dt.datetime) -> None:
    assert next_opening(parse(OFFICE), now) == opening


def test_once_a_week_the_next_opening_is_a_week_away() -> None:
    once = parse("Wed 10:00-12:00")
    assert next_opening(once, _at(MONDAY + 2, 10)) == _at(MONDAY + 2, 10) + dt.timedelta(days=7)
    assert next_opening(once, _at(MONDAY + 2, 9)) == _at(MONDAY + 2, 10)


def test_without_hours_there_is_no_next_opening() -> None:
    assert next_opening([], _at(MONDAY, 10)) is None


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)))
def test_the_next_opening_is_ahead_within_a_week_and_somebody_is_there(moment: dt.datetime) -> None:
    spans, now = parse(OFFICE), moment.replace(tzinfo=TIME_ZONE)
    opening = next_opening(spans, now)
    assert opening is not None
    assert dt.timedelta(0) < opening.replace(tzinfo=None) - now.replace(tzinfo=None) <= dt.timedelta(days=7)
    assert is_open(spans, opening)


def test_hours_are_moroccos_own() -> None:
    assert str(TIME_ZONE) == "Africa/Casablanca"
    assert _at(MONDAY, 9).utcoffset() == dt.timedelta(hours=1)


# --- what people are told


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (_at(MONDAY, 10), "Une personne vous répond ici, en général avant 12:00."),
        (_at(MONDAY, 15), "Une personne vous répond ici, en général avant 16:30."),
        (_at(MONDAY, 13), "Une personne vous répondra ici à partir de lundi à 14:00."),
        (_at(FRIDAY, 12), "Une personne vous répondra ici à partir de lundi à 09:00."),
        (_at(SATURDAY, 12), "Une personne vous répondra ici à partir de lundi à 09:00."),
    ],
)
def test_when_a_person_answers(now: dt.datetime, text: str) -> None:
    assert when_text(parse(OFFICE), now, "fr") == text


@pytest.mark.parametrize(
    ("language", "there", "later"),
    [
        ("ar", "سيجيبكم شخص هنا، عادة قبل الساعة 12:00.", "سيجيبكم شخص هنا ابتداء من الاثنين على الساعة 09:00."),
        ("ary", "غادي يجاوبكم شي واحد هنا، عادة قبل 12:00.", "غادي يجاوبكم شي واحد هنا من نهار التنين فـ 09:00."),
    ],
)
def test_when_a_person_answers_in_arabic(language: str, there: str, later: str) -> None:
    assert when_text(parse(OFFICE), _at(MONDAY, 10), language) == there
    assert when_text(parse(OFFICE), _at(FRIDAY, 20), language) == later


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_without_hours_no_time_is_promised(language: str) -> None:
    text = when_text([], _at(MONDAY, 10), language)
    assert text
    assert not re.search(r"\d", text)


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_at_every_hour_of_the_week_a_sentence_is_said(language: str) -> None:
    for hour in range(7 * 24):
        text = when_text(parse(OFFICE), _at(MONDAY, 0) + dt.timedelta(hours=hour), language)
        assert re.search(r"\d\d:\d\d", text)
        assert "{" not in text
        assert bool(re.search("[\u0621-\u064a]", text)) == (language != "fr")
