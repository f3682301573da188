"""When does a message ask for an office, and when is it nothing but a place?"""

import pytest

from bot.language.normal import tokens
from bot.places.asking import FIND_OFFICE, asks_for_office, asks_where, only_a_place


def test_an_office_and_a_place_ask_for_the_office_unless_a_record_is_certain() -> None:
    assert asks_for_office("ask_tax", 0.9, 5, where=False, named_office=True, named_place=True, record=0.4)
    assert not asks_for_office("ask_tax", 0.9, 5, where=False, named_office=True, named_place=True, record=0.6)
    assert asks_for_office("ask_place", 0.9, 5, where=False, named_office=True, named_place=True, record=0.6)
    assert not asks_for_office("ask_place", 0.9, 5, where=False, named_office=True, named_place=True, record=0.9)
    assert not asks_for_office("ask_definition", 0.9, 5, where=False, named_office=True, named_place=False, record=0.1)


def test_where_the_record_says_no_more_than_the_kind_of_office_and_a_town_is_named_the_office_is_the_answer() -> None:
    asked = {"where": False, "named_office": True, "record": 0.95, "says_where": True}
    assert asks_for_office("ask_place", 0.9, 9, named_place=True, **asked)
    assert not asks_for_office("ask_place", 0.9, 9, named_place=False, **asked)
    assert not asks_for_office("ask_place", 0.9, 40, named_place=True, **asked)
    assert not asks_for_office("ask_documents", 0.9, 9, named_place=True, **asked)


def test_a_long_story_asks_for_an_office_only_when_the_classifier_says_so() -> None:
    assert not asks_for_office("ask_delay", 0.9, 40, where=False, named_office=True, named_place=True, record=0.1)
    assert asks_for_office(FIND_OFFICE, 0.9, 40, where=False, named_office=True, named_place=True, record=0.1)


def test_where_is_asks_for_the_office_that_it_names_when_that_is_likelier_than_a_record() -> None:
    assert asks_for_office(FIND_OFFICE, 0.9, 5, where=False, named_office=True, named_place=False, record=0.7)
    assert not asks_for_office(FIND_OFFICE, 0.4, 5, where=False, named_office=True, named_place=False, record=0.7)
    assert asks_for_office("ask_place", 0.9, 5, where=False, named_office=True, named_place=False, record=0.2)
    assert not asks_for_office("ask_place", 0.9, 5, where=False, named_office=True, named_place=False, record=0.6)
    assert not asks_for_office(FIND_OFFICE, 0.9, 5, where=False, named_office=False, named_place=True, record=0.1)


def test_where_with_an_office_named_and_nothing_else_asks_for_the_office() -> None:
    assert asks_for_office("ask_benefits", 0.9, 5, where=True, named_office=True, named_place=False, record=0.99)
    assert not asks_for_office("ask_benefits", 0.9, 5, where=True, named_office=False, named_place=True, record=0.1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("où est le CRI ?", ["cri"]),
        ("fin kayna lghorfa", ["lghorfa"]),
        ("رقم الضمان", ["الضمان"]),
        ("فين جات المحكمة", ["المحكمه"]),
        ("contact odco Fès", ["odco", "fes"]),
    ],
)
def test_where_is_asked_in_every_variety(text: str, names: list[str]) -> None:
    assert asks_where(text, names)


@pytest.mark.parametrize(
    ("text", "names"),
    [("c'est quoi le CRI", ["cri"]), ("شنو كتدير الغرفة", ["الغرفه"]), ("فين كنقيدو التعاونية، واش فالمحكمة؟", ["فالمحكمه"])],
)
def test_what_is_not_where_and_more_than_where_is_neither(text: str, names: list[str]) -> None:
    assert not asks_where(text, names)


@pytest.mark.parametrize(("text", "names"), [("Taza", ["taza"]), ("w f taza?", ["taza"]), ("et à Taza ?", ["taza"]), ("أنا من تازة", ["تازه"])])
def test_a_place_with_particles_is_only_a_place(text: str, names: list[str]) -> None:
    assert only_a_place(tokens(text), names)


@pytest.mark.parametrize(("text", "names"), [("ta3awniya f taza", ["taza"]), ("bonjour", []), ("", [])])
def test_anything_else_is_more(text: str, names: list[str]) -> None:
    assert not only_a_place(tokens(text), names)
