"""Accounts and the audit log in Django's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, ReadOnlyPasswordHashField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from bot.console.accounts import audit
from bot.console.accounts.models import AuditEntry, Staff


class StaffForm(forms.ModelForm):
    """An account that is there."""

    password = ReadOnlyPasswordHashField(label=_("Mot de passe"))

    class Meta:
        model = Staff
        fields = "__all__"


@admin.register(Staff)
class StaffAdmin(UserAdmin):
    """Accounts: nobody is deleted, accounts are made inactive, so that the log keeps its names."""

    form = StaffForm
    add_form = BaseUserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "name", "role", "chamber", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "name")
    ordering = ("username",)
    filter_horizontal = ()
    actions = ("remove_second_factor",)
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("username", "password", "name")}),
        (_("Droits"), {"fields": ("role", "chamber", "is_active")}),
        (_("Console"), {"fields": ("language", "reads_arabic", "last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "role", "chamber", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write down what was changed."""
        super().save_model(request, obj, form, change)
        changed = [name for name in form.changed_data if not name.startswith("password")]
        audit.record(request.user, "staff.changed" if change else "staff.added", obj.username, fields=changed, role=obj.role)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Set a new password for somebody, and write that down."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            audit.record(request.user, "password.set", str(id))
        return answer

    @admin.action(description=_("Retirer le second facteur"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: Any) -> None:
        """For somebody who lost their telephone."""
        for staff in queryset:
            TOTPDevice.objects.filter(user=staff).delete()
            audit.record(request.user, "second_factor.removed", staff.username)


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin):
    """The log, to read only."""

    list_display = ("at", "who", "action", "target", "details")
    list_filter = ("action", "at")
    search_fields = ("who", "target", "action")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Entries are made by what is done."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Entries stay."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Entries stay."""
        return False
