"""Canned replies in Django's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest

from bot.console.accounts import audit
from bot.console.desk.models import CannedReply


@admin.register(CannedReply)
class CannedReplyAdmin(admin.ModelAdmin):
    """Replies that are written beforehand."""

    list_display = ("title", "order")
    search_fields = ("title", "fr", "ar", "ary")
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget({"dir": "auto", "rows": 4})}}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write that down."""
        super().save_model(request, obj, form, change)
        audit.record(request.user, "canned_reply.changed" if change else "canned_reply.added", obj.title, fields=list(form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and write that down."""
        audit.record(request.user, "canned_reply.deleted", obj.title)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete several, and write each down."""
        for reply in queryset:
            self.delete_model(request, reply)
