"""Writing down judgements: one review each, which its author may change."""

from __future__ import annotations

from django.db import transaction

from bot.console.accounts.models import Staff
from bot.console.conversations.models import Turn
from bot.console.review import seen
from bot.console.review.models import Queue, Review, Verdict
from bot.console.review.queues import second_readings


@transaction.atomic
def judge(turn: Turn, staff: Staff, verdict: Verdict, queue: Queue = Queue.BROWSED) -> tuple[Review, bool]:
    """Write down somebody's verdict of a turn, or change it.

    Queue and blindness stay those of the first time; but what was reviewed elsewhere and then met by chance counts for the random queue.

    Args:
        turn: which.
        staff: who judges.
        verdict: what they say.
        queue: where they say they met it.

    Returns:
        The review, and whether it is new.
    """
    met = queue if _was_met(turn, staff, queue) else Queue.BROWSED
    review, made = Review.objects.get_or_create(
        turn_id=turn.id,
        reviewer=staff,
        defaults={"sender": turn.conversation_id, "verdict": verdict.value, "queue": met.value, "blind": met is Queue.SECOND},
    )
    if not made:
        if met is Queue.RANDOM:
            review.queue = met.value
        _change(review, verdict, still_blind=review.blind and queue is Queue.SECOND)
    return review, made


def _was_met(turn: Turn, staff: Staff, queue: Queue) -> bool:
    """Whether a turn was really met in a queue, where that matters: who is drawn by chance, or reads blindly, is not for a form to say."""
    if queue is Queue.RANDOM:
        return seen.was_shown(queue, staff, turn.id)
    return queue is not Queue.SECOND or second_readings(staff).filter(id=turn.id).exists()


def _change(review: Review, verdict: Verdict, still_blind: bool) -> None:
    others = Review.objects.filter(turn_id=review.turn_id).exclude(id=review.id)
    if verdict.value != review.verdict and not review.at_first and not still_blind and others.exists():
        review.at_first = review.verdict
    review.verdict = verdict.value
    if verdict is Verdict.RIGHT:
        review.meant = review.target = ""
    review.save()


def correct(review: Review, meant: str, target: str, note: str) -> None:
    """Write down what was meant, and a note."""
    review.meant, review.target, review.note = meant, target, note
    review.save(update_fields=["meant", "target", "note", "at"])
