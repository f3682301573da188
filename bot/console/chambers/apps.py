"""The app `chambers`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChambersConfig(AppConfig):
    """Who shares Dalil."""

    name = "bot.console.chambers"
    verbose_name = _("Chambres")
