"""Cutting a message where a second question begins."""

import pytest

from bot.language.parts import parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("combien de membres et quel est le capital ?", 2),
        ("chhal khass dyal nas w chhal lcapital", 2),
        ("شحال خاص ديال الناس وشحال ديال راس المال", 2),
        ("كم عدد الأعضاء وكم رأس المال؟", 2),
        ("C'est quoi une coopérative ? Combien ça coûte ?", 2),
        ("une coopérative de pêche et d'artisanat", 1),
        ("واش نقدر ندير تعاونية", 1),
        ("bonjour", 1),
        ("", 1),
    ],
)
def test_a_second_question_begins_a_part(text: str, count: int) -> None:
    assert len(parts(text)) == count


@pytest.mark.parametrize("text", ["combien de membres et quel est le capital ?", "chhal khass dyal nas w chhal lcapital"])
def test_no_word_is_lost(text: str) -> None:
    assert " ".join(parts(text)).split() == [word.strip("?") for word in text.split() if word.strip("?")]
