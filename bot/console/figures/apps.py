"""The app `figures`."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """What is asked, and what becomes of it."""

    name = "bot.console.figures"
