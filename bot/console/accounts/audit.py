"""The audit log: who read or changed what."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from bot.console.accounts.models import AuditEntry, Staff


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
