"""The app `desk`."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """People who asked for a person."""

    name = "bot.console.desk"
