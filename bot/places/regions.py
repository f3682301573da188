"""Regions, provinces and towns, by every spelling people type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.knowledge.gazetteer import Gazetteer
from bot.language.skeleton import skeleton
from bot.paths import PLACES
from bot.yaml_files import read_yaml

REGIONS_FILE = PLACES / "regions.yml"
#: The shortest skeleton by which a place is found.
_LONG = 7


@dataclass(frozen=True)
class Place:
    """A region, a prefecture or province, or a town.

    Attributes:
        id: the administrative code, for a town its province's code and its French name.
        kind: region, province or town.
        name_fr, name_ar: its official names.
        region: code of its region.
        province: code of its province; None for a region.
        latitude, longitude: of its seat in degrees; None where unknown.
    """

    id: str
    kind: str
    name_fr: str
    name_ar: str
    region: str
    province: str | None
    latitude: float | None
    longitude: float | None

    def name(self, language: str) -> str:
        """Its name in a reply language: Darija uses the Arabic one."""
        return self.name_fr if language == "fr" else self.name_ar


#: One of these must stand before a spelling that is an everyday word too (`everyday` in the file).
_BEFORE = ("à", "de", "a", "f", "fi", "d", "dyal", "dial", "mn", "l", "tribunal", "province", "ville", "cri", "odco", "anapec", "cnss")


def _spellings(entry: dict[str, Any]) -> list[str]:
    names = [entry.get("name_fr") or entry["fr"], entry.get("name_ar") or entry["ar"]]
    names += [*entry.get("variants", []), *entry.get("variants_latn", []), *entry.get("variants_arab", [])]
    everyday = {name.lower() for name in entry.get("everyday", [])}
    return [spelling for name in names for spelling in ([f"{before} {name}" for before in _BEFORE] if name.lower() in everyday else [name])]


def _is_spelling_of(name: str, town: dict[str, Any]) -> bool:
    return skeleton(name) in (skeleton(town["fr"]), skeleton(town["ar"]))


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, Place], dict[str, list[str]]]:
    content = read_yaml(REGIONS_FILE)
    places: dict[str, Place] = {}
    names: dict[str, list[str]] = {}

    def add(place: Place, spellings: list[str]) -> None:
        places[place.id] = place
        names[place.id] = spellings

    towns: list[tuple[Place, list[str]]] = []
    provinces: list[tuple[Place, list[str]]] = []
    for region in content["regions"]:
        code = region["code"]
        for province in region["provinces"]:
            inside = province["code"]
            where = (province.get("lat"), province.get("lon"))
            own = _spellings(province)
            for town in province.get("towns", []):
                identifier = f"{inside}:{town['fr']}"
                # Some spellings of a province are those of one of its towns: they mean the town.
                spellings = [*_spellings(town), *(name for name in own if _is_spelling_of(name, town))]
                own = [name for name in own if name not in spellings or _is_spelling_of(province["name_fr"], town)]
                towns.append((Place(identifier, "town", town["fr"], town["ar"], code, inside, None, None), spellings))
            provinces.append((Place(inside, "province", province["name_fr"], province["name_ar"], code, inside, *where), own))
    # Towns and provinces before regions: "Rabat" is the town, the region has a longer name.
    for place, spellings in [*provinces, *towns]:
        add(place, spellings)
    for region in content["regions"]:
        where = (region.get("capital_lat"), region.get("capital_lon"))
        add(Place(region["code"], "region", region["name_fr"], region["name_ar"], region["code"], None, *where), _spellings(region))
    return places, names


def places() -> dict[str, Place]:
    """Place id -> place."""
    return _read()[0]


def regions(language: str) -> list[tuple[str, str]]:
    """Code and name of each region."""
    return [(place.id, place.name(language)) for place in places().values() if place.kind == "region"]


def _everyday_words() -> list[str]:
    """Words that are written like a place, or nearly, and hardly ever mean it."""
    words: list[str] = read_yaml(REGIONS_FILE)["everyday_words"]
    return words


@lru_cache(maxsize=1)
def place_gazetteer() -> Gazetteer:
    """The names of all places, as they are spelt or nearly: the skeleton of a short name is that of too many words ("centre", Kénitra)."""
    return Gazetteer(_read()[1], shortest_skeleton=_LONG, never=_everyday_words())
