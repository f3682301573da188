"""One person's data: finding it, showing it to whoever asks for their own, erasing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.conversations.models import CaseRow, Contact, Conversation
from bot.console.database import in_dalil
from bot.console.steering import readable, retention
from bot.console.steering.forms import ConfirmForm, FindForm
from bot.handoff import cases
from bot.privacy import access
from bot.privacy import people as people_
from bot.settings import settings

#: So many seconds a page waits for a conversation to come to rest.
_PATIENCE = 5.0
#: Digits of the largest number that a case can have.
_DIGITS = 9


@requires(roles.ERASE)
@require_POST
def find(request: StaffRequest) -> HttpResponseBase:
    """Find somebody by what was typed, which is kept nowhere: from here on they go by their pseudonym."""
    form = FindForm(request.POST)
    if form.is_valid():
        sender = _sender(form)
        if sender is not None:
            audit.record(request.user, "person.searched", sender, by=form.cleaned_data["by"])
            if in_dalil(people_.is_known, sender):
                return redirect("steering_person", sender)
        if not form.errors:
            form.add_error("value", _("Rien n'est gardé de cette personne."))
    return retention.shown(request, 400, form=form)


def _sender(form: FindForm) -> str | None:
    """The pseudonym of whom is looked for; None, with the reason in the form, where it cannot be told."""
    by, value = form.cleaned_data["by"], form.cleaned_data["value"]
    if by == "case":
        try:
            return str(in_dalil(cases.get, int(value) if value.isdecimal() and len(value) <= _DIGITS else 0).sender)
        except cases.UnknownCase:
            form.add_error("value", _("Il n'y a pas de demande avec ce numéro."))
            return None
    try:
        return people_.find(by, value, settings().key())
    except people_.NoAddress:
        form.add_error("value", _("Ce n'est pas un numéro de téléphone.") if by == "whatsapp" else _("Un identifiant Telegram n'a que des chiffres."))
        return None


@requires(roles.ERASE)
@require_GET
def person(request: StaffRequest, sender: str) -> HttpResponseBase:
    """What can be done with somebody's data."""
    return _person(request, sender, ConfirmForm(_("EFFACER")))


def _person(request: StaffRequest, sender: str, form: ConfirmForm, status: int = 200) -> HttpResponseBase:
    if not in_dalil(people_.is_known, sender):
        raise Http404
    context = {
        "sender": sender,
        "channel": sender.partition(":")[0],
        "contact": Contact.objects.filter(sender=sender).first(),
        "conversation": Conversation.objects.filter(sender=sender).first(),
        "cases": CaseRow.objects.filter(sender=sender).order_by("id"),
        "form": form,
    }
    return render(request, "steering/person.html", context, status=status)


@requires(roles.ERASE)
@require_POST
def stored(request: StaffRequest, sender: str) -> HttpResponseBase:
    """All that is stored of somebody, for them; that it was read is written down."""
    if not in_dalil(people_.is_known, sender):
        raise Http404
    audit.record(request.user, "person.shown", sender)
    found = in_dalil(access.everything, sender)
    asked = [(case, readable.summary(case.summary)) for case in found.asked]
    context = {"sender": sender, "stored": found, "remembered": readable.remembered(found.remembered), "asked": asked}
    return render(request, "steering/stored.html", context)


@requires(roles.ERASE)
@require_POST
def erase(request: StaffRequest, sender: str) -> HttpResponseBase:
    """Erase somebody, once the word is typed; that it begins is written down first, how much it was afterwards."""
    form = ConfirmForm(_("EFFACER"), request.POST)
    if not form.is_valid():
        return _person(request, sender, form, 400)
    if not in_dalil(people_.is_known, sender):
        raise Http404
    audit.record(request.user, "person.erasing", sender)
    erased = people_.erase(in_dalil, sender, _PATIENCE)
    if erased is None:
        messages.error(request, _("Une conversation avec cette personne est en cours. Rien n'est effacé : réessayez dans un instant."))
        return redirect("steering_person", sender)
    audit.record(request.user, "person.erased", sender, rows=erased.kinds)
    request.session["erased"] = erased.kinds
    messages.success(request, _("Tout ce qui était gardé de cette personne est effacé."))
    return redirect("steering_privacy")
