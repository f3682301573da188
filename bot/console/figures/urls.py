"""Addresses of `figures`."""

from __future__ import annotations

from django.urls import path

from bot.console.figures import views

urlpatterns = [
    path("", views.page, name="figures"),
    path("refused/", views.refused_questions, name="figures_refused"),
    path("export/", views.export, name="figures_export"),
    path("<slug:name>/", views.piece, name="figures_piece"),
]
