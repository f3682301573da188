"""Which office serves a place: the one there, the one in charge of it, or the nearest that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from bot.places.offices import Directory, Office
from bot.places.regions import Place, places

_EARTH_KM = 6371.0


class How(str, Enum):
    """How the offices found stand to the place asked about."""

    HERE = "here"
    IN_CHARGE = "in_charge"
    PROVINCE = "province"
    REGION = "region"
    COUNTRY = "country"
    NONE = "none"


@dataclass(frozen=True)
class Found:
    """The offices for a place, nearest first."""

    how: How
    offices: tuple[Office, ...]


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude in degrees), by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (one, other))
    a = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(a))


def _point(place: Place) -> tuple[float, float] | None:
    """Where a place is; a town without coordinates is where its province's seat is."""
    if place.latitude is None and place.province:
        place = places()[place.province]
    return (place.latitude, place.longitude) if place.latitude is not None and place.longitude is not None else None


def find_offices(directory: Directory, kind: str, place: Place) -> Found:
    """The offices of a kind for a place.

    A town: the offices there; else the one whose source says that it is in charge of the province or region; else those of the province, of the
    region; else those that serve the whole country. A region: all its offices, its capital's first.
    """
    everywhere = directory.of_kind(kind)
    point = _point(place)
    if point is not None:
        everywhere.sort(key=lambda office: distance(point, (office.latitude, office.longitude)))
    local = [office for office in everywhere if not office.national]

    def inside(offices: list[Office]) -> list[Office]:
        return [office for office in offices if places()[office.province].region == place.region]

    if place.kind == "region":
        steps = [(How.HERE, inside(everywhere) + [office for office in local if place.id in office.serves and office not in inside(local)])]
    else:
        steps = [
            (How.HERE, [office for office in everywhere if directory.place_of[office.id] == place.id]),
            (How.IN_CHARGE, [office for office in local if {place.province, place.region} & set(office.serves)]),
            (How.PROVINCE, [office for office in local if office.province == place.province]),
            # An office that says whom it serves does not serve the others of its region.
            (How.REGION, [office for office in inside(local) if not office.serves]),
        ]
    steps += [(How.COUNTRY, [office for office in everywhere if office.national]), (How.REGION, inside(local))]
    return next((Found(how, tuple(found)) for how, found in steps if found), Found(How.NONE, ()))
