"""The admin, with the console's own site."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class ConsoleAdmin(AdminConfig):
    """Django's admin where it serves: accounts, tags, canned replies, chambers, the audit log."""

    default_site = "bot.console.site.ConsoleSite"
