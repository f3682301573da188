"""The page of one turn, with what was said before it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from bot.console.accounts import audit
from bot.console.accounts.access import StaffRequest
from bot.console.conversations import timeline
from bot.console.conversations.models import Turn
from bot.console.review.forms import MeantForm
from bot.console.review.models import Queue
from bot.console.review.queues import QUEUES
from bot.console.review.seen import TURN_READ
from bot.transcript import Kind

#: So many turns before the one in question are shown.
_BEFORE = 2


def typed_turn(number: int) -> Turn:
    """The turn of a number that can be judged.

    Raises:
        django.http.Http404: when there is none: only what was typed is right or wrong.
    """
    turn: Turn = get_object_or_404(Turn, id=number, kind=Kind.TEXT.value)
    return turn


def queue_of(value: str | None) -> Queue | None:
    """The queue that a form or an address names; None for one that turns are not taken from."""
    return next((queue for queue in QUEUES if queue.value == value), None)


def note_read(request: StaffRequest, turn: Turn, queue: Queue | None = None) -> None:
    """Write down that a turn was shown, with what others said of it unless it is read for the second time, and from which queue."""
    audit.record(request.user, TURN_READ, str(turn.id), queue=queue.value if queue else "")


def show(request: StaffRequest, turn: Turn, queue: Queue | None = None, form: MeantForm | None = None, waiting: int | None = None) -> HttpResponseBase:
    """The page of one turn. Who reads for the second time sees nothing of the first.

    Args:
        request: whose.
        turn: which.
        queue: the queue it is taken from.
        form: what is filled in so far.
        waiting: how many wait in the queue.
    """
    before = list(Turn.objects.filter(conversation_id=turn.conversation_id, id__lt=turn.id).order_by("-id")[:_BEFORE])[::-1]
    items, _ = timeline.merged([*before, turn], timeline.written(turn.conversation_id, before[0] if before else turn, turn))
    entries = timeline.entries(turn.conversation_id, items)
    if queue is Queue.SECOND:
        for entry in entries:
            entry["reviews"] = [review for review in entry.get("reviews", []) if review.reviewer_id == request.user.pk]
            entry["tags"] = []
    note_read(request, turn, queue)
    context: dict[str, Any] = {
        "turn": turn,
        "entries": entries,
        "here": turn.id,
        "alone": True,
        "queue": queue.value if queue else "",
        "title": queue.label if queue else "",
        "blind": queue is Queue.SECOND,
        "form": form,
        "waiting": waiting,
    }
    return render(request, "review/one.html", context)


def back(turn: Turn, queue: Queue | None, done: bool) -> HttpResponseBase:
    """Where one goes on: to the next turn of the queue when this one is done, else to the turn itself."""
    if queue is not None:
        return redirect(f"{reverse('review_queue', args=[queue.value])}?{urlencode({'after' if done else 'turn': turn.id})}")
    return redirect(f"{reverse('conversation', args=[turn.conversation_id])}?{urlencode({'turn': turn.id})}#turn-{turn.id}")
