"""Cutting a message where a second question begins."""

import pytest

from bot.language.parts import cuts, last_question


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("combien de membres et quel est le capital ?", ("combien de membres", "quel est le capital")),
        ("chhal khass dyal nas w chhal lcapital", ("chhal khass dyal nas", "chhal lcapital")),
        ("شحال خاص ديال الناس وشحال ديال راس المال", ("شحال خاص ديال الناس", "شحال ديال راس المال")),
        ("كم عدد الأعضاء وكم رأس المال؟", ("كم عدد الاعضاء", "كم راس المال")),
        ("Salam, c'est quoi une coopérative ? Combien ça coûte", ("c est quoi une cooperative", "combien ca coute")),
        ("le capital minimum\net les membres svp", ("le capital minimum", "les membres")),
        ("chhal lcapital fin nsejjlo", ("chhal lcapital", "fin nsejjlo")),
    ],
)
def test_a_second_question_may_begin_after_a_mark_with_and_or_at_a_word_that_asks(text: str, parts: tuple[str, str]) -> None:
    assert parts in cuts(text)


@pytest.mark.parametrize("text", ["واش نقدر ندير تعاونية", "combien de membres", "bonjour", "", "?", "et", "w w w"])
def test_where_nothing_may_begin_there_is_no_cut(text: str) -> None:
    assert cuts(text) == []


def test_the_last_cuts_of_a_long_message_are_kept() -> None:
    found = cuts(", ".join(f"combien de membres {number}" for number in range(50)))
    assert 1 < len(found) < 10
    assert found[-1][1] == "combien de membres 49"


STORY = "Salam, je m'appelle Khadija et nous sommes dix femmes dans un douar près de Taza. L'hiver a été long. On fait du couscous. {} Merci d'avance"


def test_the_question_at_the_end_of_a_story_is_found_with_the_sentence_before_it() -> None:
    assert last_question(STORY.format("Combien coûte la création ?")) == "On fait du couscous. Combien coûte la création"


@pytest.mark.parametrize("text", ["", "Bonjour. Combien coûte la création ?", " ".join(["mot"] * 40)])
def test_a_short_message_and_one_of_a_single_sentence_are_no_story(text: str) -> None:
    assert last_question(text) is None
