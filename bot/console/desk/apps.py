"""The app `desk`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """People who asked for a person."""

    name = "bot.console.desk"
    verbose_name = _("Prise en charge")
