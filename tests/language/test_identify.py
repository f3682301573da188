"""Which variety is it? Sentences here stand in no training file."""

import pytest

from bot.language.identify import Identifier, script_of
from bot.language.variety import Variety

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("text", "variety"),
    [
        ("متى ينطلق القطار القادم نحو مدينة فاس؟", "ar"),
        ("أرغب في معرفة ساعات عمل المكتبة البلدية", "ar"),
        ("فوقاش غادي يخرج التران اللي غادي لفاس؟", "ary-Arab"),
        ("هادشي ماعجبنيش بصراحة، غادي نرجع فحالي", "ary-Arab"),
        ("fo9ach ghadi ykhrej tran li ghadi l fas", "ary-Latn"),
        ("wakha a khoya ana jay daba", "ary-Latn"),
        ("à quelle heure part le prochain train pour Fès ?", "fr"),
        ("je voudrai savoir les horaire de la bibliotheque", "fr"),
        ("when does the next train to Fes leave", "en"),
        ("ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", "zgh"),
        ("12345", "und"),
        ("👍👍", "und"),
        ("", "und"),
    ],
)
def test_variety(identifier: Identifier, text: str, variety: str) -> None:
    assert identifier.identify(text).variety.value == variety


@pytest.mark.parametrize("text", ["ok", "merci", "12", "👍", "coop", "w les documents", "نعم"])
def test_short_and_neutral_messages_are_not_evidence_enough_to_change_the_language(identifier: Identifier, text: str) -> None:
    assert not identifier.identify(text).is_strong


@pytest.mark.parametrize(
    "text", ["bghit nsewlek 3la lwra9 dyal taawniya", "je voudrais connaître les documents nécessaires", "كيفاش نديرو باش نسجلو التعاونية ديالنا"]
)
def test_whole_sentences_are(identifier: Identifier, text: str) -> None:
    assert identifier.identify(text).is_strong


@pytest.mark.parametrize(("text", "script"), [("bghit ندير تعاونية", "arabic"), ("coopérative تع", "latin"), ("٣", None), ("ⴰⵣⵓⵍ", "tifinagh")])
def test_the_script_with_most_letters_decides(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_a_guess_is_there_even_when_nothing_is_said(identifier: Identifier) -> None:
    found = identifier.identify("wach")
    assert found.guess is Variety.ARABIZI
