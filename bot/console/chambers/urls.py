"""Addresses of the chambers' pages."""

from __future__ import annotations

from django.urls import path

from bot.console.chambers import views

urlpatterns = [
    path("", views.listing, name="chambers"),
    path("add/", views.add, name="chamber_add"),
    path("<int:number>/", views.one, name="chamber"),
    path("<int:number>/codes/", views.add_code, name="chamber_code_add"),
    path("<int:number>/logo/", views.logo, name="chamber_logo"),
    path("<int:number>/kit/<slug:code>/", views.kit, name="chamber_kit"),
    path("<int:number>/kit/<slug:code>/<str:name>", views.kit_file, name="chamber_kit_file"),
    path("<int:number>/reports/<str:month>/<str:name>", views.report, name="chamber_report"),
]
