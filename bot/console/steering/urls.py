"""Addresses of `steering`."""

from __future__ import annotations

from django.urls import path

from bot.console.steering import people, retention, views

urlpatterns = [
    path("", views.page, name="steering"),
    path("switch/", views.switch, name="steering_switch"),
    path("notice/", views.notice, name="steering_notice"),
    path("notice/withdraw/", views.withdraw, name="steering_notice_withdraw"),
    path("privacy/", retention.page, name="steering_privacy"),
    path("privacy/purge/", retention.purge, name="steering_purge"),
    path("privacy/find/", people.find, name="steering_find"),
    path("privacy/<str:sender>/", people.person, name="steering_person"),
    path("privacy/<str:sender>/stored/", people.stored, name="steering_stored"),
    path("privacy/<str:sender>/erase/", people.erase, name="steering_erase"),
]
