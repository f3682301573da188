"""STOP, START and HELP in every variety, alone or with a polite word, and never inside a question."""

import pytest

from bot.language.keywords import keyword


@pytest.mark.parametrize(
    "text", ["STOP", "stop", "Stop merci", "stop svp", "Arrêtez", "توقف", "وقف عافاكم", "حبس", "7bes 3afak", "أوقفوا من فضلكم", "STOP!!", "stop 🙏"]
)
def test_stop(text: str) -> None:
    assert keyword(text) == "stop"


@pytest.mark.parametrize("text", ["START", "start", "بدا", "ابدأ", "reprendre svp", "bda"])
def test_start(text: str) -> None:
    assert keyword(text) == "start"


@pytest.mark.parametrize("text", ["HELP", "aide", "Aide svp", "مساعدة", "عاونوني", "3awnouni"])
def test_help(text: str) -> None:
    assert keyword(text) == "help"


@pytest.mark.parametrize(
    "text",
    [
        "bonjour",
        "aide INDH",
        "comment arrêter une coopérative",
        "وقف الدعم علاش",
        "kifach nbda machrou3",
        "stop à la coopérative, comment la fermer ?",
        "",
        "merci",
    ],
)
def test_a_question_with_such_a_word_stays_a_question(text: str) -> None:
    assert keyword(text) is None
