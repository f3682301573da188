"""Addresses of the conversations."""

from __future__ import annotations

from django.urls import path

from bot.console.conversations import views

urlpatterns = [
    path("", views.listing, name="conversations"),
    path("<str:sender>/", views.transcript, name="conversation"),
    path("<str:sender>/since/<int:turn>/", views.news, name="conversation_news"),
    path("<str:sender>/address/", views.reveal, name="conversation_address"),
]
