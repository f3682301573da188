"""Figures in a message: amounts of money and ages, as people write them."""

from __future__ import annotations

import re

from bot.language.counting import said_numbers
from bot.language.normal import normalise, tokens

_NUMBER = r"(\d{1,3}(?:[ .,]\d{3})+|\d+(?:[.,]\d+)?)"
_SCALES = {
    "million": 1_000_000, "millions": 1_000_000, "مليون": 10_000, "ملايين": 10_000, "mlyoun": 10_000, "mlayen": 10_000, "melyoun": 10_000,
    "mille": 1_000, "alf": 1_000, "الف": 1_000, "الاف": 1_000, "alaf": 1_000, "k": 1_000,
}  # fmt: skip
_DIRHAM = r"(?:dhs?|mad|dirhams?|derham|drhem|drahem|درهم|دراهم|د\.?م)"
_RIAL = r"(?:ryals?|rials?|ريال|ريالات)"
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_AMOUNT = re.compile(rf"{_NUMBER}\s*({_SCALE})?\s*({_DIRHAM}|{_RIAL})?(?!\w)")
_AGE = re.compile(r"(?:3nd[iyo]+|عندي|عمري|3omri|3mri|j'ai|age de|agee? de)?\s*(\d{2})\s*(?:ans?|3am|3ame|سنه|عام|عاما)(?!\w)")


def _number(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[ .,]\d{3})+", digits):
        return float(re.sub(r"[ .,]", "", digits))
    return float(digits.replace(",", "."))


def amounts(text: str) -> list[int]:
    """Amounts of money in dirhams. A number counts only with a currency or a scale ("50000 dh", "5 مليون", "20 mille").

    In Darija a "million" is a million centimes, 10 000 dirhams; in French it is a million dirhams. Rials are twenty to the dirham.
    """
    found = []
    for digits, scale, currency in _AMOUNT.findall(normalise(text)):
        if not scale and not currency:
            continue
        value = _number(digits) * _SCALES.get(scale, 1)
        if currency and re.fullmatch(_RIAL, currency):
            value /= 20
        found.append(round(value))
    return found or _in_words(normalise(text))


def _in_words(text: str) -> list[int]:
    """Sums said in words: a number and a scale ("cinquante mille", خمسين ألف), or a scale and a currency ("mille dirhams")."""
    words = list(tokens(text))
    numbers = {after: number for number, after in said_numbers(words)}
    found = []
    for position, word in enumerate(words):
        scale = _SCALES.get(word)
        currency = position + 1 < len(words) and re.fullmatch(_DIRHAM, words[position + 1])
        if scale and scale > 1 and (position in numbers or currency):
            found.append(numbers.get(position, 1) * scale)
    return found


def age(text: str) -> int | None:
    """A person's age in years (15 to 99) where one is said, else None."""
    found = _AGE.search(normalise(text))
    years = int(found.group(1)) if found else 0
    return years if 15 <= years <= 99 else None
