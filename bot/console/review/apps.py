"""The app `review`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """Right or wrong, and what was meant."""

    name = "bot.console.review"
    verbose_name = _("Relecture")
