"""What is still heard while Dalil is switched off: what concerns people's data, and STOP and START. Everything else is told of the pause."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.delivery import events
from bot.language.normal import tokens
from bot.language.skeleton import without_prefix, word_skeleton
from bot.paths import ROOT
from bot.yaml_files import read_yaml

#: Payloads that are answered as ever. Without its notice on privacy nobody is greeted; a turn that fails must be able to say so.
_HEARD = ("/privacy", "/delete_data", "/erase", events.OPT_OUT, events.OPT_IN, events.FIRST_CONTACT, events.FAILED)

# A wish to have one's data erased names both: the deed and the thing. Words are known by their beginnings, those that are typed in two scripts
# by their consonants (bot/language/skeleton.py). No model reads what is typed during a pause, and nothing is erased without a button that
# confirms it: what is taken for the wish by mistake does no harm.
_DEEDS: tuple[str, ...] = ("supprim", "suprim", "effac", "efac", "delete", "oubli", "enlev", "retir", "vider", "zowl", "7eyd", "7eye", "7iye", "7ayd", "7ydo")
_DEEDS += ("n7eye", "n7iye", "n7eyd", "حيد", "نحيد", "تحيد", "محو", "امح", "زول", "ازيل", "ازال")
_DEEDS_IN_TWO_SCRIPTS = ("مسح", "نمسح", "تمسح", "يتمسح", "حذف", "نحذف", "تحذف")
_THINGS = ("donnee", "data", "message", "histori", "lhistori", "conversation", "discussion", "compte", "info", "trace", "tout")
_THINGS_IN_TWO_SCRIPTS: tuple[str, ...] = (
    "معطيات",
    "معطياتي",
    "بيانات",
    "بياناتي",
    "معلومات",
    "معلوماتي",
    "رسائل",
    "رسائلي",
    "محادثة",
    "محادثتي",
    "هضرة",
    "سجل",
)
_THINGS_IN_TWO_SCRIPTS += ("حساب", "كل", "كلشي", "داكشي", "ميساجات", "lmessagat", "ايستوريك", "سميتي", "نمرة")
#: A message of more words tells something else.
_MOST_WORDS = 10


def heard(text: str) -> str:
    """What the assistant is given in place of a message while Dalil is switched off.

    Args:
        text: what was typed, or a payload.

    Returns:
        The payload of the pause, but what concerns people's data, STOP and START go through.
    """
    if text.startswith("/"):
        return text if text.startswith(_HEARD) else events.SWITCHED_OFF
    return "/delete_data" if wants_erasure(text) else events.SWITCHED_OFF


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """What everybody is told during a pause, by reply language."""
    responses = read_yaml(ROOT / "domain" / "responses.yml")["responses"]
    return {variation["condition"][0]["value"]: variation["text"] for variation in responses["utter_switched_off"]}


def without_question(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was said, without the question of a journey that Rasa asks again after it: nobody could answer that now."""
    return [message for position, message in enumerate(messages) if position == 0 or "text" not in message]


def wants_erasure(text: str) -> bool:
    """Whether somebody seems to want their data erased."""
    words = tokens(text)
    if len(words) > _MOST_WORDS:
        return False
    deed = any(word.startswith(_DEEDS) or _bones(word) in _known(_DEEDS_IN_TWO_SCRIPTS) for word in words)
    return deed and any(word.startswith(_THINGS) or _bones(word) in _known(_THINGS_IN_TWO_SCRIPTS) for word in words)


def _bones(word: str) -> str:
    return word_skeleton(without_prefix(word))


@lru_cache(maxsize=2)
def _known(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_bones(tokens(word)[0]) for word in words)
