"""What a fact looks like, and what makes it valid. `data/knowledge/README.md` explains the fields to their writers."""

from __future__ import annotations

import datetime as dt
import re
from enum import Enum
from typing import Any

from pydantic import BaseModel, Extra, Field, root_validator, validator

from bot.language.variety import REPLY_LANGUAGES

#: Longest answer in characters, figures filled in, the source line apart.
LONGEST_ANSWER = 900
#: Longest title in characters: a WhatsApp list row shows no more.
LONGEST_TITLE = 24

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_DIGIT = re.compile(r"[0-9\u0660-\u0669\u06f0-\u06f9]")
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\ufeff]")
_ARABIC_WORD = re.compile("[\u0621-\u064a]{2,}")
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_DATE = re.compile(r"^\d{4}(?:-\d{2}(?:-\d{2})?)?$")


class KnowledgeError(Exception):
    """The knowledge base is not valid. The message has one line a fault: file, record, field, what is wrong."""


class Status(str, Enum):
    """Whether the fact can be acted upon today."""

    IN_FORCE = "in_force"
    CLOSED = "closed"
    TO_CONFIRM = "to_confirm"


class Confidence(str, Enum):
    """How well the fact is established."""

    VERIFIED = "verified"
    SINGLE_SOURCE = "single-source"
    UNCLEAR = "unclear"


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Texts(_Strict):
    """The same thing said in the three reply languages."""

    fr: str
    ar: str
    ary: str

    @validator("fr", "ar", "ary")
    def _is_clean(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("is empty")
        if _INVISIBLE.search(text):
            raise ValueError("holds an invisible direction or zero-width mark")
        return text.strip()

    def get(self, language: str) -> str:
        """The text in `language` (fr, ar or ary)."""
        return str(getattr(self, language))


class Answer(Texts):
    """An answer's text: each language in its own script."""

    @root_validator(skip_on_failure=True)
    def _is_in_its_script(cls, texts: dict[str, str]) -> dict[str, str]:
        if _ARABIC_WORD.search(texts["fr"]):
            raise ValueError("fr holds Arabic words")
        for language in ("ar", "ary"):
            if not _ARABIC_WORD.search(texts[language]):
                raise ValueError(f"{language} holds no Arabic word")
        return texts


class Title(Texts):
    """A name short enough for a button; an acronym may stand in any language."""

    @validator("fr", "ar", "ary")
    def _fits_a_button(cls, text: str) -> str:
        if len(text) > LONGEST_TITLE:
            raise ValueError(f"has {len(text)} characters, at most {LONGEST_TITLE} fit a button")
        return text


class Questions(_Strict):
    """How people ask for a record, per variety."""

    fr: list[str] = Field(min_items=2)
    ar: list[str] = Field(min_items=2)
    ary: list[str] = Field(min_items=2)
    ary_latn: list[str] = Field(min_items=2)

    def by_variety(self, most: int | None = None) -> list[tuple[str, str]]:
        """(variety label, question) of all of them, or of at most so many of each variety."""
        labels = {"fr": "fr", "ar": "ar", "ary": "ary-Arab", "ary_latn": "ary-Latn"}
        return [(label, question) for name, label in labels.items() for question in getattr(self, name)[:most]]


class Source(_Strict):
    """Where the fact was read."""

    url: str | None
    publisher: str
    title: str | None = None
    date: str | None = None

    @validator("date", pre=True)
    def _date_is_text(cls, value: object) -> object:
        return str(value) if isinstance(value, (int, dt.date)) else value


class Sourced(_Strict):
    """What every fact carries: where and when it was read, how well it is established, whether it holds today."""

    legal_basis: str | None = None
    sources: list[Source] = Field(min_items=1)
    as_of: str | None
    checked: dt.date
    review_by: dt.date
    status: Status
    confidence: Confidence

    @validator("as_of", pre=True, check_fields=False)
    def _as_of_is_a_date(cls, value: object) -> object:
        value = str(value) if isinstance(value, (int, dt.date)) else value
        if isinstance(value, str) and not _DATE.match(value):
            raise ValueError("must be YYYY, YYYY-MM or YYYY-MM-DD")
        return value


def checked_id(value: str) -> str:
    """`value`, if it can be an id.

    Raises:
        ValueError: if it is not lower-case words joined by hyphens.
    """
    if not _ID.match(value):
        raise ValueError("must be lower-case words joined by hyphens")
    return value


def check_figures(name: str, texts: Texts, values: dict[str, Any]) -> None:
    """Check that every figure of `texts` comes from `values`.

    Raises:
        ValueError: naming the text (`name` and language) and what is wrong with it.
    """
    for language in REPLY_LANGUAGES:
        text, where = texts.get(language), f"{name}.{language}"
        for placeholder in PLACEHOLDER.findall(text):
            if placeholder not in values:
                raise ValueError(f"{where} uses {{{placeholder}}}, which is not in values")
            if not isinstance(values[placeholder], (str, int, float, dt.date)):
                raise ValueError(f"{where} uses {{{placeholder}}}, which is neither text, number nor date")
        bare = PLACEHOLDER.sub("", text)
        if "{" in bare or "}" in bare:
            raise ValueError(f"{where} holds a brace that is no placeholder")
        if found := _DIGIT.search(bare):
            raise ValueError(f"{where} holds the figure '{found.group()}' outside values")


class Record(Sourced):
    """One fact in three languages, with its figures, its sources and its dates.

    Attributes:
        lead: whether it leads the records of its subject and aspect.
        compares: the subjects that it tells apart.
    """

    id: str
    subject: str
    aspect: str
    lead: bool = False
    compares: list[str] = []
    title: Title
    values: dict[str, Any] = {}
    answer: Answer
    questions: Questions
    related: list[str] = []
    merges: list[str] = []

    _id_is_kebab_case = validator("id", allow_reuse=True)(checked_id)

    @validator("values")
    def _values_are_named(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in values:
            if not PLACEHOLDER.fullmatch(f"{{{name}}}"):
                raise ValueError(f"'{name}' must be a snake_case name")
        return values

    @root_validator(skip_on_failure=True)
    def _figures_come_from_values(cls, fields: dict[str, Any]) -> dict[str, Any]:
        check_figures("answer", fields["answer"], fields["values"])
        return fields


class Aspect(_Strict):
    """What can be asked about a subject."""

    id: str
    title: Title
    note: str


class Area(_Strict):
    """A part of the field: the top of the menu."""

    id: str
    title: Title


class Subject(_Strict):
    """What can be asked about, with every name people give it.

    Attributes:
        form: whether it is a legal form. Who names one form does not ask about another.
    """

    id: str
    area: str
    form: bool = False
    title: Title
    names: list[str] = Field(min_items=1)
