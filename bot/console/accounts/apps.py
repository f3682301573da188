"""The app of staff accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Staff accounts, their rights, what they did."""

    name = "bot.console.accounts"

    def ready(self) -> None:
        """Have logging in and out written into the audit log."""
        from bot.console.accounts import signals  # noqa: F401
