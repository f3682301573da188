"""Pauses between attempts grow, vary a little, and respect the vendor."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.retry import LONGEST, MOST_ATTEMPTS, pause


@given(st.integers(0, 60))
def test_pauses_grow_to_a_limit(attempts: int) -> None:
    assert 0.3 < pause(attempts) <= LONGEST * 1.25


@given(st.integers(0, 20), st.floats(0.1, 4000))
def test_the_vendor_is_never_asked_again_earlier_than_it_allows(attempts: int, asked: float) -> None:
    assert pause(attempts, asked) > asked


def test_a_message_is_tried_for_at_least_half_an_hour() -> None:
    assert sum(min(LONGEST, 0.5 * 2.0**n) * 0.75 for n in range(MOST_ATTEMPTS - 1)) > 1000
