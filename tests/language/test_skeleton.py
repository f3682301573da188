"""The consonant skeleton: one word in two scripts and many spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.skeleton import skeleton


@pytest.mark.parametrize(
    "spellings",
    [
        ["ta3awniya", "t3awniya", "تعاونية", "التعاونية", "lta3awniya", "للتعاونية"],
        ["jam3iya", "jm3iya", "jem3ia", "جمعية", "الجمعية"],
        ["ch7al", "chhal", "chhel", "شحال"],
        ["bghit", "bghiit", "بغيت"],
        ["mo9awil", "mou9awil", "مقاول", "المقاول"],
        ["9anoun", "9anon", "قانون", "القانون"],
        ["wra9", "lwra9", "الوراق"],
        ["khedma", "5edma", "خدمة"],
    ],
)
def test_all_spellings_of_a_word_share_one_skeleton(spellings: list[str]) -> None:
    assert len({skeleton(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("تعاونية", "جمعية"), ("شحال", "كيفاش"), ("banka", "lbalad")])
def test_different_words_keep_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_numbers_stay() -> None:
    assert skeleton("5 ناس") == "5 ns"


@given(st.text(max_size=200))
def test_any_text_has_a_skeleton(text: str) -> None:
    assert isinstance(skeleton(text), str)
