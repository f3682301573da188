"""Towns, provinces and regions in messages, by every spelling people type."""

import pytest

from bot.places.regions import place_gazetteer, places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ana mn agadir", "Agadir"),
        ("فالرباط", "Rabat"),
        ("casa", "Casablanca"),
        ("انا من تيزنيت", "Tiznit"),
        ("Taroudant", "Taroudannt"),
        ("f wejda", "Oujda-Angad"),
        ("لمراكش", "Marrakech"),
        ("الدار البيضاء", "Casablanca"),
        ("fes", "Fès"),
        ("souss", "Souss-Massa"),
        ("ksar lkbir", "Ksar El Kébir"),
        ("بسلا", "Salé"),
        ("tribunal safi", "Safi"),
    ],
)
def test_towns_provinces_and_regions_are_found_as_people_type_them(text: str, name: str) -> None:
    assert [places()[match.id].name_fr for match in place_gazetteer().find(text)] == [name]


@pytest.mark.parametrize(
    "text", ["hadi ghir hedra", "combien ça coûte", "شحال كتقام التعاونية", "bghit nsewlek", "centre régional", "flous w safi", "sous 30 jours", "محمد السادس"]
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert place_gazetteer().find(text) == []
