"""Telegram's two text styles: what the reader sees, and what Telegram would refuse to parse."""

from __future__ import annotations

import html
import re

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "tg-emoji", "code", "pre", "blockquote"}
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:=(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*>""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"```(?:\w*\n)?(.*?)```|`([^`]*)`", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_QUOTE = re.compile(r"^(?:\*\*)?>", re.MULTILINE)


def visible(text: str, parse_mode: str | None) -> tuple[str, list[str]]:
    """The text as its reader sees it, and what is wrong with its markup."""
    if parse_mode is None:
        return text, []
    if parse_mode.lower() == "html":
        return _visible_html(text)
    return _visible_markdown(text)


def _visible_html(text: str) -> tuple[str, list[str]]:
    faults: list[str] = []
    shown: list[str] = []
    opened: list[str] = []
    position = 0
    for tag in _TAG.finditer(text):
        shown.append(text[position : tag.start()])
        position = tag.end()
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if closing:
            if not opened or opened.pop() != name:
                faults.append(f"unexpected end tag </{name}>")
        else:
            opened.append(name)
            if name not in _TAGS or (name == "span" and "tg-spoiler" not in attributes):
                faults.append(f"unsupported start tag <{name}>")
    shown.append(text[position:])
    faults += [f"no end tag for <{name}>" for name in opened]
    if any("<" in part for part in shown):
        faults.append("a < that begins no tag")
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), "".join(shown)), faults


def _visible_markdown(text: str) -> tuple[str, list[str]]:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(next((group for group in match.groups() if group is not None), ""))
        return chr(0xE000 + len(kept) - 1)

    plain = _LINK.sub(r"\1", _CODE.sub(keep, _ESCAPED.sub(keep, text)))
    plain = _QUOTE.sub("", plain).replace("||", "")
    faults = [f"the character {sign!r} is reserved and must be escaped" for sign in sorted(set(plain) & set("[]()>#+-=|{}.!`"))]
    faults += [f"no end of the entity begun with {sign!r}" for sign in "*_~" if plain.count(sign) % 2]
    plain = re.sub(r"[*_~]", "", plain)

    def restored(part: str) -> str:
        return "".join(restored(kept[ord(sign) - 0xE000]) if 0 <= ord(sign) - 0xE000 < len(kept) else sign for sign in part)

    return restored(plain), faults
