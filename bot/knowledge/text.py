"""From a record to the text a person reads: figures filled in, the state of things first, source and date last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from bot.knowledge.records import PLACEHOLDER, Record, Sourced, Status

#: A space that does not break a line, between groups of three digits.
_GROUP = "\u00a0"

_STATUS = {
    Status.CLOSED: {
        "fr": "Fermé à ce jour.",
        "ar": "هذا البرنامج مغلق حاليًا.",
        "ary": "هادشي مسدود دابا.",
    },
    Status.TO_CONFIRM: {
        "fr": "À confirmer avant de vous déplacer.",
        "ar": "معلومة تحتاج إلى تأكيد قبل التنقل.",
        "ary": "تأكدو من هاد المعلومة قبل ما تمشيو.",
    },
}
_SOURCE = {"fr": "Source", "ar": "المصدر", "ary": "المصدر"}
_TEXT_OF = {"fr": "texte de", "ar": "نص", "ary": "نص"}
_CHECKED = {"fr": "vérifié le", "ar": "تم التحقق في", "ary": "تراجعات ف"}


#: The number of a law, as French texts write it. In Arabic its parts are joined by dots, as Moroccan law texts do: between Arabic words a
#: hyphen would show the parts in the wrong order.
_LAW_NUMBER = re.compile(r"(?<![\w-])\d{1,3}(?:-\d{1,3})+(?![\w-])")
#: Two years, joined by a stroke in Arabic for the same reason.
_YEARS = re.compile(r"(?<![\w-])(\d{4})-(\d{4})(?![\w-])")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def figure(value: object, language: str = "fr") -> str:
    """A value as it is shown: whole numbers grouped from 1 000 up, decimals with a comma, dates as day/month/year."""
    if isinstance(value, bool):
        raise TypeError("a yes or no is not a figure")
    if isinstance(value, int):
        return f"{value:,}".replace(",", _GROUP)
    if isinstance(value, float):
        return f"{value:,.10g}".replace(",", _GROUP).replace(".", ",")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    text = str(value)
    if _ISO_DATE.fullmatch(text):
        return short_date(text)
    return text if language == "fr" else _dotted(text)


def _dotted(text: str) -> str:
    return _YEARS.sub(r"\1/\2", _LAW_NUMBER.sub(lambda number: number.group().replace("-", "."), text))


def fill(text: str, values: Mapping[str, Any], language: str) -> str:
    """`text` with its figures, as `language` (fr, ar or ary) writes them."""
    return PLACEHOLDER.sub(lambda name: figure(values[name.group(1)], language), text)


def filled(record: Record, language: str) -> str:
    """The answer's text with its figures, in `language`."""
    return fill(record.answer.get(language), record.values, language)


def short_date(date: str | dt.date) -> str:
    """2017-08 as 08/2017, 2017-08-21 as 21/08/2017, 2017 as 2017."""
    return "/".join(reversed(str(date).split("-")))


def source_line(record: Sourced, language: str) -> str:
    """Where the fact stands and when it was checked, in one line."""
    where = _localised(record.legal_basis, language) or record.sources[0].publisher
    parts = [f"{_SOURCE[language]} : {where}" if language == "fr" else f"{_SOURCE[language]}: {where}"]
    if record.as_of:
        parts.append(f"{_TEXT_OF[language]} {short_date(record.as_of)}")
    parts.append(f"{_CHECKED[language]} {short_date(record.checked)}")
    return " · ".join(parts)


_LEGAL_WORDS = (
    ("loi de finances", "قانون المالية"),
    ("loi-cadre", "القانون الإطار"),
    ("loi n°", "القانون"),
    ("loi", "القانون"),
    ("décret-loi", "المرسوم بقانون"),
    ("décret", "المرسوم"),
    ("dahir", "الظهير"),
    ("arrêté", "القرار"),
    ("circulaire", "الدورية"),
    ("articles", "المواد"),
    ("article", "المادة"),
    ("art.", "المادة"),
    ("arts.", "المواد"),
    ("et suivants", "وما بعدها"),
    (" et ", " و"),
    (" à ", " إلى "),
)


def _localised(legal_basis: str | None, language: str) -> str | None:
    """The legal basis with its common words in Arabic, when that leaves nothing in Latin letters; else as it is."""
    if legal_basis is None or language == "fr":
        return legal_basis
    text = legal_basis = _dotted(legal_basis)
    for french, arabic in _LEGAL_WORDS:
        text = re.sub(re.escape(french), arabic, text, flags=re.IGNORECASE)
    text = text.replace(",", "،").replace(";", "؛")
    return legal_basis if any("a" <= letter.lower() <= "z" for letter in text) else text


def status_line(record: Sourced, language: str) -> str | None:
    """What to know before acting upon the fact; None while it is in force."""
    said = _STATUS.get(record.status)
    return said[language] if said else None


def shown(record: Record, language: str) -> str:
    """The whole answer: status line where needed, text, source line."""
    parts = [status_line(record, language), filled(record, language), source_line(record, language)]
    return "\n\n".join(part for part in parts if part)


_SOURCES = {"fr": "Cette réponse vient de :", "ar": "هذا الجواب مأخوذ من:", "ary": "هاد الجواب جا من:"}


def sources_text(record: Record, language: str) -> str:
    """All sources of a record with their dates, each address on a line of its own."""
    lines = [_SOURCES[language]]
    if record.legal_basis:
        lines.append(f"• {_localised(record.legal_basis, language)}")
    for source in record.sources:
        date = f" ({short_date(source.date)})" if source.date else ""
        lines.append(f"• {source.publisher}{date}")
        if source.url:
            lines.append(source.url)
    return "\n".join(lines)
