"""The frame of every page: the admin's site, the navigation, what is shown when something is refused."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from bot.console.accounts import roles
from bot.console.accounts.models import Staff
from bot.console.desk.inbox import waiting_count

#: The pages in the navigation: name of the address, title, right, the key that goes there.
PAGES = (
    ("conversations", _("Conversations"), roles.READ, "c"),
    ("review", _("Relecture"), roles.REVIEW, "r"),
    ("desk", _("Prise en charge"), roles.ANSWER, "p"),
    ("learning", _("Apprentissage"), roles.APPROVE, "a"),
    ("figures", _("Chiffres"), roles.SEE_FIGURES, "f"),
    ("chambers", _("Chambres"), roles.SHARE, "h"),
    ("observatory", _("Observatoire"), roles.PUBLISH, "o"),
    ("steering", _("Pilotage"), roles.STEER, "s"),
)


class ConsoleSite(admin.AdminSite):
    """Django's admin inside the console; one logs in on the console's page, with the second factor where there is one."""

    site_header = _("Dalil : administration")
    site_title = _("Dalil")
    index_title = _("Comptes, textes, journal")
    enable_nav_sidebar = False

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the console's own log-in page, or home when the account has no business here."""
        return redirect("home" if request.user.is_authenticated else "login")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # a redirect
        """Send to the console's own page, which writes into the log."""
        return redirect("password")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What the navigation shows to this account."""
    user = request.user if hasattr(request, "user") else None
    if not isinstance(user, Staff):
        return {}
    allowed = [(name, title, key) for name, title, right, key in PAGES if user.has_perm(right)]
    return {
        "pages": [
            {
                "name": name,
                "title": title,
                "key": key,
                "here": request.path.startswith(reverse(name)),
                "count": waiting_count() if name == "desk" and not request.htmx else 0,  # type: ignore[attr-defined]
            }
            for name, title, key in allowed
        ]
    }


def home(request: HttpRequest) -> HttpResponseBase:
    """The first page an account may see."""
    user = request.user
    first = next((name for name, _title, right, _key in PAGES if isinstance(user, Staff) and user.has_perm(right)), "profile")
    return redirect(first)


@login_not_required
def health(request: HttpRequest) -> HttpResponseBase:
    """Whether the console can work: its tables answer."""
    try:
        Staff.objects.exists()
    except Exception:  # whatever it is, the truth is: not ready
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, or too old."""
    return render(request, "403.html", status=403)
