"""Finding names in messages: any script, Arabic prefixes, typing errors."""

import pytest

from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.search import subject_gazetteer
from bot.knowledge.store import Knowledge


@pytest.fixture(scope="module")
def subjects() -> Gazetteer:
    return Gazetteer({"cooperative": ["coopérative", "تعاونية", "ta3awniya"], "association": ["association", "جمعية"], "indh": ["INDH", "المبادرة الوطنية"]})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("une coopérative ou une association ?", ["cooperative", "association"]),
        ("بغيت ندير شي تعاونية", ["cooperative"]),
        ("فالتعاونية ديالنا", ["cooperative"]),
        ("وللجمعية", ["association"]),
        ("t3awnia", ["cooperative"]),
        ("cooperatve", ["cooperative"]),
        ("les coopératives", ["cooperative"]),
        ("المبادرة الوطنية للتنمية", ["indh"]),
        ("bonjour", []),
        ("", []),
    ],
)
def test_names_are_found(subjects: Gazetteer, text: str, found: list[str]) -> None:
    assert [match.id for match in subjects.find(text)] == found


def test_words_that_are_no_name_are_passed_over_and_a_name_inside_them_is_found() -> None:
    gazetteer = Gazetteer({"cooperative": ["coop"], "foundation": ["OCP"]}, never=["petite coop", "le perd"])
    assert [match.id for match in gazetteer.find("une petite coop")] == ["cooperative"]


@pytest.mark.parametrize(
    "text", ["a-t-on droit à une copie", "quels frais", "la liste", "رقم الهاتف", "التعويض", "الجمع العام", "jam3 l3am", "تحويل", "pour créer"]
)
def test_everyday_words_name_no_subject(knowledge: Knowledge, text: str) -> None:
    assert subject_gazetteer(knowledge).find(text) == []
