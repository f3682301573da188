"""The typefaces hold every letter that Dalil writes, and Arabic letters are joined."""

from __future__ import annotations

import unicodedata

import pytest

from bot.documents.fonts import FACES, Face, family_of, width
from bot.documents.texts import _TEXTS, UNDERTAKINGS
from bot.guidance.checklist import checklists, make_checklist
from bot.knowledge.store import Knowledge
from bot.places.offices import directory
from bot.places.regions import places


def _missing(texts: list[str]) -> set[str]:
    letters = {letter for text in texts for letter in text if letter != "\n" and unicodedata.category(letter) != "Cf"}
    return {letter for letter in letters if family_of(letter, rtl=False) is None}


@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
def test_no_letter_of_a_checklist_is_missing(knowledge: Knowledge, language: str) -> None:
    written = [text[language] for text in [*_TEXTS.values(), *UNDERTAKINGS.values()]]
    for form, steps in checklists().items():
        for step in make_checklist(steps, knowledge, form, language).steps:
            written += [step.title, step.do, *step.documents, step.cost or "", step.delay or "", step.source, step.warning or "", step.office_title or ""]
    assert _missing(written) == set()


def test_no_letter_of_an_office_or_a_place_is_missing() -> None:
    written = [name for place in places().values() for name in (place.name_fr, place.name_ar)]
    for office in directory().offices.values():
        written += [office.name.fr, office.name.ar, office.town.fr, office.town.ar, office.address or "", office.email or "", office.website or ""]
        written += [office.remarked(language) or "" for language in ("fr", "ar", "ary")]
    assert _missing(written) == set()


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("word", ["تعاونية", "محمد", "لا", "الأعضاء"])
def test_a_joined_word_has_another_width_than_its_letters_alone(word: str, bold: bool) -> None:
    face = Face("arabic", bold)
    alone = sum(width(letter, face, rtl=True) for letter in word)
    assert abs(width(word, face, rtl=True) - alone) > 0.03 * alone


def test_a_vowel_mark_takes_no_room_and_does_not_part_its_word() -> None:
    face = Face("arabic", False)
    assert width("حصصًا", face, rtl=True) == pytest.approx(width("حصصا", face, rtl=True))


def test_the_files_are_small() -> None:
    assert all(face.path.stat().st_size < 70_000 for face in FACES)
