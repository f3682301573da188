"""How far two readers agree."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.conversations.models import Turn
from bot.console.review.agreement import ENOUGH, agreement
from bot.console.review.pairs import pairs, table
from bot.console.review.shares import Share


@requires(roles.REVIEW)
@require_GET
def agreement_page(request: StaffRequest) -> HttpResponseBase:
    """Agreement of first and blind second readings, and where they disagree; nothing while there are too few."""
    found = pairs()
    if len(found) < ENOUGH:
        return render(request, "review/agreement.html", {"pairs": len(found), "enough": ENOUGH})
    apart = [pair for pair in found if not pair.agree]
    turns = Turn.objects.in_bulk([pair.first.turn_id for pair in apart])
    counts = table(found)
    audit.record(request.user, "agreement.read", pairs=len(found))
    context = {
        "agreement": agreement(counts),
        "pairs": len(found),
        "enough": ENOUGH,
        "table": counts,
        "observed": Share(len(found) - len(apart), len(found)),
        "apart": [(pair, turns[pair.first.turn_id]) for pair in apart if pair.first.turn_id in turns],
    }
    return render(request, "review/agreement.html", context)
