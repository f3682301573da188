"""Canned replies in Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models

from bot.console.accounts.audited import AuditedAdmin
from bot.console.desk.models import CannedReply


@admin.register(CannedReply)
class CannedReplyAdmin(AuditedAdmin):
    """Replies that are written beforehand."""

    list_display = ("title", "order")
    search_fields = ("title", "fr", "ar", "ary")
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget({"dir": "auto", "rows": 4})}}
    logged = {CannedReply: ("canned_reply", "title")}
