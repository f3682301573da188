"""What is entered about chambers and their codes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bot.console.chambers.logo import cleaned
from bot.console.chambers.models import Campaign, Chamber

_ARABIC = ("name_ar", "address_ar", "hours_ar", "welcome_ar", "welcome_ary")
_GROUPS = {
    _("La chambre"): ("kind", "region", "name_fr", "name_ar"),
    _("L'accueil : une ligne à vous dans le premier message de Dalil"): ("welcome_fr", "welcome_ar", "welcome_ary"),
    _("Vos coordonnées : Dalil les donne d'abord quand on lui demande une adresse dans votre région"): (
        *("phone", "email", "website", "address_fr", "address_ar", "hours_fr", "hours_ar"),
    ),
    _("Votre site"): ("sites",),
}


class ChamberForm(forms.ModelForm):
    """A chamber's record."""

    upload = forms.FileField(label=_("Logo (PNG, JPEG ou WebP)"), required=False, widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}))
    without_logo = forms.BooleanField(label=_("Enlever le logo"), required=False)

    class Meta:
        model = Chamber
        fields: ClassVar = [name for names in _GROUPS.values() for name in names]
        widgets = {"sites": forms.Textarea({"rows": 3, "dir": "ltr"}), **{name: forms.TextInput({"dir": "rtl", "lang": "ar"}) for name in _ARABIC}}

    def clean_upload(self) -> bytes | None:
        """The logo, made harmless."""
        upload: Any = self.cleaned_data["upload"]
        return cleaned(upload.read()) if upload else None

    def save(self, commit: bool = True) -> Chamber:
        """Keep the record, and the logo where one was given."""
        chamber: Chamber = super().save(commit=False)
        if self.cleaned_data["without_logo"]:
            chamber.logo = b""
        if self.cleaned_data["upload"]:
            chamber.logo = self.cleaned_data["upload"]
        if commit:
            chamber.save()
        return chamber

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields in groups, with their titles."""
        return [(title, [self[name] for name in names]) for title, names in _GROUPS.items()]


class CampaignForm(forms.ModelForm):
    """A code: for a market, a counter, a day."""

    class Meta:
        model = Campaign
        fields = ("title", "code")
        widgets = {"code": forms.TextInput({"dir": "ltr", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"})}

    def clean_code(self) -> str:
        """Codes are written small, whoever types them."""
        return str(self.cleaned_data["code"])


class FirstCampaignForm(CampaignForm):
    """The code that a new chamber begins with."""

    prefix = "first"
