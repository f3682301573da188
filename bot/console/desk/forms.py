"""The forms of a case's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from bot.channels.split import length
from bot.console.desk.models import LONGEST_REPLY, CannedReply
from bot.console.desk.standing import LANGUAGES

#: Numbers in the database are no larger.
LARGEST = 2_147_483_647


class ReplyForm(forms.Form):
    """What staff write; which messages they had seen; whom they answer instead of."""

    text = forms.CharField(
        label=_("Votre réponse"),
        error_messages={"required": _("Écrivez d'abord votre réponse.")},
        widget=forms.Textarea({"dir": "auto", "rows": 5, "maxlength": LONGEST_REPLY, "data-key": "r", "aria-describedby": "reply-count"}),
    )
    seen = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    despite = forms.IntegerField(min_value=0, max_value=LARGEST, required=False)

    def clean_text(self) -> str:
        """The text, if it is short enough: counted as the browser and the vendors count."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        if (units := length(text)) > LONGEST_REPLY:
            complaint = __("Votre réponse a {length} caractères, {most} au plus sont possibles : raccourcissez-la, ou envoyez-la en deux fois.")
            raise forms.ValidationError(complaint.format(length=units, most=LONGEST_REPLY))
        return text


def offered(language: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The canned replies by language, that of the case first: in each, the name of a choice, its title, its text."""
    replies = list(CannedReply.objects.all())
    codes = dict.fromkeys(code for code in (language, *LANGUAGES) if code in LANGUAGES)
    return [(str(LANGUAGES[code]), [(f"{reply.pk}-{code}", reply.title, reply.text(code)) for reply in replies]) for code in codes if replies]


def canned_text(choice: str) -> str:
    """The text of a canned reply, named as `offered` names it; empty for a name that is none."""
    number, _dash, language = choice.partition("-")
    if language not in LANGUAGES or not number.isascii() or not number.isdecimal() or int(number) > LARGEST:
        return ""
    reply = CannedReply.objects.filter(pk=int(number)).first()
    return reply.text(language) if reply else ""
