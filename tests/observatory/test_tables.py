"""The tables of a month, counted by hand."""

from __future__ import annotations

import random

from bot.observatory.asked import Asked, with_varieties
from bot.observatory.tables import Figure, Part, figures
from tests.observatory.attack import month_with


def asked(count: int, name: str, region: str = "09", variety: str = "fr", topic: str = "refused none none", questions: int = 1) -> list[Asked]:
    """So many people who ask the same."""
    return [Asked(f"{name}{number}", region, variety, *topic.split(), questions) for number in range(count)]


COOPERATIVE, INDH = "answered creation cooperative", "answered financing indh"


def told(rows: list[Asked]) -> dict[str, list[tuple[str, int, int]]]:
    """Table -> its lines: the codes, people, questions."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for figure in figures(rows):
        codes = " ".join(code for code in vars(figure.part).values() if code != "all")
        found.setdefault(figure.part.table, []).append((codes, figure.people, figure.questions))
    return found


def test_a_month_with_enough_people_in_every_cell_is_shown_whole() -> None:
    rows = asked(12, "a", "09", "fr", COOPERATIVE, 3) + asked(7, "b", "04", "ar", INDH) + asked(11, "c", "09", "fr") + asked(6, "d", "04", "ar", COOPERATIVE)
    assert told(rows) == {
        "total": [("", 35, 60)],
        "region": [("04", 10, 10), ("09", 20, 45)],
        "variety": [("ar", 10, 10), ("fr", 20, 45)],
        "outcome": [("answered", 25, 45), ("refused", 10, 10)],
        "region_outcome": [("04 answered", 10, 10), ("09 answered", 10, 35), ("09 refused", 10, 10)],
        "outcome_area": [("answered creation", 15, 40), ("answered financing", 5, 5)],
        "region_outcome_area": [("04 answered creation", 5, 5), ("04 answered financing", 5, 5), ("09 answered creation", 10, 35)],
        "outcome_area_subject": [("answered creation cooperative", 15, 40), ("answered financing indh", 5, 5)],
        "region_outcome_area_subject": [
            ("04 answered creation cooperative", 5, 5),
            ("09 answered creation cooperative", 10, 35),
            ("04 answered financing indh", 5, 5),
        ],
        "variety_outcome": [("ar answered", 10, 10), ("fr answered", 10, 35), ("fr refused", 10, 10)],
    }


def test_a_person_counts_once_in_each_line() -> None:
    rows = asked(8, "a", topic=COOPERATIVE, questions=2) + asked(8, "a", topic=INDH)
    found = told(rows)
    assert found["total"] == [("", 5, 20)]
    assert found["outcome_area"] == [("answered creation", 5, 15), ("answered financing", 5, 5)]


def test_what_was_refused_has_no_area() -> None:
    assert set(told(asked(20, "a"))) == {"total", "region", "variety", "outcome", "region_outcome", "variety_outcome"}


def test_a_month_of_few_people_is_empty() -> None:
    assert figures([]) == []
    assert figures(asked(4, "a", questions=50)) == []
    assert figures([*asked(5, "a"), *asked(1, "x", questions=6)]) == [], "one asked more than half"
    assert figures(asked(5, "a"))[0] == Figure(Part(), 5, 5)


def test_a_button_counts_under_the_variety_that_its_person_writes_most() -> None:
    rows = [
        Asked("a", "09", "fr", "answered", "x", "y", 1),
        Asked("a", "09", "ar", "answered", "x", "y", 2),
        Asked("a", "09", "", "answered", "x", "z", 1),
        Asked("b", "09", "", "answered", "x", "z", 1),
    ]
    assert [row.variety for row in with_varieties(rows)] == ["fr", "ar", "ar", "und"]


def test_the_same_month_makes_the_same_tables_in_whatever_order_it_is_read() -> None:
    for seed in range(20):
        rows = month_with(seed)
        before = figures(rows)
        random.Random(seed).shuffle(rows)
        assert figures(rows) == before


def test_sums_that_betray_a_few_people_are_withheld() -> None:
    """9 of 14 people are of region 09 and 9 were refused: that alone tells of four who are both."""
    rows = asked(4, "a") + asked(5, "b", topic="handed_over none none") + asked(5, "c", "04")
    found = told(rows)
    assert found["total"] == [("", 10, 10)]
    assert not ({"region", "outcome"} <= found.keys())
