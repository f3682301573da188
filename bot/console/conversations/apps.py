"""The app `conversations`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    """Conversations as staff read them."""

    name = "bot.console.conversations"
    verbose_name = _("Conversations")
