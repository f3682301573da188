"""The cases as the inbox lists them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from bot.console.accounts.models import Staff
from bot.console.conversations.models import CaseMessage, CaseRow
from bot.console.desk.holders import holders
from bot.console.desk.models import CaseTaken
from bot.console.desk.waiting import Mark, unread, waits_since, waits_too_long
from bot.handoff.cases import OPEN, PERSON
from bot.hours import parse
from bot.settings import settings

#: What the inbox may show.
SHOWN = {"open": _("Ouvertes"), "mine": _("Les miennes"), "all": _("Toutes")}
STATES = {"waiting": _("attend"), "taken": _("prise"), "handed_back": _("rendue au bot"), "closed": _("fermée")}
#: The reply languages, as staff read them.
LANGUAGES = {"fr": _("français"), "ar": _("arabe"), "ary": _("darija")}
#: Closed cases on a page.
PAGE = 50
#: So soon after it was written, a message has just come.
JUST_NOW = 60.0


@dataclass(frozen=True)
class Entry:
    """A case in the inbox.

    Attributes:
        case: its row.
        since: since when somebody waits, in seconds since 1970; None for somebody who does not.
        just_now: whether that is less than a minute ago.
        too_long: whether it is more than an hour of opening time.
        unread: how many messages staff have not answered.
        silent: whether the bot keeps silent at the moment.
        holder: who of the staff looks after it, or did last.
    """

    case: CaseRow
    since: float | None
    just_now: bool
    too_long: bool
    unread: int
    silent: bool
    holder: Staff | None

    @property
    def state(self) -> str:
        """The case's state in words."""
        return str(STATES.get(self.case.state, self.case.state))

    @property
    def language(self) -> str:
        """The reply language in words."""
        return str(LANGUAGES.get(self.case.language, self.case.language))


def listed(staff: Staff, shown: str, before: int | None) -> tuple[list[Entry], int | None]:
    """The cases to list: the open ones as they are to be answered, then, where all are wanted, the closed ones, the latest first.

    Args:
        staff: who looks.
        shown: one of `SHOWN`.
        before: only closed cases with smaller numbers; None for the first page.

    Returns:
        The entries, and the `before` of the next page if there is one.
    """
    open_ = CaseRow.objects.filter(state__in=OPEN)
    if shown == "mine":
        open_ = open_.filter(id__in=CaseTaken.objects.filter(staff=staff).values("number"))
    if shown != "all":
        return ordered(entries(open_)), None
    closed = CaseRow.objects.exclude(state__in=OPEN).order_by("-id")
    if before is not None:
        closed = closed.filter(id__lt=before)
    page = list(closed[: PAGE + 1])
    first = [] if before is not None else ordered(entries(open_))
    return [*first, *entries(page[:PAGE])], page[PAGE - 1].id if len(page) > PAGE else None


def entries(cases: Iterable[CaseRow]) -> list[Entry]:
    """What the inbox shows of each case."""
    found = list(cases)
    numbers = [case.id for case in found]
    marks: dict[int, list[Mark]] = {number: [] for number in numbers}
    for number, at, author in CaseMessage.objects.filter(case_id__in=numbers).order_by("id").values_list("case_id", "at", "author"):
        marks[number].append((at, author))
    taken, now, spans = holders(numbers), time.time(), parse(settings().office_hours)
    made = []
    for case in found:
        since = waits_since(case.state, case.opened_at, marks[case.id])
        made.append(
            Entry(
                case=case,
                since=since,
                just_now=since is not None and now - since < JUST_NOW,
                too_long=since is not None and waits_too_long(since, now, spans),
                unread=unread(case.state, marks[case.id]),
                silent=is_silent(case.state, case.paused_until, now),
                holder=taken[case.id].staff if case.id in taken else None,
            )
        )
    return made


def is_silent(state: str, paused_until: float | None, now: float) -> bool:
    """Whether the bot keeps silent (bot/handoff/cases.py: paused)."""
    return state in ("waiting", "taken") and paused_until is not None and paused_until > now


def ordered(found: Iterable[Entry]) -> list[Entry]:
    """Those with unread messages first, then those who wait without one, then the others; within each the longest waiting first."""

    def rank(entry: Entry) -> tuple[bool, bool, float, int]:
        return not entry.unread, entry.since is None, entry.since or entry.case.opened_at, entry.case.id

    return sorted(found, key=rank)


def waiting_count() -> int:
    """How many cases wait for staff or hold messages that staff have not answered."""
    last = CaseMessage.objects.filter(case=OuterRef("pk")).order_by("-id").values("author")[:1]
    with_staff = CaseRow.objects.filter(state__in=("waiting", "taken")).annotate(last_author=Subquery(last))
    return with_staff.filter(Q(state="waiting") | Q(last_author=PERSON)).count()
