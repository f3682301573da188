"""The forms of steering and of people's data."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bot.delivery.guard import plain
from bot.steering.notices import LONGEST

_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[A-Za-z]")
#: What a browser's field for a moment gives.
_MOMENT = "%Y-%m-%dT%H:%M"


class SwitchForm(forms.Form):
    """Switching Dalil off; to switch it on again nothing has to be confirmed."""

    off = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
    sure = forms.BooleanField(required=False, label=_("Oui, mettre Dalil en pause pour tout le monde"))

    def clean(self) -> dict[str, Any]:
        """A pause for everybody is confirmed."""
        cleaned = super().clean() or {}
        if cleaned.get("off") and not cleaned.get("sure"):
            self.add_error("sure", _("Cochez la case pour confirmer."))
        return cleaned


class TextField(forms.CharField):
    """The notice in one language: one message, in the right script, without characters that cannot be seen."""

    def __init__(self, language: str, label: Any) -> None:
        direction = "ltr" if language == "fr" else "rtl"
        attributes = {"lang": language, "dir": direction, "rows": "4", "maxlength": str(LONGEST)}
        super().__init__(label=label, widget=forms.Textarea(attributes))
        self._script = _LATIN if language == "fr" else _ARABIC

    def clean(self, value: Any) -> Any:
        """The text as it is said."""
        text = plain(str(super().clean(value)))
        if len(text) > LONGEST:
            raise forms.ValidationError(_("Ce texte a %(n)d caractères ; il en faut au plus %(most)d."), params={"n": len(text), "most": LONGEST})
        if not self._script.search(text):
            message = _("Ce texte doit être en français.") if self._script is _LATIN else _("Ce texte doit être en lettres arabes.")
            raise forms.ValidationError(message)
        return text


class NoticeForm(forms.Form):
    """The notice to everybody, in the three reply languages."""

    fr = TextField("fr", _("En français"))
    ar = TextField("ar", _("En arabe"))
    ary = TextField("ary", _("En darija"))
    until = forms.DateTimeField(label=_("Jusqu'au"), input_formats=[_MOMENT], widget=forms.DateTimeInput({"type": "datetime-local"}, _MOMENT))

    def clean_until(self) -> dt.datetime:
        """An end that is still to come."""
        until: dt.datetime = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("Ce moment est déjà passé."))
        return until

    @property
    def texts(self) -> dict[str, str]:
        """The texts by language."""
        return {language: self.cleaned_data[language] for language in ("fr", "ar", "ary")}


class FindForm(forms.Form):
    """Finding a person: by the address they write from, or by the number of a case."""

    by = forms.ChoiceField(
        label=_("Chercher par"),
        choices=[("whatsapp", _("Numéro WhatsApp")), ("telegram", _("Identifiant Telegram")), ("case", _("Numéro de demande"))],
    )
    value = forms.CharField(
        label=_("Numéro"),
        max_length=40,
        help_text=_("Ce que vous tapez ici n'est gardé nulle part."),
        widget=forms.TextInput({"autocomplete": "off", "dir": "ltr", "placeholder": "+212 6 61 23 45 67"}),
    )


class ConfirmForm(forms.Form):
    """Erasing somebody, confirmed by a word that is typed."""

    word = forms.CharField(max_length=20, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, wanted: str, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self._wanted = wanted
        self.fields["word"].label = _("Pour confirmer, écrivez : %(word)s") % {"word": wanted}

    def clean_word(self) -> str:
        """The word that was asked for."""
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != self._wanted.casefold():
            raise forms.ValidationError(_("Ce n'est pas le mot demandé : rien n'est effacé."))
        return word
