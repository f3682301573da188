"""The inbox of those who asked for a person, and one case."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bot.channels.split import length
from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.conversations.models import Conversation
from bot.console.database import in_dalil
from bot.console.desk import holders, known
from bot.console.desk.forms import LARGEST, ReplyForm, canned_text, offered
from bot.console.desk.inbox import SHOWN, listed
from bot.console.desk.models import LONGEST_REPLY
from bot.console.desk.reading import Reading, read
from bot.console.desk.replying import NOWHERE, OBSTACLES, SENT, Held, other_holder, send
from bot.console.templatetags.console import since as timesince
from bot.console.templatetags.console import ui_language
from bot.handoff import cases
from bot.handoff.cases import UnknownCase


@requires(roles.ANSWER)
@require_GET
def inbox(request: StaffRequest) -> HttpResponseBase:
    """The cases, the longest waiting first; asked for by the page itself, only the list."""
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "open"
    before = request.GET.get("before", "")
    earlier_than = int(before) if before.isascii() and before.isdecimal() and int(before) <= LARGEST else None
    entries, more = listed(request.user, shown, earlier_than)
    context = {"entries": entries, "more": more, "shown": shown, "choices": SHOWN.items(), "before": earlier_than}
    return render(request, "desk/_inbox.html" if request.htmx else "desk/inbox.html", context)


@requires(roles.ANSWER)
@require_http_methods(["GET", "POST"])
def case(request: StaffRequest, number: int) -> HttpResponseBase:
    """One case; and writing to its person."""
    reading = _read(number)
    audit.read(request, "case.read", str(number), again=request.method == "GET")
    if request.method == "GET":
        return _page(request, reading, ReplyForm(initial={"seen": reading.last}))
    if "insert" in request.POST:
        text = "\n\n".join(filter(None, (request.POST.get("text", "").strip(), canned_text(request.POST.get("canned", "")))))
        return _page(request, reading, ReplyForm(initial={"text": text, "seen": reading.last}))
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, reading, form)
    held = _reply(request, reading, form.cleaned_data)
    if held is None:
        messages.success(request, str(SENT.get(reading.case.channel, NOWHERE)))
        return redirect(f"{reverse('desk_case', args=[number])}#reply")
    return _page(request, _read(number), form, held)


def _reply(request: StaffRequest, reading: Reading, wanted: dict[str, Any]) -> Held | None:
    """Send what was written; where it is held back, the reason."""
    number = reading.case.id
    taken = holders.holders([number]).get(number)
    other = other_holder(reading.case, taken, request.user)
    held = send(request.user, number, wanted["text"], wanted["seen"], other, wanted["despite"])
    if held is None:
        if taken is None or taken.staff_id != request.user.pk:
            audit.record(request.user, "case.taken", str(number))
        audit.record(request.user, "case.replied", str(number), channel=reading.case.channel)
    return held


def _page(request: StaffRequest, reading: Reading, form: ReplyForm, held: Held | None = None) -> HttpResponseBase:
    """The page of a case. Of a form that was sent in vain nothing is lost, and what came meanwhile is shown beside it: it counts as seen."""
    status, language = _status(request, reading), ui_language()
    other, fresh, knowingly = status["other"], [], False
    if form.is_bound:
        seen = form.cleaned_data.get("seen")
        fresh = [] if seen is None else reading.after(seen)
        knowingly = other is not None and (held is not None and held.other == other or form.cleaned_data.get("despite") == other.pk)
        form.fields["text"].widget.attrs["aria-describedby"] = "reply-problem reply-count"
        form.data = {**{name: form.data.get(name) for name in form.data}, "seen": str(reading.last)}
    context = {
        **status,
        "form": form,
        "held": held,
        "fresh": fresh,
        "despite": other if knowingly else None,
        "lines": reading.lines,
        "canned": offered(reading.case.language),
        "count": length(form["text"].value() or ""),
        "most": LONGEST_REPLY,
        "answers": known.answers(reading.case.summary, language),
        "journey": known.journey(reading.case.summary, language),
        "conversation": Conversation.objects.filter(sender=reading.case.sender).exists(),
    }
    return render(request, "desk/case.html", context)


def _status(request: StaffRequest, reading: Reading) -> dict[str, Any]:
    """What changes while the page is open, and a mark by which the page knows that it has."""
    taken = holders.holders([reading.case.id]).get(reading.case.id)
    stands = reading.standing
    since = stands.since and [stands.just_now, stands.too_long, timesince(stands.since)]
    facts = [reading.case.state, stands.silent and reading.case.paused_until, since, taken and [taken.staff_id, taken.at], reading.obstacle]
    facts += [reading.window_hours, reading.window_minutes, [shown.fate for shown in reading.lines]]
    return {
        "reading": reading,
        "case": reading.case,
        "standing": stands,
        "taken": taken,
        "other": other_holder(reading.case, taken, request.user),
        "is_mine": taken is not None and taken.staff_id == request.user.pk and reading.case.state == "taken",
        "obstacle": OBSTACLES[reading.obstacle] if reading.obstacle else None,
        "version": hashlib.sha256(repr(facts).encode()).hexdigest()[:12],
    }


@requires(roles.ANSWER)
@require_GET
def news(request: StaffRequest, number: int, line: int) -> HttpResponseBase:
    """What was written after a message, and what has changed: what the page looks for by itself."""
    reading = _read(number)
    status, lines = _status(request, reading), reading.after(line)
    if not lines and status["version"] == request.GET.get("version"):
        return HttpResponse(status=204)
    audit.read(request, "case.read", str(number), again=False)
    return render(request, "desk/_news.html", {**status, "lines": lines, "line": line, "changing": reading.lines})


@requires(roles.ANSWER)
@require_POST
def take(request: StaffRequest, number: int) -> HttpResponseBase:
    """Look after a case, unless somebody was faster."""
    before = request.POST.get("instead_of", "")
    instead_of = int(before) if before.isascii() and before.isdecimal() and int(before) <= LARGEST else None
    _read(number)
    try:
        taken = in_dalil(cases.take, number)
    except UnknownCase:
        messages.error(request, _("Cette demande est fermée."))
        return redirect("desk_case", number)
    has_it = holders.take(request.user, taken, instead_of)
    if has_it == request.user:
        audit.record(request.user, "case.taken", str(number))
        messages.success(request, _("Vous vous en chargez."))
    else:
        messages.warning(request, _("{name} vient de s'en charger.").format(name=has_it))
    return redirect("desk_case", number)


@requires(roles.ANSWER)
@require_POST
def settle(request: StaffRequest, number: int, state: str) -> HttpResponseBase:
    """Hand a conversation back to the bot, or close the case."""
    _read(number)
    try:
        in_dalil(cases.settle, number, state)
    except UnknownCase:
        messages.error(request, _("Cette demande est déjà fermée."))
        return redirect("desk_case", number)
    audit.record(request.user, f"case.{state}", str(number))
    if state == "closed":
        messages.success(request, _("La demande est fermée."))
        return redirect("desk")
    messages.success(request, _("Dalil répond de nouveau à cette personne. La demande reste ouverte."))
    return redirect("desk_case", number)


def _read(number: int) -> Reading:
    """A case.

    Raises:
        Http404: when there is none of this number.
    """
    if number > LARGEST:
        raise Http404
    try:
        return in_dalil(read, number)
    except UnknownCase as error:
        raise Http404 from error
