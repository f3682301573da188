"""The latest turn of each conversation: what the list of conversations is made of.

Grouping all turns by sender reads all of them for a page of fifty. This walks back from the latest turn instead, and stops when the page is full.
"""

from __future__ import annotations

from django.db.models import QuerySet

from bot.console.conversations.models import Turn

#: Turns read at a time: at first, and at most. A page holds fewer where few senders write much.
_FIRST, _MOST = 200, 5_000


def latest_turns(turns: QuerySet[Turn], count: int, before: int | None = None) -> list[int]:
    """The number of the latest turn of each conversation, the latest first.

    Args:
        turns: those that count.
        count: how many conversations at most.
        before: only conversations whose latest turn has a smaller number than this: those after a page that ended with it.
    """
    walked, size = turns.order_by("-id").values_list("id", "conversation_id"), _FIRST
    newer = set[str]()  # senders of earlier pages
    found: dict[str, int] = {}
    end = before
    while len(found) < count:
        rows = list((walked if end is None else walked.filter(id__lt=end))[:size])
        if before is not None:
            senders = {sender for _, sender in rows} - found.keys() - newer
            newer.update(turns.order_by().filter(conversation_id__in=senders, id__gte=before).values_list("conversation_id", flat=True))
        for number, sender in rows:
            if sender not in newer:
                found.setdefault(sender, number)
        if len(rows) < size:
            break
        end, size = rows[-1][0], min(size * 2, _MOST)
    return list(found.values())[:count]
