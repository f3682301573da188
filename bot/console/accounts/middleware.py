"""What holds for every request: sessions end, pages are in the language of their reader."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from bot.console.accounts.models import Staff

Answer = Callable[[HttpRequest], HttpResponse]

#: When the account logged in (signals.py), in seconds since 1970.
BEGAN = "began"
#: When it last did something. Pages that look for news by themselves do not count as work.
_SEEN = "seen"
#: A request of the page itself, not of the person.
BY_ITSELF = "HTTP_X_BY_ITSELF"
#: The session is written again after so many seconds of work at most.
_NOTED_EVERY = 30


def end_sessions(answer: Answer) -> Answer:
    """Log out who has done nothing for `IDLE_SECONDS`, and whoever logged in longer than `SESSION_COOKIE_AGE` ago."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            began, seen = float(request.session.get(BEGAN, 0)), float(request.session.get(_SEEN, now))
            if now - seen > settings.IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
            elif BY_ITSELF not in request.META and (now - seen > _NOTED_EVERY or _SEEN not in request.session):
                request.session[_SEEN] = now
        return answer(request)

    return middleware


def speak_their_language(answer: Answer) -> Answer:
    """Answer in the language of the account; before logging in, in the one chosen or that of the browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.user.language if isinstance(request.user, Staff) else request.GET.get("lang", "")
        known = chosen in dict(settings.LANGUAGES)
        with translation.override(chosen if known else translation.get_language_from_request(request)):
            return answer(request)

    return middleware
