"""The normal form: what people type in many ways becomes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normal import normalise, tokens


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("التَّعَاوُنِيَّة", "التعاونيه"),
        ("أكادير", "اكادير"),
        ("إلى", "الي"),
        ("تعـــاونية", "تعاونيه"),
        ("ﻻ", "لا"),
        ("ڭاع", "كاع"),
        ("٥٠٠٠ درهم", "5000 درهم"),
        ("۲۵", "25"),
        ("Coopérative", "cooperative"),
        ("L’association", "l'association"),
        ("cœur", "coeur"),
        ("bzaaaaaaf", "bzaaf"),
        ("10000", "10000"),
        ("  a\u200f  b\n", "a b"),
    ],
)
def test_normal_form(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("كيفاش؟واش", ["كيفاش", "واش"]),
        ("ch7al=kif", ["ch7al", "kif"]),
        ("l'association", ["l", "association"]),
        ("7'bza 3'ali", ["7'bza", "3'ali"]),
        ("تعاونية/جمعية", ["تعاونيه", "جمعيه"]),
        ("👍🏽 ok!!!", ["ok"]),
        ("؟؟؟", []),
    ],
)
def test_words(typed: str, expected: list[str]) -> None:
    assert list(tokens(typed)) == expected


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=200))
def test_words_have_letters_or_digits_only(text: str) -> None:
    assert all(word and not word.isspace() for word in tokens(text))
