"""Addresses of `learning`."""

from __future__ import annotations

from django.urls import path

from bot.console.learning.views import corrections, runs, todos

urlpatterns = [
    path("", corrections.listing, name="learning"),
    path("turns/<int:turn>/approve/", corrections.approve, name="learning_approve"),
    path("turns/<int:turn>/decline/", corrections.decline, name="learning_decline"),
    path("next/", corrections.upcoming, name="learning_next"),
    path("corrections/<int:number>/withdraw/", corrections.withdraw, name="learning_withdraw"),
    path("runs/", runs.listing, name="learning_runs"),
    path("runs/start/", runs.start, name="learning_start"),
    path("runs/<int:number>/", runs.one, name="learning_run"),
    path("runs/<int:number>/state/", runs.state, name="learning_run_state"),
    path("runs/<int:number>/promote/", runs.promote, name="learning_promote"),
    path("runs/<int:number>/discard/", runs.discard, name="learning_discard"),
    path("runs/<int:number>/back/", runs.take_back, name="learning_back"),
    path("missing/", todos.missing, name="learning_missing"),
    path("missing/<int:number>/", todos.sort, name="learning_sort"),
    path("todos/<int:number>/", todos.todo, name="learning_todo"),
]
