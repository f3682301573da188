"""What an account has had before its eyes, by the log: which turns a queue showed it, and whose judgements it may know."""

from __future__ import annotations

import datetime as dt
from itertools import chain

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from bot.console.accounts import roles
from bot.console.accounts.models import AuditEntry, Staff
from bot.console.learning.models import Correction, TodoQuestion
from bot.console.review.models import EvaluationQuestion, Queue

#: A turn was shown by itself; `queue` in the details says from which queue.
TURN_READ = "turn.read"
#: With these everything is shown that is known of a conversation.
_WHOLE = ("conversation.read", "person.shown")
#: Pages that show what reviewers found wrong; `turns` in the details says of which turns.
_LISTS = ("corrections.read", "missing.read")


def was_shown(queue: Queue, staff: Staff, turn: int) -> bool:
    """Whether a queue has shown a turn to an account."""
    return AuditEntry.objects.filter(staff=staff, action=TURN_READ, target=str(turn), details__queue=queue.value).exists()


def judgements_known(staff: Staff, days: int) -> Q:
    """The turns whose judgements an account may know.

    Args:
        staff: the account.
        days: no older turns are asked about.

    Returns:
        A condition on turns that have `reviewed_at`, the moment of their first review.
    """
    log = AuditEntry.objects.filter(staff=staff, at__gte=OuterRef("reviewed_at"))
    whole = log.filter(action__in=_WHOLE, target=OuterRef("conversation_id"))
    # The queue of second readings shows nothing of the first.
    alone = log.filter(action=TURN_READ, target=Cast(OuterRef("id"), CharField())).exclude(details__queue=Queue.SECOND.value)
    return Q(Exists(whole)) | Q(Exists(alone)) | Q(id__in=_listed(staff, days)) | _decided(staff)


def _listed(staff: Staff, days: int) -> set[int]:
    lists = AuditEntry.objects.filter(staff=staff, action__in=_LISTS, at__gte=timezone.now() - dt.timedelta(days=days))
    return set(chain.from_iterable(details.get("turns", []) for details in lists.values_list("details", flat=True)))


def _decided(staff: Staff) -> Q:
    """The turns of which it was decided what to learn from them: whoever may decide finds that on several pages."""
    corrections, questions = Correction.objects.all(), TodoQuestion.objects.all()
    if staff.has_perm(roles.APPROVE):
        asked = Q(id__in=EvaluationQuestion.objects.filter(turn__isnull=False).values("turn"))
    else:
        corrections, questions, asked = corrections.filter(decided_by=staff), questions.filter(by=staff), Q()
    return Q(id__in=corrections.values("turn")) | Q(id__in=questions.values("turn")) | asked
