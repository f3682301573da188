"""Finding names in messages: any script, Arabic prefixes, typing errors."""

import pytest

from bot.knowledge.gazetteer import Gazetteer
from bot.places.regions import place_gazetteer, places


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ana mn agadir", "Agadir-Ida-Ou-Tanane"),
        ("فالرباط", "Rabat"),
        ("casa", "Casablanca"),
        ("انا من تيزنيت", "Tiznit"),
        ("Taroudant", "Taroudannt"),
        ("f wejda", "Oujda-Angad"),
        ("لمراكش", "Marrakech"),
        ("الدار البيضاء", "Casablanca"),
        ("fes", "Fès"),
        ("souss", "Souss-Massa"),
    ],
)
def test_towns_provinces_and_regions_are_found_as_people_type_them(text: str, name: str) -> None:
    assert [places()[match.id].name_fr for match in place_gazetteer().find(text)] == [name]


@pytest.mark.parametrize("text", ["hadi ghir hedra", "combien ça coûte", "شحال كتقام التعاونية", "bghit nsewlek"])
def test_ordinary_words_are_no_places(text: str) -> None:
    assert place_gazetteer().find(text) == []
