"""The guard of every page: a right, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from bot.console.accounts.models import Staff
from bot.console.accounts.roles import Right

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: Staff
    htmx: Any


def requires(right: Right | None) -> Callable[[View], View]:
    """Let a view answer only accounts with a right; with None, every account that is logged in.

    Who is not logged in was sent to the log-in page before (Django's LoginRequiredMiddleware).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *arguments: Any, **values: Any) -> HttpResponseBase:
            if right is not None and not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *arguments, **values)

        return guarded

    return guard
