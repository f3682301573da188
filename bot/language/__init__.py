"""Which variety is this, and how is it compared? Pure functions over text; nothing here knows Rasa."""

from bot.language.normal import normalise, tokens
from bot.language.skeleton import skeleton
from bot.language.variety import Variety, reply_language

__all__ = ["Variety", "normalise", "reply_language", "skeleton", "tokens"]
