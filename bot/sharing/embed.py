"""What a chamber pastes into its website for the chat to appear there. Pure."""

from __future__ import annotations

from html import escape

_LINK = {"fr": "Poser une question à Dalil", "ar": "اطرحوا سؤالا على دليل"}


def snippet(public_url: str, link: str, code: str, language: str) -> str:
    """The HTML to paste: a script that loads beside the page, and a plain link where scripts do not run.

    Args:
        public_url: where this Dalil is reached.
        link: to its chat page, with the code.
        code: the campaign's.
        language: fr or ar.
    """
    script = f'<script src="{escape(public_url)}/chat/embed.js" data-code="{escape(code)}" data-language="{language}" async></script>'
    direction = "rtl" if language == "ar" else "ltr"
    plain = f'<noscript><a href="{escape(link)}" lang="{language}" dir="{direction}">{_LINK[language]}</a></noscript>'
    return f"{script}\n{plain}\n"
