"""Whether a message is complete by itself or a piece of one."""

import pytest

from bot.language.completeness import is_complete


@pytest.mark.parametrize(
    "text",
    [
        "salam",
        "bghit nsewlek",
        "السلام عليكم",
        "عندي سؤال",
        "bonjour",
        "j'ai une question",
        "je veux créer une coopérative de",
        "3la ta3awniya",
        "بغيت نسول على",
        "...",
    ],
)
def test_a_greeting_an_announcement_or_a_torn_off_sentence_is_a_piece(text: str) -> None:
    assert not is_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "kifach ndir coop",
        "coop?",
        "شحال خاص ديال الناس",
        "ما هي الوثائق المطلوبة؟",
        "2",
        "٢",
        "combien de membres pour une coopérative",
        "salam kifach ndir ta3awniya",
    ],
)
def test_a_question_a_number_or_enough_words_is_a_message(text: str) -> None:
    assert is_complete(text)
