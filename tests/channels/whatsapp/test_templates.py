"""Choices on WhatsApp: buttons, a list, or numbers in the text."""

import json

import pytest

from bot.channels.whatsapp.templates import definitions, name_of, variables
from bot.channels.whatsapp.transport import written_out
from bot.delivery.messages import Choice


def _choices(count: int, title: str = "Les étapes") -> list[Choice]:
    return [Choice(f"{title} {n}"[-24:], "/x") for n in range(count)]


@pytest.mark.parametrize(
    ("choices", "name"),
    [
        (_choices(1), "dalil_buttons_1"),
        (_choices(3), "dalil_buttons_3"),
        (_choices(2, "Qui peut être membre ici"), "dalil_list_2"),
        (_choices(10), "dalil_list_10"),
        (_choices(11), None),
        ([], None),
    ],
)
def test_few_short_choices_are_buttons_more_are_a_list(choices: list[Choice], name: str | None) -> None:
    assert name_of(choices) == name


@pytest.mark.parametrize("count", [2, 7])
def test_the_variables_fill_their_template(count: int) -> None:
    choices = _choices(count)
    given = json.loads(variables(5, "Que voulez-vous savoir ?", choices, "Voir"))
    definition = definitions()[name_of(choices)]
    assert given.keys() == definition["variables"].keys()
    text = json.dumps(definition["types"], ensure_ascii=False)
    for number, value in given.items():
        text = text.replace(f"{{{{{number}}}}}", value)
    assert "{{" not in text
    assert all(choice.title in text for choice in choices)
    assert f"b5.{count - 1}" in text


def test_without_a_template_choices_are_numbered_in_the_language_of_the_text() -> None:
    assert written_out("شنو بغيتو؟", _choices(2, "خيار")) == "شنو بغيتو؟\n\nاكتبوا رقم الاختيار:\n1. خيار 0\n2. خيار 1"
    assert "Écrivez le numéro" in written_out("Que voulez-vous ?", _choices(1))
    assert written_out("Bonjour", []) == "Bonjour"


def test_where_a_number_is_itself_an_answer_choices_have_none() -> None:
    asked = written_out("Combien êtes-vous ?", [Choice("Moins de 5", '/answer{"field": "people", "value": "3"}')])
    assert asked == "Combien êtes-vous ?\n\nÉcrivez votre réponse, par exemple :\n• Moins de 5"
