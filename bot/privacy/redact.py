"""Masking what identifies a person in what they typed, before anything is stored or logged.

Moroccan forms: phone numbers (+212, 06..., however people part the digits), e-mail addresses, national identity card numbers (one or two
letters and five to seven digits), bank accounts (RIB, 24 digits) and any other run of nine digits or more. Law 09-08, article 3: no more
data than the purpose needs. Years, amounts and law numbers stay.
"""

from __future__ import annotations

import re

_DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
#: What people put between the digits of a phone number.
_GAP = r"[\s./()_,:*\u2013\u2014-]{0,3}"
_COUNTRY = rf"(?:\+|00|٠٠)\s?(?:212|٢١٢){_GAP}[0٠]?|[0٠]"
_PHONE = re.compile(rf"(?<![{_DIGITS}\w])\(?(?:{_COUNTRY}){_GAP}[5-8٥-٨](?:{_GAP}[{_DIGITS}]){{8}}(?![{_DIGITS}])")
_LONG_NUMBER = re.compile(rf"(?<![{_DIGITS}])[{_DIGITS}](?:[\s.-]?[{_DIGITS}]){{8,}}(?![{_DIGITS}])")
_CURRENCY = r"(?:dhs?|mad|dirhams?|derham|drhem|drahem|درهم|دراهم|€|euros?|ryals?|ريال)"
#: A sum is no card: a short word, a space, then digits: "de 50000", "l 80000 dh".
_SUM = rf"(?!(?:de|du|et|ou)\s[{_DIGITS}]|(?:[aàbdfhlow]|la|le|un)[\s.-]+[{_DIGITS}]{{5,7}}\s*{_CURRENCY}(?!\w))"
_IDENTITY_CARD = re.compile(rf"(?<![\w]){_SUM}[A-Za-z]{{1,2}}[\s.:-]{{0,3}}(?:n[°o]\s?)?[{_DIGITS}]{{5,7}}(?![\w])", re.IGNORECASE)

MASKS = ((_EMAIL, "[e-mail]"), (_PHONE, "[tel]"), (_LONG_NUMBER, "[num]"), (_IDENTITY_CARD, "[cin]"))


def redact(text: str) -> str:
    """`text` with everything that identifies a person masked."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text
