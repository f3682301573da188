"""Which language a person asks to be answered in: "en français svp", "بالدارجة", "hder m3aya b l3arbiya"."""

from __future__ import annotations

from bot.language.normal import tokens
from bot.language.skeleton import without_prefix, word_skeleton

#: Reply language -> names it goes by, in any script; the skeletons of the Arabic and Latin forms are compared.
_NAMES = {
    "fr": ("français", "francais", "fr", "french", "فرنسية", "فرنساوية", "فرونسي", "فرونساوية", "fransiya", "fransawiya", "fronsi", "franssais"),
    "ary": ("darija", "دارجة", "دارجا", "darija", "derija", "marocain", "مغربية", "maghribiya", "ary", "darja"),
    "ar": ("arabe", "عربية", "عربي", "فصحى", "3arbiya", "3arabiya", "arabiya", "ar", "fos7a", "fousha", "arabic", "3arbia", "l3arbia"),
}
_BY_WORD = {tokens(name)[0]: language for language, names in _NAMES.items() for name in names}
_BY_SKELETON = {word_skeleton(tokens(name)[0]): language for language, names in _NAMES.items() for name in names if len(name) > 3}


def language_asked_for(text: str) -> str | None:
    """The reply language named in `text` (fr, ar or ary); None when none is. "Arabe marocain" is Darija."""
    found = set()
    for word in tokens(text):
        bare = without_prefix(word)
        language = _BY_WORD.get(word) or _BY_WORD.get(bare)
        if language is None and len(bare) > 3:
            code = word_skeleton(bare)
            language = _BY_SKELETON.get(code) or _BY_SKELETON.get(code.removeprefix("b"))
        if language:
            found.add(language)
    for language in ("ary", "fr", "ar"):
        if language in found:
            return language
    return None
