"""Chambers in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from bot.console.chambers.models import Campaign, Chamber


class CampaignInline(admin.TabularInline):
    """The codes of a chamber."""

    model = Campaign
    extra = 1


@admin.register(Chamber)
class ChamberAdmin(admin.ModelAdmin):
    """Chambers and their codes."""

    list_display = ("name_fr", "name_ar", "region")
    inlines = (CampaignInline,)
