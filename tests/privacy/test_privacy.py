"""Pseudonyms and redaction."""

import pytest

from bot.privacy.pseudonym import pseudonym
from bot.privacy.redact import redact


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mon numéro 0661234567 svp", "mon numéro [tel] svp"),
        ("+212 6 61 23 45 67", "[tel]"),
        ("00212661234567", "[tel]"),
        ("05.22.33.44.55", "[tel]"),
        ("رقمي ٠٦٦١٢٣٤٥٦٧", "رقمي [tel]"),
        ("CIN AB123456", "CIN [cin]"),
        ("jb 54321 hiya lakart", "[cin] hiya lakart"),
        ("fatima.z@example.ma ktbi liya", "[e-mail] ktbi liya"),
        ("RIB 007 780 0001234567890123 45", "RIB [num]"),
        *((f"tel {number} merci", "tel [tel] merci") for number in ("06/61/23/45/67", "06 - 61 - 23 - 45 - 67", "06  61  23 45 67", "(06) 61 23 45 67")),
        *((f"tel {number} merci", "tel [tel] merci") for number in ("0661–23–45–67", "06_61_23_45_67", "06,61,23,45,67", "+212 (0) 6 61 23 45 67")),
        *((f"cin {number} merci", "cin [cin] merci") for number in ("AB-123456", "AB n° 123456", "AB. 123456", "ab:123456")),
        ("l-80000 dh", "l-80000 dh"),
        ("0,5 % ou 0,6 %", "0,5 % ou 0,6 %"),
        ("le 05/06/2024", "le 05/06/2024"),
        ("art. 5, 6, 7, 8 et 9", "art. 5, 6, 7, 8 et 9"),
        ("loi 112-12 de 2014", "loi 112-12 de 2014"),
        ("50 000 DH ou 1.000.000 DH", "50 000 DH ou 1.000.000 DH"),
        ("on est 5 ou 7", "on est 5 ou 7"),
        ("ch7al men 3odw", "ch7al men 3odw"),
    ],
)
def test_what_identifies_a_person_is_masked_and_nothing_else(typed: str, kept: str) -> None:
    assert redact(typed) == kept


def test_a_pseudonym_is_the_same_for_the_same_person_only() -> None:
    assert pseudonym("web", "x", b"k") == pseudonym("web", "x", b"k")
    assert len({pseudonym("web", "x", b"k"), pseudonym("web", "y", b"k"), pseudonym("rest", "x", b"k"), pseudonym("web", "x", b"l")}) == 4
    assert "0661234567" not in pseudonym("wa", "0661234567", b"k")
