"""Steering: the off switch and the notice to everybody, and what was done with them.

What is done is written down first: the two stand in different transactions, and nothing may be done that the log does not know.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.accounts.models import AuditEntry
from bot.console.database import in_dalil
from bot.console.steering.forms import NoticeForm, SwitchForm
from bot.steering import notices, pause
from bot.steering import switch as off_switch

#: What is shown in the history.
_DONE = ("dalil.paused", "dalil.resumed", "notice.published", "notice.withdrawn")
_HISTORY = 50


@requires(roles.STEER)
@require_GET
def page(request: StaffRequest) -> HttpResponseBase:
    """Switch, notice and history."""
    return _page(request)


def _page(request: StaffRequest, status: int = 200, **more: Any) -> HttpResponseBase:
    current = in_dalil(notices.current)
    context = {
        "switch": in_dalil(off_switch.state),
        "switch_form": SwitchForm(),
        "pause_texts": pause.texts(),
        "notice": current,
        "form": NoticeForm(initial=_initial(current)),
        "history": AuditEntry.objects.filter(action__in=_DONE)[:_HISTORY],
        "longest": notices.LONGEST,
        **more,
    }
    return render(request, "steering/page.html", context, status=status)


def _initial(current: notices.Notice | None) -> dict[str, Any]:
    """What the form shows at first: the notice that is said now, or one for a day."""
    if current is None:
        return {"until": timezone.now() + dt.timedelta(days=1)}
    return {**current.texts, "until": dt.datetime.fromtimestamp(current.ends_at, dt.timezone.utc)}


@requires(roles.STEER)
@require_POST
def switch(request: StaffRequest) -> HttpResponseBase:
    """Switch Dalil off, or on again; at once, everywhere."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, 400, switch_form=form)
    off = form.cleaned_data["off"]
    if in_dalil(off_switch.state).off is not off:
        audit.record(request.user, "dalil.paused" if off else "dalil.resumed")
        in_dalil(off_switch.turn, off, request.user.username)
    messages.success(request, _("Dalil est en pause.") if off else _("Dalil répond de nouveau."))
    return redirect("steering")


@requires(roles.STEER)
@require_POST
def notice(request: StaffRequest) -> HttpResponseBase:
    """Show how a notice will look, or publish it."""
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _page(request, 400, form=form)
    if request.POST.get("do") != "publish":
        return _page(request, form=form, preview=form.texts)
    until: dt.datetime = form.cleaned_data["until"]
    audit.record(request.user, "notice.published", **form.texts, until=until.isoformat(timespec="minutes"))
    in_dalil(notices.publish, form.texts, until.timestamp(), request.user.username)
    messages.success(request, _("L'avis est publié : chacun le verra une fois, avant la réponse à son prochain message."))
    return redirect("steering")


@requires(roles.STEER)
@require_POST
def withdraw(request: StaffRequest) -> HttpResponseBase:
    """Say the notice no more."""
    current = in_dalil(notices.current)
    if current is not None:
        audit.record(request.user, "notice.withdrawn", str(current.id))
        in_dalil(notices.withdraw)
        messages.success(request, _("L'avis est retiré."))
    return redirect("steering")
