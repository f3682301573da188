"""Addresses of `desk`."""

from __future__ import annotations

from django.urls import path

from bot.console.desk import views

urlpatterns = [
    path("", views.inbox, name="desk"),
    path("<int:number>/", views.case, name="desk_case"),
    path("<int:number>/since/<int:line>/", views.news, name="desk_news"),
    path("<int:number>/take/", views.take, name="desk_take"),
    path("<int:number>/hand-back/", views.settle, {"state": "handed_back"}, name="desk_hand_back"),
    path("<int:number>/close/", views.settle, {"state": "closed"}, name="desk_close"),
]
