"""The queues, and one turn after the other."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bot.console.accounts import roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.accounts.models import Staff
from bot.console.addresses import number
from bot.console.conversations.models import Turn
from bot.console.review import queues, seen
from bot.console.review.models import Queue, Review, Verdict
from bot.console.review.shares import Share
from bot.console.review.views.one import queue_of, show, typed_turn


@requires(roles.REVIEW)
@require_GET
def overview(request: StaffRequest) -> HttpResponseBase:
    """How many turns wait where, how many one has reviewed, and how many answers are right."""
    mine = Review.objects.filter(reviewer=request.user)
    context = {
        "queues": [(queue, queues.waiting(queue, request.user).count()) for queue in queues.QUEUES],
        "today": mine.filter(at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)).count(),
        "in_all": mine.count(),
        "share": _right_by_chance(),
        "days": queues.DAYS,
    }
    return render(request, "review/queues.html", context)


def _right_by_chance() -> Share | None:
    """The share of turns judged right among those drawn by chance, each counted once; None while none was judged."""
    drawn = Review.objects.filter(queue=Queue.RANDOM, at__gte=timezone.now() - dt.timedelta(days=queues.DAYS))
    first = drawn.filter(~Exists(Review.objects.filter(turn_id=OuterRef("turn_id"), queue=Queue.RANDOM, id__lt=OuterRef("id"))))
    whole = first.count()
    return Share(first.filter(verdict=Verdict.RIGHT).count(), whole) if whole else None


@requires(roles.REVIEW)
@require_GET
def queue_page(request: StaffRequest, queue: str) -> HttpResponseBase:
    """The next turn of a queue, or one of it that was asked for."""
    wanted = queue_of(queue)
    if wanted is None:
        raise Http404
    asked, after = number(request.GET.get("turn", "")), number(request.GET.get("after", ""))
    if wanted is Queue.RANDOM and after is not None and not seen.was_shown(wanted, request.user, after):
        after = None
    turn = None if asked is None else _asked_for(typed_turn(asked), wanted, request.user)
    turn = turn or queues.next_turn(wanted, request.user, after)
    waiting = queues.waiting(wanted, request.user)
    left = waiting.count()
    if turn is None:
        return render(request, "review/empty.html", {"queue": wanted, "skipped": left})
    return show(request, turn, wanted, waiting=left)


def _asked_for(turn: Turn, queue: Queue, staff: Staff) -> Turn | None:
    """The turn that is asked for, if it waits in the queue or is one's own; nobody chooses among what is drawn by chance, one goes back to what was."""
    if queue is Queue.RANDOM:
        return turn if seen.was_shown(queue, staff, turn.id) else None
    own = Review.objects.filter(turn_id=turn.id, reviewer=staff).exists()
    return turn if own or queues.waiting(queue, staff).filter(id=turn.id).exists() else None
