"""Judging a turn: verdict, what was meant, tags."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.conversations.models import Turn
from bot.console.review import judging, seen
from bot.console.review.boxes import Box, box, offered
from bot.console.review.forms import MeantForm, TagForm, VerdictForm, record_in
from bot.console.review.models import Queue, Review, Tag, TurnTag, Verdict
from bot.console.review.views.one import back, note_read, queue_of, show, typed_turn


def _box(request: StaffRequest, shown: Box, template: str = "review/_box.html") -> HttpResponseBase:
    return render(request, template, {"box": shown})


@requires(roles.REVIEW)
@require_GET
def turn(request: StaffRequest, number: int) -> HttpResponseBase:
    """The box of a turn with what was meant, to fill in; without JavaScript the turn in its conversation."""
    found = typed_turn(number)
    if not request.htmx:
        return back(found, None, done=False)
    note_read(request, found)
    return _box(request, box(request, found, asks=True))


def _queue(request: StaffRequest, found: Turn) -> Queue | None:
    """The queue that a form names; of what is drawn by chance only where it was drawn for this account."""
    queue = queue_of(request.POST.get("queue"))
    return None if queue is Queue.RANDOM and not seen.was_shown(queue, request.user, found.id) else queue


@requires(roles.REVIEW)
@require_POST
def judge(request: StaffRequest, number: int) -> HttpResponseBase:
    """Right or wrong."""
    found = typed_turn(number)
    queue = _queue(request, found)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez « juste » ou « faux »."))
        return back(found, queue, done=False)
    verdict = Verdict(form.cleaned_data["verdict"])
    _judge(request, found, verdict, queue)
    if request.htmx:
        return _box(request, box(request, found, asks=verdict is Verdict.WRONG))
    return back(found, queue, done=verdict is Verdict.RIGHT)


def _judge(request: StaffRequest, found: Turn, verdict: Verdict, queue: Queue | None) -> Review:
    review, made = judging.judge(found, request.user, verdict, queue or Queue.BROWSED)
    audit.record(request.user, "review.added" if made else "review.changed", str(found.id), verdict=verdict.value, queue=review.queue, blind=review.blind)
    return review


@requires(roles.REVIEW)
@require_POST
def meant(request: StaffRequest, number: int) -> HttpResponseBase:
    """What was meant by a turn that was answered wrongly; `look` only looks for records, for those without JavaScript."""
    found = typed_turn(number)
    queue = _queue(request, found)
    form = MeantForm(request.POST)
    if "look" in request.POST or not form.is_valid():
        if not request.htmx:
            return show(request, found, queue, form)
        note_read(request, found)
        return _box(request, box(request, found, asks=True, form=form))
    review = _judge(request, found, Verdict.WRONG, queue)
    values = form.cleaned_data
    judging.correct(review, values["meant"], values["target"], values["note"])
    audit.record(request.user, "review.meant", str(found.id), meant=values["meant"], record_or_intent=values["target"], note=bool(values["note"]))
    return _box(request, box(request, found)) if request.htmx else back(found, queue, done=True)


@requires(roles.REVIEW)
@require_GET
def records(request: StaffRequest, number: int) -> HttpResponseBase:
    """The records to choose from, while somebody types."""
    found, chosen = typed_turn(number), record_in(request.GET.get("meant", ""))
    listed = offered(found, chosen, request.GET.get("q", "")[:200])
    return render(request, "review/_records.html", {"turn": found, "records": listed, "chosen": chosen, "announce": True})


@requires(roles.REVIEW)
@require_POST
def tag(request: StaffRequest, number: int) -> HttpResponseBase:
    """Put a tag on a turn, or take it off."""
    found, queue = typed_turn(number), queue_of(request.POST.get("queue"))
    form = TagForm(request.POST)
    values = form.cleaned_data if form.is_valid() else {}
    if values.get("remove") is not None:
        wanted = get_object_or_404(Tag, id=values["remove"])
        TurnTag.objects.filter(turn_id=found.id, tag=wanted).delete()
        audit.record(request.user, "tag.removed", str(found.id), tag=wanted.name)
    elif values.get("add") is not None:
        wanted = get_object_or_404(Tag, id=values["add"])
        TurnTag.objects.get_or_create(turn_id=found.id, tag=wanted, defaults={"sender": found.conversation_id, "by": request.user})
        audit.record(request.user, "tag.added", str(found.id), tag=wanted.name)
    elif not request.htmx:
        messages.error(request, _("Choisissez une étiquette."))
    if request.htmx:
        return _box(request, box(request, found, queue.value if queue else ""), "review/_tags.html")
    return back(found, queue, done=False)
