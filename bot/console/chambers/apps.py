"""The app `chambers`."""

from __future__ import annotations

from django.apps import AppConfig


class ChambersConfig(AppConfig):
    """Who shares Dalil."""

    name = "bot.console.chambers"
