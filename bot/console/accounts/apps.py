"""The app of staff accounts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Staff accounts, their rights, what they did."""

    name = "bot.console.accounts"
    verbose_name = _("Comptes et journal")

    def ready(self) -> None:
        """Have logging in and out written into the audit log."""
        from bot.console.accounts import signals  # noqa: F401
