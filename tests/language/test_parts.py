"""Cutting a message where a second question begins."""

import pytest

from bot.language.parts import last_question, parts


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


STORY = "Salam, je m'appelle Khadija et nous sommes dix femmes dans un douar près de Taza. L'hiver a été long. On fait du couscous. {} Merci d'avance"


def test_the_question_at_the_end_of_a_story_is_found_with_the_sentence_before_it() -> None:
    assert last_question(STORY.format("Combien coûte la création ?")) == "On fait du couscous. Combien coûte la création"


@pytest.mark.parametrize("text", ["", "Bonjour. Combien coûte la création ?", " ".join(["mot"] * 40)])
def test_a_short_message_and_one_of_a_single_sentence_are_no_story(text: str) -> None:
    assert last_question(text) is None
