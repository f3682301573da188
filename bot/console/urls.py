"""All addresses of the console."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from bot.console.site import health, home

urlpatterns = [
    path("", home, name="home"),
    path("health", health, name="health"),
    path("", include("bot.console.accounts.urls")),
    path("conversations/", include("bot.console.conversations.urls")),
    path("review/", include("bot.console.review.urls")),
    path("desk/", include("bot.console.desk.urls")),
    path("learning/", include("bot.console.learning.urls")),
    path("figures/", include("bot.console.figures.urls")),
    path("chambers/", include("bot.console.chambers.urls")),
    path("observatory/", include("bot.console.observatory.urls")),
    path("steering/", include("bot.console.steering.urls")),
    path("admin/", admin.site.urls),
]
