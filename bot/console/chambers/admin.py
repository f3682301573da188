"""Chambers in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from bot.console.accounts.audited import AuditedAdmin
from bot.console.chambers.models import Campaign, Chamber


class CampaignInline(admin.TabularInline):
    """The codes of a chamber."""

    model = Campaign
    extra = 1


@admin.register(Chamber)
class ChamberAdmin(AuditedAdmin):
    """Chambers and their codes: they decide what a chamber's account sees."""

    list_display = ("name_fr", "name_ar", "region")
    inlines = (CampaignInline,)
    logged = {Chamber: ("chamber", "name_fr"), Campaign: ("campaign", "code")}
