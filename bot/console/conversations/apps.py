"""The app `conversations`."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Conversations as staff read them."""

    name = "bot.console.conversations"
