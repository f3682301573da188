"""Long texts are cut where a reader would."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.split import length, split


def test_a_short_text_stays_whole() -> None:
    assert split("une réponse", 4096) == ["une réponse"]
    assert split("", 10) == []


def test_paragraphs_stay_together() -> None:
    assert split("a" * 30 + "\n\n" + "b" * 30, 40) == ["a" * 30, "b" * 30]


def test_sentences_come_before_words() -> None:
    assert split("Une phrase assez longue. Une autre phrase.", 30) == ["Une phrase assez longue.", "Une autre phrase."]


@given(st.text(alphabet="ab é\n.؟ش😀", max_size=400), st.integers(20, 60))
def test_every_part_fits_and_no_letter_is_lost(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(0 < length(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
