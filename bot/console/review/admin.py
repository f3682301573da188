"""Tags in Django's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bot.console.accounts import audit
from bot.console.review.models import Tag


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    """Tags; one that is deleted goes from all turns."""

    list_display = ("name",)
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write that down."""
        super().save_model(request, obj, form, change)
        audit.record(request.user, "tag.renamed" if change else "tag.made", obj.name)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and write that down."""
        super().delete_model(request, obj)
        audit.record(request.user, "tag.deleted", obj.name)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete several, and write each down."""
        names = list(queryset.values_list("name", flat=True))
        super().delete_queryset(request, queryset)
        for name in names:
            audit.record(request.user, "tag.deleted", name)
