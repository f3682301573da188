"""Greetings and thanks around a question are put aside; alone, they stay."""

import pytest

from bot.language.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("salam bghit ndir ta3awniya", "bghit ndir ta3awniya"),
        ("السلام عليكم ورحمة الله، أريد تأسيس جمعية", "اريد تاسيس جمعيه"),
        ("Bonjour, quel capital minimum svp ? Merci d'avance", "quel capital minimum"),
        ("سلام خويا عافاك شحال ديال الوقت", "شحال ديال الوقت"),
        ("les documents ? merci !!", "les documents"),
    ],
)
def test_what_is_asked_is_read_by_itself(text: str, asked: str) -> None:
    assert without_courtesy(text) == asked


@pytest.mark.parametrize("text", ["Bonjour", "salam khouya", "شكرا بزاف", "Merci beaucoup !", "Bonjour, coopérative", "", "👋", "Quel capital minimum ?"])
def test_a_message_with_little_else_stays_as_it_is(text: str) -> None:
    assert without_courtesy(text) == text
