"""Amounts and ages, the language asked for, the thesaurus, generated Arabizi, the language of a conversation."""

import pytest

from bot.language.amounts import age, amounts
from bot.language.arabizi import HANDS, to_arabizi
from bot.language.conversation import DEFAULT_LANGUAGE, conversation_language
from bot.language.lexicon import meanings
from bot.language.skeleton import skeleton
from bot.language.switch import language_asked_for


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3ndi 50000 dh", [50_000]),
        ("50.000 DH", [50_000]),
        ("50 000 dirhams", [50_000]),
        ("٥٠٠٠ درهم", [5_000]),
        ("20 mille", [20_000]),
        ("عندي 5 مليون", [50_000]),  # in Darija a million is a million centimes
        ("2 millions de dirhams", [2_000_000]),
        ("4000 ريال", [200]),
        ("entre 10000 dh et 1,5 million", [10_000, 1_500_000]),
        ("loi 112-12", []),
        ("on est 5", []),
    ],
)
def test_amounts_in_dirhams(text: str, expected: list[int]) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("عندي 22 عام", 22), ("j'ai 35 ans", 35), ("3omri 19 3am", 19), ("depuis 3 ans", None), ("2024", None)])
def test_age_in_years(text: str, expected: int | None) -> None:
    assert age(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en français svp", "fr"),
        ("جاوبني بالفرنسية", "fr"),
        ("hder m3aya b darija", "ary"),
        ("بالدارجة عافاك", "ary"),
        ("بالعربية من فضلك", "ar"),
        ("b l3arbiya", "ar"),
        ("arabe marocain", "ary"),
        ("change la langue", None),
    ],
)
def test_language_asked_for(text: str, expected: str | None) -> None:
    assert language_asked_for(text) == expected


def test_one_meaning_is_found_in_every_variety() -> None:
    found = [set(meanings(text)) for text in ("coopérative", "تعاونية", "ta3awniya", "كوبيراتيف")]
    assert set.intersection(*found)


@pytest.mark.parametrize("hand", HANDS)
def test_generated_arabizi_keeps_most_of_the_skeleton(hand: object) -> None:
    line = "شحال خاص ديال الناس باش نديرو تعاونية"
    original, copy = skeleton(line).split(), skeleton(to_arabizi(line, hand)).split()  # type: ignore[arg-type]
    assert to_arabizi(line, hand).isascii()  # type: ignore[arg-type]
    assert sum(a == b for a, b in zip(original, copy)) >= len(original) - 2


def test_generated_arabizi_is_repeatable() -> None:
    assert to_arabizi("فين نحط الدوسي") == to_arabizi("فين نحط الدوسي")


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, DEFAULT_LANGUAGE),
        ({"language_guess": "fr"}, "fr"),
        ({"language_guess": "fr", "language": "ar"}, "ar"),
        ({"language_guess": "fr", "language": "ar", "chosen_language": "ary"}, "ary"),
        ({"language": "de"}, DEFAULT_LANGUAGE),
    ],
)
def test_an_explicit_choice_comes_before_evidence_and_evidence_before_a_guess(slots: dict[str, str], expected: str) -> None:
    assert conversation_language(slots) == expected
