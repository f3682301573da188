"""The varieties Dalil tells apart, and the language each is answered in."""

from __future__ import annotations

from enum import Enum


class Variety(str, Enum):
    """What a message is written in. The values are the labels of `dalil identify` (BCP 47 style)."""

    ARABIC = "ar"
    DARIJA = "ary-Arab"
    ARABIZI = "ary-Latn"
    FRENCH = "fr"
    ENGLISH = "en"
    AMAZIGH = "ber"
    TIFINAGH = "zgh"
    UNDETERMINED = "und"


#: The varieties that are understood and answered; the others are recognised, then answered in the nearest of these.
SERVED = (Variety.ARABIC, Variety.DARIJA, Variety.ARABIZI, Variety.FRENCH)

#: Languages in which answers are written. Arabizi is answered in Darija in Arabic script.
REPLY_LANGUAGES = ("fr", "ar", "ary")

_REPLY = {
    Variety.ARABIC: "ar",
    Variety.DARIJA: "ary",
    Variety.ARABIZI: "ary",
    Variety.FRENCH: "fr",
    Variety.ENGLISH: "fr",
    Variety.AMAZIGH: "ary",
    Variety.TIFINAGH: "ary",
}


def reply_language(variety: Variety) -> str | None:
    """The language code of the answer (fr, ar, ary), or None when the variety says nothing."""
    return _REPLY.get(variety)
