"""When staff are there: "Mon-Fri 09:00-16:30; Sat 09:00-12:00", in the office's own time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

#: Morocco's time: one hour ahead of UTC but in Ramadan (decree 2.18.855).
TIME_ZONE = ZoneInfo("Africa/Casablanca")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<opens>\d{2}:\d{2})-(?P<closes>\d{2}:\d{2})")


@dataclass(frozen=True)
class Span:
    """A time of a day of the week at which somebody is there; Monday is 0."""

    day: int
    opens: dt.time
    closes: dt.time


def parse(text: str) -> list[Span]:
    """The times in a setting.

    Raises:
        ValueError: when it is not written as in the example above.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.lower().split(";"))):
        span = _SPAN.fullmatch(part)
        if span is None or not {span["first"], span["last"] or span["first"]} <= set(_DAYS):
            raise ValueError(f"'{part}' is not written like 'Mon-Fri 09:00-16:30'")
        first, last = _DAYS.index(span["first"]), _DAYS.index(span["last"] or span["first"])
        opens, closes = dt.time.fromisoformat(span["opens"]), dt.time.fromisoformat(span["closes"])
        if opens >= closes or first > last:
            raise ValueError(f"'{part}' ends before it begins")
        found += [Span(day, opens, closes) for day in range(first, last + 1)]
    return sorted(found, key=lambda each: (each.day, each.opens))


def _current(spans: list[Span], now: dt.datetime) -> Span | None:
    """The time that it is in; None when nobody is there."""
    return next((span for span in spans if span.day == now.weekday() and span.opens <= now.time() < span.closes), None)


def is_open(spans: list[Span], now: dt.datetime) -> bool:
    """Whether somebody is there."""
    return _current(spans, now) is not None


def next_opening(spans: list[Span], now: dt.datetime) -> dt.datetime | None:
    """When somebody is there next, within a week; None without hours."""
    for days in range(8):
        day = now.date() + dt.timedelta(days=days)
        for span in spans:
            begins = dt.datetime.combine(day, span.opens, now.tzinfo)
            if span.day == day.weekday() and begins > now:
                return begins
    return None


_WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "ary": ("التنين", "التلات", "الأربع", "الخميس", "الجمعة", "السبت", "الحد"),
}
_NOW = {
    "fr": "Une personne vous répond ici, en général avant {closes}.",
    "ar": "سيجيبكم شخص هنا، عادة قبل الساعة {closes}.",
    "ary": "غادي يجاوبكم شي واحد هنا، عادة قبل {closes}.",
}
_THEN = {
    "fr": "Une personne vous répondra ici à partir de {day} à {opens}.",
    "ar": "سيجيبكم شخص هنا ابتداء من {day} على الساعة {opens}.",
    "ary": "غادي يجاوبكم شي واحد هنا من نهار {day} فـ {opens}.",
}
_SOME_TIME = {"fr": "Une personne vous répondra ici.", "ar": "سيجيبكم شخص هنا.", "ary": "غادي يجاوبكم شي واحد هنا."}


def when_text(spans: list[Span], now: dt.datetime, language: str) -> str:
    """When a person answers, in a sentence."""
    if here := _current(spans, now):
        return _NOW[language].format(closes=here.closes.strftime("%H:%M"))
    opening = next_opening(spans, now)
    if opening is None:
        return _SOME_TIME[language]
    return _THEN[language].format(day=_WEEKDAYS[language][opening.weekday()], opens=opening.strftime("%H:%M"))
