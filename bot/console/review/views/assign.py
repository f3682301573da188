"""Who looks after a conversation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.accounts.models import Staff
from bot.console.conversations.models import Conversation
from bot.console.review.models import Assignment


@requires(roles.REVIEW)
@require_POST
def assign(request: StaffRequest, sender: str) -> HttpResponseBase:
    """Give a conversation to oneself, to somebody else, or to nobody.

    Everybody may take one, also from somebody else, and give back their own; the rest needs the right to assign.
    """
    conversation = get_object_or_404(Conversation, sender=sender)
    wanted = request.POST.get("to", "")
    own = Assignment.objects.filter(sender=sender, assignee=request.user).exists()
    if wanted != str(request.user.pk) and not (wanted == "" and own) and not request.user.has_perm(roles.ASSIGN):
        raise PermissionDenied
    if wanted == "":
        Assignment.objects.filter(sender=sender).delete()
        audit.record(request.user, "conversation.unassigned", sender)
        return redirect("conversation", conversation.sender)
    assignee = Staff.objects.filter(pk=int(wanted), is_active=True).first() if wanted.isdecimal() else None
    if assignee is None or not assignee.has_perm(roles.READ):
        messages.error(request, _("Ce compte ne peut pas lire les conversations : choisissez-en un autre."))
    else:
        Assignment.objects.update_or_create(sender=sender, defaults={"assignee": assignee, "by": request.user})
        audit.record(request.user, "conversation.assigned", sender, to=assignee.username)
    return redirect("conversation", conversation.sender)
