"""Logging in and out, and failing to, in the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from bot.console.accounts import audit
from bot.console.accounts.models import Staff


@receiver(user_logged_in)
def _logged_in(user: Staff, **_: Any) -> None:
    audit.record(user, "login")


@receiver(user_logged_out)
def _logged_out(user: Staff | None, **_: Any) -> None:
    if user is not None:
        audit.record(user, "logout")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # A name that is no account's may be a password typed into the wrong field.
    name = str(credentials.get("username", ""))
    known = Staff.objects.filter(username=name).exists()
    audit.record(None, "login.failed", name if known else "")
