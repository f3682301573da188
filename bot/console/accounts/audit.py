"""The audit log: who read or changed what."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from bot.console.accounts.access import StaffRequest
from bot.console.accounts.models import AuditEntry, Staff

#: What a session has read is remembered in it, the latest at the end, so much at most.
_READ, _MOST = "read", 200


def record(staff: Staff | AnonymousUser | None, action: str, target: str = "", **details: Any) -> None:
    """Write down that somebody did something.

    Args:
        staff: who; None for somebody who is not logged in, or for the command line.
        action: what, in one word or two, e.g. `conversation.read`.
        target: on what: a pseudonym, a number.
        details: what else matters, without personal data.
    """
    known = staff if isinstance(staff, Staff) else None
    AuditEntry.objects.create(staff=known, who=known.username if known else "-", action=action, target=target[:200], details=details)


def read(request: StaffRequest, action: str, target: str, again: bool = True) -> None:
    """Write down that somebody read something.

    Args:
        request: whose.
        action: what, e.g. `conversation.read`.
        target: on what: a pseudonym, a number.
        again: whether what was read in this session before is written down once more.
    """
    known: list[str] = request.session.get(_READ, [])
    mark = f"{action} {target}"
    if again or mark not in known:
        record(request.user, action, target)
        request.session[_READ] = [*(other for other in known if other != mark), mark][-_MOST:]
