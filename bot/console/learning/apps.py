"""The app `learning`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """From corrections to a better model."""

    name = "bot.console.learning"
    verbose_name = _("Apprentissage")
