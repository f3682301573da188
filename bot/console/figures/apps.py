"""The app `figures`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """What is asked, and what becomes of it."""

    name = "bot.console.figures"
    verbose_name = _("Chiffres")
