"""The cases as the inbox lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from bot.console.accounts.models import Staff
from bot.console.conversations.models import CaseMessage, CaseRow
from bot.console.desk.holders import holders
from bot.console.desk.models import CaseTaken
from bot.console.desk.standing import Standing, standing
from bot.console.desk.waiting import WITH_STAFF, Mark
from bot.handoff.cases import OPEN, PERSON

#: What the inbox may show.
SHOWN = {"open": _("Ouvertes"), "mine": _("Les miennes"), "all": _("Toutes")}
#: Closed cases on a page.
PAGE = 50


@dataclass(frozen=True)
class Entry:
    """A case in the inbox.

    Attributes:
        case: its row.
        standing: how it stands.
        holder: who of the staff looks after it, or did last.
    """

    case: CaseRow
    standing: Standing
    holder: Staff | None


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
    taken = holders(numbers)
    return [Entry(case, standing(case, marks[case.id]), taken[case.id].staff if case.id in taken else None) for case in found]


def ordered(found: Iterable[Entry]) -> list[Entry]:
    """Those with unread messages first, then those who wait without one, then the others; within each the longest waiting first."""

    def rank(entry: Entry) -> tuple[bool, bool, float, int]:
        since = entry.standing.since
        return not entry.standing.unread, since is None, since or entry.case.opened_at, entry.case.id

    return sorted(found, key=rank)


def waiting_count() -> int:
    """How many cases wait for staff or hold messages that staff have not answered."""
    last = CaseMessage.objects.filter(case=OuterRef("pk")).order_by("-id").values("author")[:1]
    with_staff = CaseRow.objects.filter(state__in=WITH_STAFF).annotate(last_author=Subquery(last))
    return with_staff.filter(Q(state="waiting") | Q(last_author=PERSON)).count()
