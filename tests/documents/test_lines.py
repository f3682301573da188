"""Lines: broken between words, in the order in which they are seen."""

from __future__ import annotations

import pytest

from bot.documents.lines import Line, Span, break_lines, left_to_right, own_direction
from bot.documents.texts import typeset


def _seen(line: Line) -> str:
    """The letters of a line from left to right."""
    return "".join(piece.text[::-1] if piece.rtl else piece.text for piece in line.pieces)


def _arabic(text: str) -> str:
    """How a line of Arabic is seen: from left to right, each Arabic word spelt from its end."""
    (line,) = break_lines([Span(typeset(text, "ar"))], True, 1000)
    return _seen(line)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("القانون 112.12 (المادة 14)", ["(14 ةداملا)", "112.12", "نوناقلا"]),
        ("القانون 112-12 جديد", ["ديدج", "112-12", "نوناقلا"]),
        ("التعاون (ODCO) أولا", ["الوأ", "(ODCO)", "نواعتلا"]),
        ("يوم 24/11/2026 صباحا", ["احابص", "24/11/2026", "موي"]),
        ("مبلغ 1\u00a0000 درهم", ["مهرد", "1\u00a0000", "غلبم"]),
        ("مبلغ 25 000 درهم", ["مهرد", "25 000", "غلبم"]),
        ("هاتف 05 37 77 10 33 مساء", ["ءاسم", "05 37 77 10 33", "فتاه"]),
        ("هاتف +212537771033 مساء", ["ءاسم", "+212537771033", "فتاه"]),
        ("موقع https://www.cnss.ma/ar/ هنا", ["انه", "https://www.cnss.ma/ar/", "عقوم"]),
        ("بريد odco@odco.gov.ma هنا", ["انه", "odco@odco.gov.ma", "ديرب"]),
        ("هل هذا مجاني؟", ["؟يناجم", "اذه", "له"]),
    ],
)
def test_numbers_names_and_brackets_keep_their_order_inside_arabic(text: str, parts: list[str]) -> None:
    seen = _arabic(text)
    places = [seen.find(part) for part in parts]
    assert -1 not in places, seen
    assert places == sorted(places), seen


def test_a_french_source_does_not_mix_with_the_arabic_around_it() -> None:
    seen = _arabic(f"المصدر: {own_direction('loi 112-12, art. 14 (bis)')} · {own_direction('نص 08/2017')}")
    assert "loi 112-12, art. 14 (bis)" in seen
    assert seen.index("08/2017") < seen.index("loi") < seen.index("ردصملا")


def test_a_long_french_address_inside_arabic_goes_on_below_its_beginning() -> None:
    lines = break_lines([Span(left_to_right("12, avenue Mohammed V, résidence Al Amal, Agdal, Rabat"))], True, 15)
    assert len(lines) > 1
    assert " ".join(map(_seen, lines)) == "12, avenue Mohammed V, résidence Al Amal, Agdal, Rabat"


def test_no_line_is_wider_than_the_room_and_no_word_is_lost() -> None:
    text = "Déposez le dossier au greffe du tribunal de première instance, avec la liste des membres et les statuts signés."
    for room in (8, 12, 20, 40):
        lines = break_lines([Span(text)], False, room)
        assert all(line.width <= room + 0.01 for line in lines)
        assert " ".join(map(_seen, lines)) == text


def test_a_word_that_is_wider_than_the_room_is_broken_at_a_sign() -> None:
    lines = break_lines([Span("https://www.exemple.ma/une/tres/longue/adresse")], False, 14)
    assert "".join(map(_seen, lines)) == "https://www.exemple.ma/une/tres/longue/adresse"
    assert all(line.width <= 14 for line in lines)
    assert _seen(lines[0]).endswith("/")


def test_a_number_stays_with_what_it_counts_and_punctuation_with_its_word() -> None:
    for room in range(4, 30):
        for line in break_lines([Span("signés par 5 membres au moins : 3 copies ; vite")], False, room / 2):
            assert not _seen(line)[-1:].isdigit()
            assert _seen(line)[0] not in ":;"


def test_nothing_makes_no_line() -> None:
    assert break_lines([Span("")], True, 10) == ()
    assert break_lines([], False, 10) == ()


def test_what_no_typeface_has_is_left_out() -> None:
    assert _seen(break_lines([Span("Bonjour 🙂 !")], False, 100)[0]) == "Bonjour  !"


def test_digits_are_set_two_by_two_without_a_space_between_them() -> None:
    (line,) = break_lines([Span("0537771033", pairs=True)], False, 100)
    assert [piece.text for piece in line.pieces] == ["05", "37", "77", "10", "33"]


def test_french_is_typeset_with_curved_apostrophes_and_fixed_spaces() -> None:
    assert typeset("l'objet : « oui » ?", "fr") == "l’objet\u00a0: «\u00a0oui\u00a0»\u00a0?"
