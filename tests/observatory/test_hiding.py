"""What is shown of a whole and of a table, by hand."""

from __future__ import annotations

from collections import Counter

from bot.observatory.exchange import Exchange
from bot.observatory.groups import fits, rounded
from bot.observatory.hiding import REST, shown_cells, shown_parts


def somebody(*numbers: int) -> Counter[str]:
    """People, one question each."""
    return Counter(str(number) for number in numbers)


def some(count: int, name: str) -> Counter[str]:
    """So many people that are in no other group."""
    return Counter(f"{name}{number}" for number in range(count))


# Groups


def test_a_figure_is_about_five_people_of_whom_none_asked_more_than_half() -> None:
    assert not fits({})
    assert not fits(some(4, "x"))
    assert fits(some(5, "x"))
    assert fits({**some(4, "x"), "y": 4})
    assert not fits({**some(4, "x"), "y": 5})
    assert not fits({**some(30, "x"), "y": 31})


def test_figures_are_rounded_down_to_a_multiple_of_five() -> None:
    assert [rounded(count) for count in (0, 4, 5, 9, 10, 1284)] == [0, 0, 5, 5, 10, 1280]


# Exchange


def test_a_count_alone_in_its_row_or_column_cannot_change() -> None:
    exchange = Exchange({("a", "x"): 2, ("a", "y"): 6, ("b", "y"): 9})
    assert exchange.obstacle(("a", "x"), 2) is None
    assert exchange.obstacle(("a", "x"), 0) is not None
    assert exchange.obstacle(("a", "x"), 3) is not None


def test_counts_at_the_corners_of_a_rectangle_can_be_exchanged_as_far_as_there_is_something_to_give() -> None:
    exchange = Exchange({("a", "x"): 2, ("a", "y"): 6, ("b", "x"): 3, ("b", "y"): 1})
    assert exchange.obstacle(("a", "x"), 1) is None
    assert exchange.obstacle(("a", "x"), 0) is not None, "b y has only one to give"
    assert exchange.obstacle(("a", "x"), 5) is None
    assert exchange.obstacle(("a", "x"), 6) is not None, "b x has only three to give"


def test_counts_are_exchanged_over_long_ways_and_over_several() -> None:
    ring = [("a", "x"), ("a", "y"), ("b", "y"), ("b", "z"), ("c", "z"), ("c", "x")]
    exchange = Exchange(dict.fromkeys(ring, 3))
    assert exchange.obstacle(("a", "x"), 0) is None
    assert exchange.obstacle(("a", "x"), 6) is None
    assert exchange.obstacle(("a", "x"), 7) is not None
    corners = {("a", "x"): 4, ("b", "x"): 0, ("c", "x"): 0, ("a", "y"): 0, ("a", "z"): 0}
    two_ways = Exchange({**corners, ("b", "y"): 2, ("c", "z"): 2})
    assert two_ways.obstacle(("a", "x"), 0) is None


def test_an_obstacle_tells_which_cells_would_help() -> None:
    exchange = Exchange({("a", "x"): 2, ("a", "y"): 6, ("b", "y"): 9})
    side = exchange.obstacle(("a", "x"), 0)
    assert side == {(0, "a"), (1, "y"), (0, "b")}
    exchange.open(("b", "x"), 7)
    assert exchange.obstacle(("a", "x"), 0) is None


# Parts of a whole


def test_parts_are_shown_where_nothing_is_to_hide() -> None:
    assert shown_parts({"a": some(5, "a"), "b": some(20, "b")}) == {"a", "b"}
    assert shown_parts({}) == set()


def test_a_small_part_is_hidden_behind_the_smallest_other_one() -> None:
    assert shown_parts({"a": some(4, "a"), "b": some(20, "b"), "c": some(7, "c"), "d": some(9, "d")}) == {"b", "d"}


def test_small_parts_hide_one_another_where_they_are_five_people_together() -> None:
    assert shown_parts({"a": some(2, "a"), "b": some(3, "b"), "c": some(7, "c")}) == {"c"}
    assert shown_parts({"a": somebody(1, 2), "b": somebody(1, 2, 3), "c": some(7, "c"), "d": some(8, "d")}) == {"d"}, "they are three people"


def test_a_part_that_is_mostly_one_persons_is_hidden_and_hides_no_other() -> None:
    much = Counter({**some(6, "a"), "a0": 90})
    assert shown_parts({"a": much, "b": some(20, "b"), "c": some(95, "c")}) == set()
    assert shown_parts({"a": much, "b": some(120, "b"), "c": some(130, "c")}) == {"c"}


def test_a_part_that_is_withheld_is_not_the_only_one() -> None:
    assert shown_parts({"a": some(9, "a"), "b": some(7, "b"), "c": some(8, "c")}, ["a"]) == {"c"}


# Tables


def test_a_small_cell_takes_a_rectangle_with_it() -> None:
    counts = {"01": (2, 9, 30), "02": (9, 8, 40), "03": (10, 30, 50)}
    cells = {(row, str(column)): some(count, f"{row}{column}") for row, line in counts.items() for column, count in enumerate(line)}
    shown, betrayed = shown_cells(cells)
    assert cells.keys() - shown == {("01", "0"), ("01", "1"), ("02", "0"), ("02", "1")}
    assert not betrayed


def test_what_is_left_of_a_row_is_of_five_people_also_where_one_person_is_in_all_its_cells() -> None:
    """The cells of one person are five together, and still one person's."""
    columns = [str(number) for number in range(5)]
    cells = {("01", column): somebody(1) for column in columns} | {("02", column): some(6, column) for column in columns}
    cells |= {("01", "x"): some(9, "x"), ("02", "x"): some(9, "y"), ("01", "y"): some(12, "z"), ("02", "y"): some(12, "w")}
    shown, _ = shown_cells(cells)
    left = Counter()
    for cell, group in cells.items():
        if cell[0] == "01" and cell not in shown:
            left.update(group)
    assert len(left) >= 5
    assert ("01", "x") not in shown


def test_the_rest_is_never_shown() -> None:
    cells = {(row, column): some(20, row + column) for row in ("01", REST) for column in ("x", REST)}
    shown, _ = shown_cells(cells)
    assert shown == {("01", "x")}


def test_a_cell_that_its_sums_betray_is_named() -> None:
    """9 of 14 people are in the row and 9 in the column: four at least are in both, and these four are all there are."""
    cells = {("01", "x"): some(4, "a"), ("01", "y"): some(5, "b"), ("02", "x"): some(5, "c")}
    assert shown_cells(cells) == (set(), {("01", "x")})
