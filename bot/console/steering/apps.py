"""The app `steering`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SteeringConfig(AppConfig):
    """Notice, off switch, retention, erasure."""

    name = "bot.console.steering"
    verbose_name = _("Pilotage")
