"""Every colour of text stands out from every ground it is set on: WCAG 2.2, AA."""

from __future__ import annotations

import pytest

from bot.sharing.colours import CLAY, GOLD, GREEN, INK, LEAF, LEAST_CONTRAST, MINT, SAND, STONE, WHITE, contrast


def test_the_measure_is_that_of_the_guidelines() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((255, 255, 255), (255, 255, 255)) == pytest.approx(1)
    # Grey #767676 is the lightest that text on white may have: https://webaim.org/articles/contrast/
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("ground", [GREEN, LEAF])
@pytest.mark.parametrize("ink", [WHITE, GOLD])
def test_light_text_on_green_and_on_its_stars(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    assert contrast(ink, ground) >= LEAST_CONTRAST


@pytest.mark.parametrize("ground", [WHITE, SAND, MINT, GOLD])
@pytest.mark.parametrize("ink", [INK, GREEN, CLAY, STONE])
def test_dark_text_on_light_grounds(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    assert contrast(ink, ground) >= LEAST_CONTRAST
