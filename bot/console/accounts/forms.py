"""The forms of logging in and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from bot.console.accounts import audit
from bot.console.accounts.models import Staff


def second_factor(staff: Staff) -> TOTPDevice | None:
    """The second factor of an account that is in use; None for an account without one."""
    return TOTPDevice.objects.filter(user=staff, confirmed=True).first()


class CodeField(forms.CharField):
    """The six digits that an authenticator shows."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "7", "size": "8", "dir": "ltr"}
        super().__init__(**{"label": _("Code à six chiffres"), "widget": forms.TextInput(attributes), **options})

    def clean(self, value: Any) -> Any:
        """The digits without blanks."""
        return "".join(str(super().clean(value) or "").split())


class LogInForm(AuthenticationForm):
    """Name, password and, for an account that uses one, the second factor."""

    code = CodeField(required=False, help_text=_("Seulement si votre compte utilise un second facteur."))

    def clean(self) -> dict[str, Any]:
        """Check the second factor once the password was right."""
        cleaned = super().clean()
        staff = self.get_user()
        if isinstance(staff, Staff) and (device := second_factor(staff)):
            allowed, _why = device.verify_is_allowed()
            if not (allowed and cleaned.get("code") and device.verify_token(cleaned["code"])):
                audit.record(staff, "login.second_factor_failed")
                raise forms.ValidationError(
                    _("Il faut aussi le code à six chiffres de votre application, et il doit être juste. Attendez un peu, puis réessayez.")
                )
            staff.otp_device = device  # type: ignore[attr-defined]  # django-otp reads it when the session begins
        return cleaned


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Whether a password is that of who is logged in; failures are counted, and stand in the log, like failures to log in."""
    return authenticate(request, username=request.user.get_username(), password=password) is not None


class OwnPasswordForm(PasswordChangeForm):
    """Changing one's own password.

    Args:
        request: of who changes it.
    """

    def __init__(self, request: HttpRequest, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self._request = request

    def clean_old_password(self) -> str:
        """The password so far."""
        typed: str = self.cleaned_data["old_password"]
        if not is_own_password(self._request, typed):
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return typed


class ProfileForm(forms.ModelForm):
    """What somebody sets about their own account."""

    class Meta:
        model = Staff
        fields = ("name", "language", "reads_arabic")
