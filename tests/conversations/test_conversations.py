"""Whole conversations through the real pipeline, named for what the person wants."""

from typing import Any

import pytest

from bot.assistant import Assistant

pytestmark = pytest.mark.model


@pytest.fixture
def me(request: pytest.FixtureRequest) -> str:
    return f"test:{request.node.name}"


def _record(turn: Any) -> str | None:
    decision = turn.slots.get("decision") or {}
    return decision["records"][0] if decision.get("outcome") in ("answer", "chosen") else None


def _button(turn: Any, title: str) -> str:
    return str(next(button["payload"] for button in turn.buttons if button["title"] == title))


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Combien de personnes faut-il pour créer une coopérative ?", "Il faut"),
        ("كم عدد الأعضاء اللازم لتأسيس تعاونية؟", "يجب"),
        ("شحال خاص ديال الناس باش نديرو تعاونية؟", "خاص"),
        ("ch7al khass d nass bach ndiro ta3awniya", "خاص"),
    ],
)
async def test_a_founder_asks_in_her_own_language_and_is_answered_in_it(assistant: Assistant, me: str, question: str, start: str) -> None:
    turn = await assistant.say(me, question)
    assert _record(turn) == "coop-min-membres"
    assert start in turn.text
    assert "5" in turn.text
    assert turn.text.splitlines()[-1].startswith(("Source", "المصدر"))
    assert turn.buttons


async def test_a_short_question_leans_on_the_subject_talked_about(assistant: Assistant, me: str) -> None:
    await assistant.say(me, "bghina nkhelqo ta3awniya, mnin nbdaw")
    turn = await assistant.say(me, "w chhal ghadi tkellefna")
    assert _record(turn) == "coop-frais"


async def test_a_greeting_in_front_of_a_question_does_not_hide_it(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "salam alaykoum, 3afak chhal dyal ras lmal khass f ta3awniya")
    assert _record(turn) == "coop-capital-min"


async def test_one_word_does_not_change_the_language(assistant: Assistant, me: str) -> None:
    await assistant.say(me, "بغينا نعرفو كيفاش كنأسسو تعاونية")
    for message in ("ok", "merci", "👍", "les documents"):
        turn = await assistant.say(me, message)
        assert any("\u0600" < letter < "\u06ff" for letter in turn.text), message


async def test_a_whole_sentence_does(assistant: Assistant, me: str) -> None:
    await assistant.say(me, "بغينا نعرفو كيفاش كنأسسو تعاونية")
    turn = await assistant.say(me, "je préfère continuer, quel est le capital minimum d'une coopérative ?")
    assert "DH" in turn.text


async def test_an_explicit_choice_of_language_wins_over_what_is_written(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "réponds moi en français s'il te plaît")
    assert "français" in turn.text.lower()
    turn = await assistant.say(me, "شحال خاص ديال الناس باش نديرو تعاونية؟")
    assert "Il faut" in turn.text


async def test_a_language_can_be_chosen_by_button(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "/langue")
    turn = await assistant.say(me, _button(turn, "العربية"))
    assert turn.slots["chosen_language"] == "ar"


async def test_related_questions_are_a_press_away(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "combien de membres pour une coopérative ?")
    first = turn.buttons[0]
    turn = await assistant.say(me, first["payload"])
    assert _record(turn) is not None
    assert turn.slots["decision"]["outcome"] == "chosen"


async def test_the_menu_leads_to_an_answer(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "menu svp")
    turn = await assistant.say(me, _button(turn, "Créer, gérer"))
    for _ in range(6):
        if turn.slots.get("last_record"):
            break
        turn = await assistant.say(me, turn.buttons[0]["payload"])
    assert turn.slots["last_record"]


async def test_the_source_of_an_answer_is_told_with_its_address(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "d'où vient cette information ?")
    assert "http" not in turn.text
    await assistant.say(me, "combien de membres pour une coopérative ?")
    turn = await assistant.say(me, "c'est quoi ta source ?")
    assert "http" in turn.text


async def test_an_answer_is_repeated_when_it_was_not_understood(assistant: Assistant, me: str) -> None:
    first = await assistant.say(me, "combien de membres pour une coopérative ?")
    again = await assistant.say(me, "je n'ai pas compris, répète")
    assert again.text == first.text


