"""Does a message ask where an office is?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.language.lexicon import meanings
from bot.language.normal import tokens
from bot.paths import PLACES

PARTICLES_FILE = PLACES / "particles.txt"

#: The intent of such messages.
FIND_OFFICE = "find_office"
#: The intent of messages that ask where to go; it may be an office.
_WHERE = "ask_place"
#: From this probability of a record on, a message that names an office asks for the record all the same; where it asks for a place and names
#: one, the record has to be surer.
_RECORD_LIKELY = 0.5
_RECORD_SURE = 0.8
#: From so many words on, a message is a story; up to so many, naming an office and a place is hardly ever on the way to something else.
_LONG = 16
_SHORT = 10
#: Meanings (of the thesaurus) that ask for an address or a number, and how many words may stand beside them that say something else: a few
#: more where a place is named.
_CONTACTS = frozenset({"where", "address", "number", "phone", "to_call,_contact", "email,_post", "near"})
_BESIDES = 1
_BESIDES_A_PLACE = 3


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    """Words that may stand around names without saying more: "et à Taza ?", "w f taza", "je cherche ..."."""
    return frozenset(tokens(PARTICLES_FILE.read_text(encoding="utf-8")))


def asks_where(text: str, names: Iterable[str], named_place: bool = False) -> bool:
    """Whether a text asks for an address, a number or the way to something, and for hardly anything else.

    Args:
        text: what was written.
        names: the words in it, in normal form, that name offices and places.
        named_place: whether a place is among them.
    """
    if not _CONTACTS.intersection(meanings(text)):
        return False
    names = frozenset(names)
    others = [word for word in tokens(text) if word not in names and word not in _particles() and not _CONTACTS.intersection(meanings(word))]
    return len(others) <= (_BESIDES_A_PLACE if named_place else _BESIDES)


def asks_for_office(
    intent: str, confidence: float, words: int, where: bool, named_office: bool, named_place: bool, record: float, says_where: bool = False
) -> bool:
    """Whether a message asks for an office rather than for a record.

    Args:
        intent: the intent found for it.
        confidence: how sure the intent is, 0 to 1.
        words: how many words it has: a long story names offices and places on its way to something else.
        where: whether it asks for an address or a number and nothing else (see `asks_where`).
        named_office: whether it names a kind of office.
        named_place: whether it names a place.
        record: the probability of the likeliest record.
        says_where: whether that record says no more than at which kind of office something is done, and that kind is named: where a town is named
            too, the office itself is the answer.
    """
    if not named_office:
        return False
    if where:
        return True
    if named_place and intent in (FIND_OFFICE, _WHERE):
        if says_where and words <= _LONG:
            return True
        return record < (_RECORD_SURE if words <= _SHORT else _RECORD_LIKELY)
    if (named_place or intent == _WHERE) and words <= _LONG:
        return record < _RECORD_LIKELY
    return intent == FIND_OFFICE and record < confidence


def only_a_place(words: Iterable[str], names: Iterable[str]) -> bool:
    """Whether a message is the name of a place with nothing around it but particles.

    Args:
        words: the words of the message, in normal form.
        names: the words in it that name a place; none if it names no place.
    """
    names = frozenset(names)
    return bool(names) and all(word in names or word in _particles() for word in words)
