"""What the figures are narrowed to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bot.console.chambers.models import Chamber, region_choices
from bot.console.conversations.models import CHANNELS
from bot.console.figures.period import BACK, LENGTHS, LONGEST, USUAL, Period

#: Nothing is older than this.
_EARLIEST = dt.date(2020, 1, 1)


def length_in(query: QueryDict) -> int:
    """How many days until today an address asks for; the usual number where it says nothing of use."""
    wanted = query.get("period", "")
    return next((length for length in LENGTHS if str(length) == wanted), USUAL)


def back_in(query: QueryDict) -> int:
    """How many periods before the present one a chamber asks for; none where its address says nothing of use."""
    wanted = query.get("back", "")
    return next((times for times in range(BACK + 1) if str(times) == wanted), 0)


class FiguresForm(forms.Form):
    """Days, region, chamber, channel. Days that are not given are those until today."""

    since = forms.DateField(label=_("Depuis le"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Jusqu'au"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    region = forms.ChoiceField(label=_("Région"), required=False, choices=lambda: [("", _("toutes")), *region_choices()])
    chamber = forms.ModelChoiceField(Chamber.objects.all(), label=_("Chambre"), required=False, empty_label=_("toutes"))
    channel = forms.ChoiceField(label=_("Canal"), required=False, choices=[("", _("tous")), *CHANNELS.items()])

    def __init__(self, query: QueryDict) -> None:
        self.usual = Period.until(timezone.localdate(), length_in(query))
        data = {name: query.get(name, "") for name in ("since", "until", "region", "chamber", "channel")}
        data["until"] = data["until"] or self.usual.last.isoformat()
        data["since"] = data["since"] or self.usual.first.isoformat()
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        """Refuse days that are in no order, too many, or still to come."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until:
            if since > until:
                self.add_error("until", _("Le dernier jour est avant le premier."))
            elif since < _EARLIEST:
                self.add_error("since", _("Dalil n'existait pas encore."))
            elif until > timezone.localdate():
                self.add_error("until", _("Ce jour est encore à venir."))
            elif (until - since).days >= LONGEST:
                self.add_error("since", _("Choisissez un an au plus."))
        return found

    def period(self) -> Period:
        """The days that are wanted; where they are not right, those until today."""
        self.is_valid()
        if self.cleaned_data.get("since") and self.cleaned_data.get("until"):
            return Period(self.cleaned_data["since"], self.cleaned_data["until"])
        return self.usual

    def wish(self, name: str) -> Any:
        """A value that is given and valid, else None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


class ExportForm(forms.Form):
    """What is handed out, and as which kind of file."""

    what = forms.ChoiceField(choices=[("turns", _("Messages, sans noms")), ("figures", _("Chiffres de cette page"))])
    kind = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "XLSX (Excel)")])
