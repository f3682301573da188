"""Corrections: what reviewers found wrong, decided upon by a second person; the lines that are to be learnt next."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot import learnt
from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.learning import runs
from bot.console.learning.corrections import Case, Waiting, cases, learnable, undecided_turns, waiting
from bot.console.learning.forms import ApproveForm, StartForm
from bot.console.learning.models import ACTIVE, Correction, Run
from bot.console.learning.refusals import broken
from bot.knowledge.records import KnowledgeError
from bot.learnt import LearntLine
from bot.settings import settings
from bot.training import is_current

#: Turns on a page; those declined last, which can be taken up again.
_PAGE = 20
_DECLINED = 10


@requires(roles.APPROVE)
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    """The turns to decide upon, the oldest first."""
    page = Paginator(undecided_turns(), _PAGE).get_page(request.GET.get("page"))
    entries = [(case, ApproveForm(case, request.user)) for case in cases(list(page))]
    audit.record(request.user, "corrections.read", count=len(entries), turns=[case.turn.pk for case, _form in entries])
    decided = {
        "waiting": Correction.objects.filter(state=Correction.State.APPROVED).count(),
        "declined": Correction.objects.filter(state=Correction.State.DECLINED).select_related("decided_by").order_by("-at")[:_DECLINED],
    }
    return render(request, "learning/corrections.html", {"entries": entries, "page": page, "tab": "corrections", **decided})


def _case(request: StaffRequest, turn: int) -> Case | None:
    """A turn to decide upon; None, and a word to staff, where somebody just did.

    Raises:
        Http404: there is nothing to decide about it.
    """
    found = cases([turn])
    if found:
        return found[0]
    if not Correction.objects.filter(turn=turn).exists():
        raise Http404
    messages.warning(request, _("Quelqu'un d'autre vient de décider pour ce message."))
    return None


@requires(roles.APPROVE)
@require_POST
def approve(request: StaffRequest, turn: int) -> HttpResponseBase:
    """Have a line learnt in the next run."""
    case = _case(request, turn)
    if case is None:
        return redirect("learning")
    form = ApproveForm(case, request.user, request.POST)
    if not form.is_valid() or form.review is None:
        audit.record(request.user, "corrections.read", count=1, turns=[turn])
        return render(request, "learning/correction.html", {"case": case, "form": form, "tab": "corrections"}, status=422)
    chosen, text, variety = form.review, form.cleaned_data["text"], form.cleaned_data["variety"]
    _decide(request, case, review=chosen, text=text, variety=variety, kind=chosen.meant, target=chosen.target, state=Correction.State.APPROVED)
    return redirect("learning")


@requires(roles.APPROVE)
@require_POST
def decline(request: StaffRequest, turn: int) -> HttpResponseBase:
    """Learn nothing from a turn."""
    case = _case(request, turn)
    if case is None:
        return redirect("learning")
    first = case.opinions[0]
    values = {"text": case.turn.text, "variety": case.turn.variety, "kind": first.kind, "target": first.target}
    _decide(request, case, review=first.reviews[0], state=Correction.State.DECLINED, **values)
    return redirect("learning")


def _decide(request: StaffRequest, case: Case, **values: Any) -> None:
    try:
        with transaction.atomic():
            made = Correction.objects.create(turn=case.turn.pk, sender=case.turn.conversation_id, decided_by=request.user, **values)
    except IntegrityError:
        messages.warning(request, _("Quelqu'un d'autre vient de décider pour ce message."))
        return
    audit.record(request.user, f"correction.{made.state}", str(case.turn.pk), meant=made.kind, asked=made.target)
    approved = made.state == Correction.State.APPROVED
    messages.success(request, _("La phrase est approuvée : elle attend le prochain entraînement.") if approved else _("La correction est écartée."))


@requires(roles.APPROVE)
@require_POST
def withdraw(request: StaffRequest, number: int) -> HttpResponseBase:
    """Undo a decision that was not learnt yet: the turn is to be decided upon again."""
    correction = get_object_or_404(Correction, pk=number)
    withdrawn, _rows = Correction.objects.filter(pk=number).exclude(state=Correction.State.LEARNT).delete()
    if not withdrawn:  # it was learnt, perhaps at this moment
        raise Http404
    audit.record(request.user, "correction.withdrawn", str(correction.turn))
    messages.success(request, _("La correction attend de nouveau une décision."))
    return redirect("learning" if correction.state == Correction.State.DECLINED else "learning_next")


@dataclass(frozen=True)
class DiffLine:
    """A line of a difference: its text, and whether it was added, removed, or neither."""

    text: str
    tone: str


def _written(lines: list[LearntLine]) -> str:
    """The file with these lines; without any there need not be one."""
    return learnt.written(lines) if lines else ""


def difference(before: str, after: str) -> list[DiffLine]:
    """What changes in the file of learnt lines, as a unified diff without its head."""
    tones = {"+": "added", "-": "removed"}
    compared = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [DiffLine(line, tones.get(line[0], "") if line else "") for line in list(compared)[2:]]


@requires(roles.APPROVE)
@require_GET
def upcoming(request: StaffRequest) -> HttpResponseBase:
    """The lines that the next run learns, and what they change in the file of learnt lines."""
    entries: list[Waiting] = []
    lines: list[DiffLine] = []
    fault = ""
    try:
        entries = waiting()
        used = learnt.read(learnt.file(settings()))
        lines = difference(_written(used), _written([*used, *(one.line for one in learnable(entries))]))
    except KnowledgeError as error:
        fault = broken(error)
    runs.give_up_the_dead()
    audit.record(request.user, "lines.read", count=len(entries))
    context = {"entries": entries, "difference": lines, "fault": fault, "ready": learnable(entries), "current": is_current(settings()), "tab": "next"}
    context["start"] = StartForm()
    return render(request, "learning/next.html", {**context, "active": Run.objects.filter(state__in=ACTIVE).first()})