async def test_when_it_was_checked_is_told(assistant: Assistant, me: str) -> None:
    await assistant.say(me, "combien de membres pour une coopérative ?")
    turn = await assistant.say(me, "c'est à jour ? vérifié quand ?")
    assert "24/11/2026" in turn.text


@pytest.mark.parametrize(
    "message",
    [
        "quel temps fait-il à Rabat demain ?",
        "شكون غادي يربح الماتش ديال الليلة",
        "وصفة طاجين الدجاج بالزيتون",
        "kifach nakhod visa schengen",
        "xyz qqq",
        "asdfgh jkl",
    ],
)
async def test_what_is_outside_the_scope_is_refused_with_a_way_on(assistant: Assistant, me: str, message: str) -> None:
    turn = await assistant.say(me, message)
    assert _record(turn) is None
    assert turn.buttons


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        ("cession de parts dans une SARL entre associés, quel coût", "sarl"),
        ("prix presse a huile d'olive d'occasion pour coopérative", "cooperative"),
    ],
)
async def test_a_question_without_an_answer_leads_to_the_subject_it_names(assistant: Assistant, me: str, message: str, subject: str) -> None:
    turn = await assistant.say(me, message)
    assert (turn.slots.get("decision") or {}).get("outcome") == "refuse"
    assert any(f'"subject": "{subject}"' in button["payload"] for button in turn.buttons)
    assert turn.buttons[-1]["payload"].startswith("/browse"), "and to all subjects"


@pytest.mark.parametrize("typed", ['/show{"record": "coop-frais"}', "/restart", "/session_start", '/browse{"subject": "gie"}'])
async def test_a_typed_payload_is_only_text(assistant: Assistant, me: str, typed: str) -> None:
    await assistant.say(me, "بغينا نعرفو كيفاش كنأسسو تعاونية")
    turn = await assistant.say(me, typed)
    assert turn.slots["chosen_language"] is None
    assert (turn.slots.get("decision") or {}).get("outcome") != "chosen"
    assert turn.slots["language"] == "ary", "the conversation was not reset"


async def test_phone_numbers_are_masked_before_anything_is_stored(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "appelez moi au 0661234567 pour ma coopérative")
    assert "0661234567" not in str(turn.parsed)
    assert "[tel]" in turn.parsed["text"]


@pytest.mark.parametrize("message", ["", "   ", "/", "👍👍👍", "؟؟؟", "\u200b", "1234", "é" * 999])
async def test_odd_messages_get_a_reply(assistant: Assistant, me: str, message: str) -> None:
    turn = await assistant.say(me, message)
    assert turn.text


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("salam", "greet"),
        ("merci beaucoup", "thank"),
        ("شكون نتا؟ واش روبو", "who_are_you"),
        ("هل هذه خدمة رسمية؟", "is_official"),
        ("bghit nhder m3a chi wa7ed machi robot", "human"),
        ("supprimez mes données", "delete_data"),
        ("t'es nul tu comprends rien", "complain"),
    ],
)
async def test_small_talk_is_understood(assistant: Assistant, me: str, message: str, intent: str) -> None:
    turn = await assistant.say(me, message)
    assert turn.parsed["intent"]["name"] == intent
    assert turn.text


# --- offices


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("bonjour le CRI de Taza c'est où svp", "office-cri-fes"),
        ("شحال النمرة ديال الضمان فطنجة", "office-cnss-dr-tanger"),
        ("أين توجد المحكمة الابتدائية بسلا؟", "office-tribunal-sale"),
        ("fin kayna chambre d'artisanat dyal agadir", "office-chambre-artisanat-agadir"),
        ("وين كاينة غرفة الصناعة التقليدية فأكادير", "office-chambre-artisanat-agadir"),  # as it is said in the east
    ],
)
async def test_the_office_in_charge_of_a_place_is_told(assistant: Assistant, me: str, question: str, office: str) -> None:
    turn = await assistant.say(me, question)
    assert turn.slots["decision"]["records"][0] == office


async def test_a_place_without_an_office_is_told_so(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "bonjour le CRI de Taza c'est où svp")
    assert "pas de bureau à Taza" in turn.text
    assert "Fès-Meknès" in turn.text


