"""Addresses of `figures`."""

from __future__ import annotations

from django.urls import path

from bot.console.site import home

urlpatterns = [path("", home, name="figures")]
