"""Failures to log in, which django-axes counts: five lock a name from where they came (settings.py). They are deleted soon (bot/privacy/logins.py)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bot.console.accounts.models import Staff


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name under which a failure is counted.

    A name that is no account's may be a password typed into the wrong field: of it only a keyed hash is kept. It is locked all the same, so that
    nobody can find out which names there are.
    """
    typed = str((credentials or request.POST).get("username", ""))
    if Staff.objects.filter(username=typed).exists():
        return typed
    return "?" + hmac.new(settings.SECRET_KEY.encode(), typed.encode(), hashlib.sha256).hexdigest()  # no account's name begins so
