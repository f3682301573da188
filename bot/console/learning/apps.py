"""The app `learning`."""

from __future__ import annotations

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """From corrections to a better model."""

    name = "bot.console.learning"
