"""Finding names in messages: any script, Arabic prefixes, typing errors."""

import pytest

from bot.knowledge.gazetteer import Gazetteer


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
