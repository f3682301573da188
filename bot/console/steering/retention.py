"""People's data: how long it is kept, what was deleted last, and the way to one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.database import in_dalil
from bot.console.steering.forms import FindForm
from bot.privacy import copies, erasure
from bot.settings import settings

#: How many deletions of old data are shown.
_PURGES = 10

_KINDS = {
    "events": gettext_lazy("Lignes des conversations"),
    "inbox": gettext_lazy("Messages reçus"),
    "outbox": gettext_lazy("Messages envoyés"),
    "contacts": gettext_lazy("Adresses"),
    "cases": gettext_lazy("Demandes de parler à une personne"),
    "notices_seen": gettext_lazy("Avis vus"),
    "conversations_turn": gettext_lazy("Tours affichés dans la console"),
    "conversations_conversation": gettext_lazy("Conversations affichées dans la console"),
    "review_review": gettext_lazy("Relectures"),
    "review_turntag": gettext_lazy("Étiquettes posées"),
    "review_assignment": gettext_lazy("Attributions"),
    "desk_casetaken": gettext_lazy("Qui s'occupe d'une demande"),
    "learning_correction": gettext_lazy("Corrections écartées"),
    "learning_todoquestion": gettext_lazy("Questions de fiches à écrire"),
    "axes_accessattempt": gettext_lazy("Échecs de connexion à la console"),
    copies.NAMELESS: gettext_lazy("Phrases approuvées, gardées sans aucun nom"),
}


def told(kinds: dict[str, int]) -> list[tuple[str, int]]:
    """How many rows of which kind, in words."""
    known = [(str(_KINDS[kind]), kinds[kind]) for kind in _KINDS if kind in kinds]
    return known + [(kind, count) for kind, count in kinds.items() if kind not in _KINDS]


@requires(roles.ERASE)
@require_GET
def page(request: StaffRequest) -> HttpResponseBase:
    """Retention, and finding a person; `?sender=` leads to one straight from a transcript."""
    if sender := request.GET.get("sender"):
        return redirect("steering_person", sender)
    return shown(request)


def shown(request: StaffRequest, status: int = 200, **more: Any) -> HttpResponseBase:
    """The page, with what more there is to show."""
    context = {
        "messages_days": settings().keep_messages_days,
        "contacts_days": max(settings().keep_contacts_days, settings().keep_messages_days),
        "purges": [{"at": purge.at, "kinds": told(purge.kinds)} for purge in in_dalil(erasure.last_purges, _PURGES)],
        "form": FindForm(),
        "erased": told(request.session.pop("erased", {})),
        **more,
    }
    return render(request, "steering/privacy.html", context, status=status)


@requires(roles.ERASE)
@require_POST
def purge(request: StaffRequest) -> HttpResponseBase:
    """Delete now what is too old; it happens by itself once a day. That it begins is written down first, how much it was afterwards."""
    audit.record(request.user, "data.purging")
    purged = in_dalil(erasure.purge, settings().keep_messages_days, settings().keep_contacts_days)
    audit.record(request.user, "data.purged", rows=purged.kinds)
    if purged.total:
        messages.success(request, _("Ce qui était trop ancien est effacé."))
    else:
        messages.success(request, _("Rien n'était trop ancien."))
    return redirect("steering_privacy")
