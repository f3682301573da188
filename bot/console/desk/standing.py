"""How a case stands at a moment: who waits since when, whether the bot is silent. The inbox and the page of a case say the same of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bot.console.conversations.models import CaseRow
from bot.console.desk.waiting import WITH_STAFF, Mark, unread, waits_since, waits_too_long
from bot.handoff.cases import Case
from bot.hours import parse
from bot.settings import settings

STATES = {"waiting": _("attend"), "taken": _("prise"), "handed_back": _("rendue au bot"), "closed": _("fermée")}
#: The reply languages, as staff read them.
LANGUAGES = {"fr": _("français"), "ar": _("arabe"), "ary": _("darija")}
#: So soon after it was written, a message has just come, in seconds.
_JUST_NOW = 60.0


@dataclass(frozen=True)
class Standing:
    """How a case stands.

    Attributes:
        state: its state in words.
        language: the reply language in words.
        since: since when somebody waits, in seconds since 1970; None for somebody who does not.
        just_now: whether that is less than a minute ago.
        too_long: whether it is more than an hour of opening time.
        unread: how many messages staff have not answered.
        silent: whether the bot keeps silent at the moment (bot/handoff/cases.py: paused).
    """

    state: str
    language: str
    since: float | None
    just_now: bool
    too_long: bool
    unread: int
    silent: bool


def standing(case: Case | CaseRow, marks: Sequence[Mark], now: float | None = None) -> Standing:
    """How a case stands.

    Args:
        case: which.
        marks: when who wrote in it, in order.
        now: the moment, in seconds since 1970; None for this one.
    """
    now = time.time() if now is None else now
    since = waits_since(case.state, case.opened_at, marks)
    return Standing(
        state=str(STATES.get(case.state, case.state)),
        language=str(LANGUAGES.get(case.language, case.language)),
        since=since,
        just_now=since is not None and now - since < _JUST_NOW,
        too_long=since is not None and waits_too_long(since, now, parse(settings().office_hours)),
        unread=unread(case.state, marks),
        silent=case.state in WITH_STAFF and case.paused_until is not None and case.paused_until > now,
    )