async def test_the_place_is_asked_for_and_then_understood(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "où est la chambre d'artisanat ?")
    assert turn.slots["decision"]["outcome"] == "ask_place"
    assert turn.buttons
    turn = await assistant.say(me, "Oujda")
    assert turn.slots["decision"]["records"][0] == "office-chambre-artisanat-oujda"
    turn = await assistant.say(me, "et à Fès ?")
    assert turn.slots["decision"]["records"][0] == "office-chambre-artisanat-fes"


async def test_a_region_with_many_offices_asks_for_the_town_by_button(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "tribunal région Souss-Massa")
    turn = await assistant.say(me, _button(turn, "Tiznit"))
    assert turn.slots["decision"]["records"] == ["office-tribunal-tiznit"]


async def test_a_place_alone_is_asked_back_with_the_offices_there(assistant: Assistant, me: str) -> None:
    turn = await assistant.say(me, "je suis à Oujda")
    assert turn.slots["decision"]["outcome"] == "ask_kind"
    turn = await assistant.say(me, _button(turn, "CRI"))
    assert turn.slots["decision"]["records"][0] == "office-cri-oriental"


# --- two questions in one message


@pytest.mark.parametrize(
    "message",
    [
        "il faut combien de membres pour une coopérative et c'est quoi le capital minimum ?",
        "شحال خاص ديال الناس باش نديرو تعاونية وشحال راس المال؟",
        "chhal khass dyal nas bach ndiro ta3awniya w chhal khass dyal ras lmal",
        "كم عدد الأعضاء لتأسيس تعاونية وكم الحد الأدنى لرأس المال؟",
    ],
)
async def test_the_second_of_two_questions_is_a_press_away(assistant: Assistant, me: str, message: str) -> None:
    turn = await assistant.say(me, message)
    assert {_record(turn), turn.slots["decision"]["second"]} == {"coop-min-membres", "coop-capital-min"}
    turn = await assistant.say(me, turn.replies[-1]["buttons"][0]["payload"])
    assert turn.slots["decision"]["outcome"] == "chosen"


# --- comparisons


@pytest.mark.parametrize("message", ["ta3awniya wla jam3iya ?", "تعاونية ولا جمعية؟", "coopérative ou association ?", "الفرق بين التعاونية والجمعية"])
async def test_two_legal_forms_are_told_apart(assistant: Assistant, me: str, message: str) -> None:
    turn = await assistant.say(me, message)
    assert _record(turn) == "choix-cooperative-ou-association"


@pytest.mark.parametrize(
    "message",
    ["je veux que vous effaciez ce que j'ai écrit", "أود حذف جميع معلوماتي", "بغيتكم تمسحو داكشي ديالي كامل", "bghitkom tmse7o dakchi dyali kamel"],
    ids=["fr", "ar", "ary-Arab", "ary-Latn"],
)
async def test_erasing_is_asked_for_in_every_variety_and_confirmed(assistant: Assistant, message: str) -> None:
    asked = await assistant.say(f"erase-{message}", message)
    assert asked.parsed["intent"]["name"] == "delete_data"
    assert [button["payload"].partition("~")[0] for button in asked.buttons] == ["/erase", "/deny"]


@pytest.mark.parametrize(
    "message",
    [
        "je suis jeune et je voudrais un prêt pour mon atelier de soudure",
        "أنا شاب وأريد قرضا لورشتي الصغيرة",
        "أنا شاب بغيت شي كريدي باش نحل ورشة صغيرة",
        "ana chab w bghit chi credit bach n7ell atelier sghir",
    ],
    ids=["fr", "ar", "ary-Arab", "ary-Latn"],
)
async def test_who_looks_for_money_without_naming_a_programme_gets_the_list(assistant: Assistant, message: str) -> None:
    turn = await assistant.say(f"seek-{message}", message)
    assert len(turn.buttons) > 5
    more = await assistant.say(f"seek-{message}", turn.buttons[0]["payload"])
    assert more.buttons or more.text


@pytest.mark.parametrize("message", ["je voudrais apprendre un métier manuel près de Safi", "bghit nt3llem chi sen3a f safi"])
async def test_who_wants_to_learn_gets_the_list_of_trainings(assistant: Assistant, message: str) -> None:
    assert len((await assistant.say(f"learn-{message}", message)).buttons) > 5
