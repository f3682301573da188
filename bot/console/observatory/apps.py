"""The app `observatory`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    """What founders ask, as open data."""

    name = "bot.console.observatory"
    verbose_name = _("Observatoire")
