"""Tags in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from bot.console.accounts.audited import AuditedAdmin
from bot.console.review.models import Tag


@admin.register(Tag)
class TagAdmin(AuditedAdmin):
    """Tags; one that is deleted goes from all turns."""

    list_display = ("name",)
    search_fields = ("name",)
    logged = {Tag: ("tag_name", "name")}
