"""Pauses between attempts grow, vary a little, and respect the vendor."""

import random
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.retry import LONGEST, MOST_ATTEMPTS, pause


@given(st.integers(0, 60))
def test_pauses_grow_to_a_limit(attempts: int) -> None:
    assert 0.3 < pause(attempts) <= LONGEST * 1.25


@given(st.integers(0, 20), st.floats(0.1, 4000))
def test_the_vendor_is_never_asked_again_earlier_than_it_allows(attempts: int, asked: float) -> None:
    assert pause(attempts, asked) > asked


@pytest.mark.parametrize(("chance", "minutes"), [(min, 17.6), (statistics.mean, 23.5), (max, 29.4)])
def test_a_message_is_tried_for_about_twenty_four_minutes(
    monkeypatch: pytest.MonkeyPatch, chance: Callable[[tuple[float, float]], float], minutes: float
) -> None:
    """Between eighteen and twenty-nine, as chance has it."""
    monkeypatch.setattr(random, "uniform", lambda low, high: chance((low, high)))
    assert sum(pause(attempts) for attempts in range(MOST_ATTEMPTS - 1)) / 60 == pytest.approx(minutes, abs=0.1)
