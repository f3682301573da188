"""What staff enter about corrections and missing records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bot.console.accounts.models import Staff
from bot.console.accounts.roles import Role
from bot.console.conversations.models import VARIETIES
from bot.console.learning.corrections import VARIETIES as LEARNT
from bot.console.learning.corrections import Case, Opinion, one_line
from bot.console.learning.known import Known
from bot.console.learning.models import Extent, Todo
from bot.console.learning.refusals import broken, refusal
from bot.console.review.models import Review
from bot.knowledge.records import KnowledgeError
from bot.settings import settings

_CHOOSE = ("", _("choisir…"))


class ApproveForm(forms.Form):
    """The line to be learnt: its text, what it is written in, and whose opinion of its meaning counts.

    Args:
        case: the turn.
        staff: who approves.
    """

    opinion = forms.TypedChoiceField(label=_("Ce qui était demandé"), coerce=int, widget=forms.RadioSelect)
    text = forms.CharField(label=_("Phrase à apprendre"), widget=forms.Textarea({"rows": 2, "dir": "auto"}))
    variety = forms.ChoiceField(label=_("Langue de la phrase"), choices=[_CHOOSE, *((variety, VARIETIES[variety]) for variety in LEARNT)])

    def __init__(self, case: Case, staff: Staff, data: Any = None) -> None:
        turn = case.turn
        first = {"opinion": case.opinions[0].id if len(case.opinions) == 1 else None, "text": one_line(turn.text)}
        first |= {"variety": turn.variety if turn.variety in LEARNT else ""}
        super().__init__(data, initial=first, auto_id=f"id_{turn.pk}_%s")
        self.case, self.staff = case, staff
        self.review: Review | None = None
        self.fields["opinion"].choices = [(opinion.id, opinion.target or opinion.kind) for opinion in case.opinions]  # type: ignore[attr-defined]

    @property
    def opinions(self) -> list[tuple[Opinion, Any]]:
        """Each opinion with its button."""
        return list(zip(self.case.opinions, self["opinion"]))

    @property
    def own(self) -> bool:
        """Whether nobody but who approves said what was meant."""
        return not any(opinion.seconded_by(self.staff) for opinion in self.case.opinions)

    def clean_text(self) -> str:
        """The text on one line, masked."""
        text = one_line(self.cleaned_data["text"])
        if len(text) > settings().longest_message:
            raise forms.ValidationError(_("Cette phrase est trop longue."))
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse what must not be learnt, and whoever approves what they said themselves."""
        values: dict[str, Any] = super().clean() or {}
        chosen = next((opinion for opinion in self.case.opinions if opinion.id == values.get("opinion")), None)
        if chosen is None:
            return values
        self.review = chosen.seconded_by(self.staff)
        if self.review is None:
            self.add_error(None, _("Vous avez relu ce message vous-même : une autre personne doit approuver la correction."))
        elif "text" in values and "variety" in values:
            try:
                known = Known.now(except_turns=[self.case.turn.pk])
            except KnowledgeError as error:
                self.add_error(None, broken(error))
            else:
                if fault := refusal(values["text"], values["variety"], chosen.kind, chosen.target, known):
                    self.add_error("text", fault)
        return values


class StartForm(forms.Form):
    """How thoroughly the new model is compared with the one in use."""

    extent = forms.TypedChoiceField(
        label=_("Comparer les deux modèles sur"), choices=Extent.choices, coerce=int, initial=Extent.ALL.value, widget=forms.RadioSelect, required=False
    )

    def extent_wanted(self) -> int:
        """One in how many questions is asked: all of them where nothing valid is said."""
        return self.cleaned_data["extent"] if self.is_valid() and self.cleaned_data["extent"] else Extent.ALL.value


def staff_who_edit() -> Any:
    """The accounts that can write records."""
    return Staff.objects.filter(is_active=True, role__in=(Role.EDITOR, Role.MANAGER)).order_by("username")


class SortForm(forms.Form):
    """Where a question that could not be answered belongs: to something to do that there is, or to a new one."""

    todo = forms.ModelChoiceField(Todo.objects.filter(state=Todo.State.OPEN), label=_("Ajouter à"), required=False, empty_label=_("une nouvelle fiche"))
    title = forms.CharField(label=_("Titre de la nouvelle fiche"), max_length=120, required=False, widget=forms.TextInput({"dir": "auto"}))

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("todo") and not values.get("title") and not self.errors:
            self.add_error("title", _("Donnez un titre, ou choisissez une fiche à écrire qui existe."))
        return values


class TodoForm(forms.ModelForm):
    """What is to do, by whom."""

    class Meta:
        model = Todo
        fields = ("title", "assignee", "note")
        widgets = {"title": forms.TextInput({"dir": "auto"}), "note": forms.Textarea({"rows": 3, "dir": "auto"})}

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.fields["assignee"].queryset = staff_who_edit()  # type: ignore[attr-defined]
        self.fields["assignee"].empty_label = _("personne encore")  # type: ignore[attr-defined]
