"""Who of the staff looks after a case."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from bot.console.accounts.models import Staff
from bot.console.desk.models import CaseTaken
from bot.handoff.cases import Case


def holders(numbers: Iterable[int]) -> dict[int, CaseTaken]:
    """Who looks after each of these cases, or did last."""
    return {taken.number: taken for taken in CaseTaken.objects.filter(number__in=list(numbers)).select_related("staff")}


def take(staff: Staff, case: Case, instead_of: int | None) -> Staff:
    """Have somebody look after a case, unless another was faster.

    Args:
        staff: who wants it.
        case: the case.
        instead_of: the account that had it when `staff` asked; None where none had.

    Returns:
        Who has it now.
    """
    theirs = CaseTaken.objects.filter(number=case.id, staff__pk=-1 if instead_of is None else instead_of)
    if not theirs.update(staff=staff, at=timezone.now()):
        CaseTaken.objects.get_or_create(number=case.id, defaults={"sender": case.sender, "staff": staff, "at": timezone.now()})
    return holders([case.id])[case.id].staff


def took(staff: Staff, case: Case) -> None:
    """Note that somebody looks after a case from now on, whoever did before."""
    CaseTaken.objects.update_or_create(number=case.id, defaults={"sender": case.sender, "staff": staff, "at": timezone.now()})
