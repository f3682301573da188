"""Chambers: their records, their codes, what they print and paste."""

from __future__ import annotations

import mimetypes
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bot.chambers import store
from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.chambers import reports
from bot.console.chambers.forms import CampaignForm, ChamberForm, FirstCampaignForm
from bot.console.chambers.models import Campaign, Chamber
from bot.console.conversations.models import CHANNELS
from bot.console.database import in_dalil
from bot.console.figures.sheets import csv_pieces
from bot.console.templatetags.console import ui_language
from bot.documents import qr
from bot.settings import settings
from bot.sharing import readme
from bot.sharing.kit import Kit, NoChannel
from bot.sharing.kit import kit as made


def _own(request: StaffRequest, number: int) -> Chamber:
    """A chamber that the account may see.

    Raises:
        Http404: another one's, for a chamber's account; or there is none.
    """
    if not request.user.has_perm(roles.MANAGE_CHAMBERS) and request.user.chamber_id != number:
        raise Http404
    return get_object_or_404(Chamber, pk=number)


@requires(roles.SHARE)
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    """All chambers; for a chamber's account its own page."""
    if request.user.has_perm(roles.MANAGE_CHAMBERS):
        return render(request, "chambers/list.html", {"chambers": Chamber.objects.prefetch_related("campaigns")})
    if request.user.chamber_id is None:
        raise Http404
    return redirect("chamber", request.user.chamber_id)


@requires(roles.MANAGE_CHAMBERS)
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponseBase:
    """A new chamber, with its first code."""
    form = ChamberForm(request.POST or None, request.FILES or None)
    first = FirstCampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and first.is_valid():
        with transaction.atomic():
            chamber = form.save()
            campaign = first.save(commit=False)
            campaign.chamber = chamber
            campaign.save()
        audit.record(request.user, "chamber.added", str(chamber.pk), code=campaign.code)
        messages.success(request, _("La chambre est ajoutée."))
        return redirect("chamber", chamber.pk)
    return render(request, "chambers/add.html", {"form": form, "first": first}, status=400 if request.method == "POST" else 200)


@requires(roles.SHARE)
@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, number: int) -> HttpResponseBase:
    """A chamber's record and its codes."""
    chamber = _own(request, number)
    form = ChamberForm(request.POST or None, request.FILES or None, instance=chamber)
    if request.method == "POST" and form.is_valid():
        changed = sorted(form.changed_data)
        form.save()
        audit.record(request.user, "chamber.changed", str(chamber.pk), fields=changed)
        messages.success(request, _("La fiche est enregistrée. Dalil en tient compte tout de suite."))
        return redirect("chamber", chamber.pk)
    return _page(request, chamber, form, CampaignForm(), 400 if request.method == "POST" else 200)


def _page(request: StaffRequest, chamber: Chamber, form: ChamberForm, code: CampaignForm, status: int) -> HttpResponseBase:
    if status == 400:
        chamber.refresh_from_db()  # the form has put what was typed into it
    context = {"chamber": chamber, "form": form, "code_form": code, "campaigns": chamber.campaigns.all(), "months": reports.months(timezone.localdate())}
    return render(request, "chambers/chamber.html", context, status=status)


@requires(roles.SHARE)
@require_POST
def add_code(request: StaffRequest, number: int) -> HttpResponseBase:
    """Another code of a chamber."""
    chamber = _own(request, number)
    form = CampaignForm(request.POST)
    if not form.is_valid():
        return _page(request, chamber, ChamberForm(instance=chamber), form, 400)
    campaign = form.save(commit=False)
    campaign.chamber = chamber
    campaign.save()
    audit.record(request.user, "campaign.added", campaign.code, chamber=chamber.pk)
    messages.success(request, _("Le code est prêt : voici son kit."))
    return redirect("chamber_kit", chamber.pk, campaign.code)


@requires(roles.SHARE)
@require_GET
def logo(request: StaffRequest, number: int) -> HttpResponseBase:
    """A chamber's logo."""
    chamber = _own(request, number)
    if not chamber.logo:
        raise Http404
    return HttpResponse(bytes(chamber.logo), content_type="image/png", headers={"Cache-Control": "private, no-cache"})


def _kit(chamber: Chamber, code: str) -> tuple[Campaign, Kit | None]:
    """A code of a chamber and its kit; none where no channel is set up."""
    campaign = get_object_or_404(Campaign, code=code, chamber=chamber)
    found = in_dalil(store.campaign, code)
    if found is None:
        raise Http404
    try:
        return campaign, made(found, settings(), timezone.localdate())
    except NoChannel:
        return campaign, None


@requires(roles.SHARE)
@require_GET
def kit(request: StaffRequest, number: int, code: str) -> HttpResponseBase:
    """What a code's kit holds: links, texts to copy, files."""
    chamber = _own(request, number)
    campaign, found = _kit(chamber, code)
    context: dict[str, Any] = {"chamber": chamber, "campaign": campaign, "kit": found}
    if found:
        language = ui_language()
        context |= {
            "links": [(CHANNELS[channel], link, SafeString(qr.svg(link))) for channel, link in found.links[language].ordered()],
            "groups": [(readme.GROUPS[group][language], list(files)) for group, files in groupby(found.files[1:], key=lambda file: file.group)],
            "missing": [readme.MISSING[name][language] for name in found.missing],
            "texts": [(name, found.texts[name]) for name in found.texts],
        }
    return render(request, "chambers/kit.html", context)


@requires(roles.SHARE)
@require_GET
def kit_file(request: StaffRequest, number: int, code: str, name: str) -> HttpResponseBase:
    """One file of the kit, or all of them in one."""
    chamber = _own(request, number)
    _campaign, found = _kit(chamber, code)
    if found is None:
        raise Http404
    try:
        content = found.zip() if name == f"{found.name}.zip" else found.file(name)
    except KeyError as error:
        raise Http404 from error
    audit.record(request.user, "kit.downloaded", code, file=name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8" if kind == "text/plain" else kind, headers=headers)


@requires(roles.SHARE)
@require_GET
def report(request: StaffRequest, number: int, month: str, name: str) -> HttpResponseBase:
    """The figures of a month that is over, as a PDF or for a spreadsheet."""
    chamber = _own(request, number)
    language, _dot, kind = name.partition(".")
    wanted = next((known for known in reports.months(timezone.localdate()) if known.first.strftime("%Y-%m") == month), None)
    if wanted is None or language not in reports.LANGUAGES or kind not in ("pdf", "csv"):
        raise Http404
    kept = reports.stored(chamber, wanted, language)
    audit.record(request.user, "report.downloaded", str(chamber.pk), month=month, file=name)
    headers = {"Content-Disposition": f'attachment; filename="dalil-{month}-{name}"'}
    if kind == "pdf":
        return HttpResponse(reports.pdf(kept), content_type="application/pdf", headers=headers)
    return HttpResponse(b"".join(csv_pieces(reports.rows(kept))), content_type="text/csv; charset=utf-8", headers=headers)
