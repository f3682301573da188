"""Addresses of `observatory`."""

from __future__ import annotations

from django.urls import path

from bot.console.observatory import views

urlpatterns = [
    path("", views.page, name="observatory"),
    path("publish/", views.publish, name="observatory_publish"),
    path("<str:month>/<str:ending>/", views.download, name="observatory_file"),
]
