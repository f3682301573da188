"""Logging in and out, and failing to, in the audit log; when a session began."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from bot.console.accounts import audit
from bot.console.accounts.middleware import BEGAN
from bot.console.accounts.models import Staff


@receiver(user_logged_in)
def _logged_in(user: Staff, request: HttpRequest, **_: Any) -> None:
    request.session[BEGAN] = time.time()
    audit.record(user, "login")


@receiver(user_logged_out)
def _logged_out(user: Staff | None, **_: Any) -> None:
    if user is not None:
        audit.record(user, "logout")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None and isinstance(request.user, Staff):  # asked for the password again (forms.py)
        audit.record(request.user, "password.failed", request.user.username)
        return
    # A name that is no account's may be a password typed into the wrong field.
    name = str(credentials.get("username", ""))
    known = Staff.objects.filter(username=name).exists()
    audit.record(None, "login.failed", name if known else "")
