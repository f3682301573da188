"""The app `steering`."""

from __future__ import annotations

from django.apps import AppConfig


class SteeringConfig(AppConfig):
    """Notice, off switch, retention, erasure."""

    name = "bot.console.steering"
