"""The observatory's page: what is published, what is due."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.observatory import publishing
from bot.console.observatory.models import Publication
from bot.observatory import months
from bot.observatory.dictionary import file_name
from bot.observatory.groups import FEWEST
from bot.observatory.months import Month
from bot.settings import settings

_TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8", "json": "application/json", "datapackage.json": "application/json"}


@requires(roles.PUBLISH)
@require_GET
def page(request: StaffRequest) -> HttpResponseBase:
    """The months that are published, and the next one."""
    context = {
        "publications": Publication.objects.defer("csv", "json"),
        "due": publishing.due(),
        "coming": months.coming(timezone.localdate()),
        "fewest": FEWEST,
        "kept": settings().keep_messages_days,
        "shortest_keep": months.SHORTEST_KEEP,
    }
    return render(request, "observatory/page.html", context)


@requires(roles.PUBLISH)
@require_POST
def publish(request: StaffRequest) -> HttpResponseBase:
    """Publish the next month that is due."""
    due = publishing.due()
    if not due:
        messages.info(request, _("Aucun mois n'est à publier."))
        return redirect("observatory")
    made = publishing.publish(due[0], request.user)
    messages.success(request, _("Le mois %(month)s est publié.") % {"month": made.month})
    return redirect("observatory")


@requires(roles.PUBLISH)
@require_GET
def download(request: StaffRequest, month: str, ending: str) -> HttpResponseBase:
    """A file of a month; who took it is noted."""
    found = get_object_or_404(Publication, month=month)
    if ending not in _TYPES:
        raise Http404
    audit.record(request.user, "observatory.downloaded", month, file=ending)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(Month.parse(month))}.{ending}"'}
    return HttpResponse(found.files[ending], content_type=_TYPES[ending], headers=headers)
