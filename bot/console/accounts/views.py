"""Logging in, and one's own account."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import views as django_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import login as mark_verified
from django_otp.plugins.otp_totp.models import TOTPDevice

from bot.console.accounts import audit
from bot.console.accounts.access import StaffRequest, requires
from bot.console.accounts.forms import CodeField, LogInForm, OwnPasswordForm, ProfileForm, is_own_password, second_factor


class LogIn(django_views.LoginView):
    """The log-in page."""

    template_name = "accounts/log_in.html"
    form_class = LogInForm
    redirect_authenticated_user = True


def locked_out(request: HttpRequest, credentials: dict[str, Any], *_arguments: Any, **_values: Any) -> HttpResponse:
    """What somebody sees who failed too often."""
    audit.record(None, "login.locked_out")
    return render(request, "accounts/locked_out.html", status=429)


class ChangePassword(django_views.PasswordChangeView):
    """Changing one's own password."""

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("profile")

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form is made with."""
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, and write that down."""
        answer = super().form_valid(form)
        audit.record(form.user, "password.changed", form.user.username)
        messages.success(self.request, _("Le mot de passe est changé."))
        return answer


@requires(None)
@require_http_methods(["GET", "POST"])
def profile(request: StaffRequest) -> HttpResponseBase:
    """One's own account: name, language, second factor."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form, "second_factor": second_factor(request.user)})


@requires(None)
@require_http_methods(["GET", "POST"])
def set_up_second_factor(request: StaffRequest) -> HttpResponseBase:
    """Set up an authenticator: it counts once it has shown a right code."""
    if second_factor(request.user):
        return redirect("profile")
    device, _made = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "authenticator"})
    wrong = False
    if request.method == "POST":
        code = CodeField(required=False).clean(request.POST.get("code", ""))
        allowed, _why = device.verify_is_allowed()
        if allowed and device.verify_token(code):
            device.confirmed = True
            device.save()
            mark_verified(request, device)
            audit.record(request.user, "second_factor.added", request.user.username)
            messages.success(request, _("Le second facteur est en place."))
            return redirect("profile")
        wrong = True
    return render(request, "accounts/second_factor.html", {"device": device, "secret": _in_groups(device), "wrong": wrong})


def _in_groups(device: TOTPDevice) -> str:
    """The secret as somebody types it who cannot scan: base 32, in groups of four."""
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


@requires(None)
@require_GET
def second_factor_code(request: StaffRequest) -> HttpResponseBase:
    """The QR code of the authenticator that is being set up, for its owner only."""
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
    if device is None:
        return HttpResponse(status=404)
    picture = io.BytesIO()
    segno.make(device.config_url, error="m").save(picture, kind="svg", scale=5, border=4, light="#ffffff")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@requires(None)
@require_POST
def remove_second_factor(request: StaffRequest) -> HttpResponseBase:
    """Do without a second factor again; the password is asked for."""
    if not is_own_password(request, request.POST.get("password", "")):
        messages.error(request, _("Le mot de passe n'est pas juste."))
        return redirect("profile")
    TOTPDevice.objects.filter(user=request.user).delete()
    audit.record(request.user, "second_factor.removed", request.user.username)
    messages.success(request, _("Le second facteur est retiré."))
    return redirect("profile")
