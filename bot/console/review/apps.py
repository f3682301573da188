"""The app `review`."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Right or wrong, and what was meant."""

    name = "bot.console.review"
