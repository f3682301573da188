"""Addresses of logging in and of one's own account."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from bot.console.accounts import views

urlpatterns = [
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", views.profile, name="profile"),
    path("account/password/", views.ChangePassword.as_view(), name="password"),
    path("account/second-factor/", views.set_up_second_factor, name="second_factor"),
    path("account/second-factor/code.svg", views.second_factor_code, name="second_factor_code"),
    path("account/second-factor/remove/", views.remove_second_factor, name="remove_second_factor"),
]
