"""What a message is while a question stands: an answer, a correction, something else, or not understood."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.guidance.journeys import ASKS, Journey
from bot.guidance.profile import FIELDS
from bot.guidance.reading import Heard, Reading, meant_place, read, volunteered
from bot.knowledge.store import Knowledge
from bot.places.regions import places

RABAT = "04.421"
AGADIR = "09.001:Agadir"
FORM, FINANCING = ASKS[Journey.FORM], ASKS[Journey.FINANCING]
ANSWER, ASIDE, UNCLEAR = Reading.ANSWER, Reading.ASIDE, Reading.UNCLEAR


def _read(
    knowledge: Knowledge, field: str, text: str, answers: dict[str, Any] | None = None, intent: str = "", sure: float = 0.9, answerable: bool = False
) -> tuple[Reading, dict[str, Any]]:
    order = FORM if field in FORM else FINANCING
    return read(field, order, answers or {}, Heard(text, intent, sure, answerable), knowledge)


# --- answers


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("people", "on est 6", 6),
        ("people", "حنا ستة", 6),
        ("people", "7na 6", 6),
        ("people", "نحن ستة", 6),
        ("goal", "bghina nrb7o chwiya dial flous", "income"),
        ("sharing", "oui", "yes"),
        ("turnover", "15 mlyoun", 150_000),
        ("turnover", "ماعرفتش", "skip"),
        ("place", "Agadir", AGADIR),
        ("place", "فالناظور", "02.381"),
        ("place", "souss massa", "09"),
        ("place", "je ne sais pas", "skip"),
        ("age", "3ndi 31 3am", 31),
        ("led", "جدد شباب", "youth"),
    ],
)
def test_a_plain_answer(knowledge: Knowledge, field: str, text: str, value: int | str) -> None:
    assert _read(knowledge, field, text) == (ANSWER, {field: value})


@pytest.mark.parametrize(("text", "intent"), [("oui", "affirm"), ("non", "deny"), ("iyeh", "affirm"), ("لا", "deny"), ("ok", "out_of_scope")])
def test_yes_and_no_are_answers_whatever_they_are_taken_for(knowledge: Knowledge, text: str, intent: str) -> None:
    kind, answers = _read(knowledge, "sharing", text, intent=intent, sure=0.99)
    assert kind is ANSWER
    assert set(answers) == {"sharing"}


def test_a_few_words_may_answer_a_question_that_is_still_to_come(knowledge: Knowledge) -> None:
    assert _read(knowledge, "form", "Agadir") == (ANSWER, {"place": AGADIR})
    assert _read(knowledge, "form", "zrabi") == (ANSWER, {"sector": "crafts"})
    assert _read(knowledge, "form", "Agadir ?") != (ANSWER, {"place": AGADIR})


def test_a_few_words_are_an_answer_even_where_they_could_ask(knowledge: Knowledge) -> None:
    assert _read(knowledge, "sector", "miel", intent="ask_how", answerable=True) == (ANSWER, {"sector": "food"})
    assert _read(knowledge, "sector", "comment vendre du miel bio ?", intent="ask_how", answerable=True) == (ASIDE, {})


# --- corrections


@pytest.mark.parametrize(
    "text",
    [
        "la, f Agadir machi Rabat",
        "smehli, Agadir machi Rabat",
        "non, à Agadir pas Rabat",
        "pardon, Agadir",
        "لا، فأكادير ماشي الرباط",
        "لا، في أكادير وليس الرباط",
        "machi Rabat, Agadir",
        "سمحليا، أكادير",
    ],
)
@pytest.mark.parametrize("field", ["age", "led", "amount"])
def test_a_place_is_corrected_later_on(knowledge: Knowledge, field: str, text: str) -> None:
    assert _read(knowledge, field, text, {"form": "cooperative", "place": RABAT}) == (ANSWER, {"place": AGADIR})


@pytest.mark.parametrize("text", ["pardon on est 6", "non on est 6", "smehli 7na 6", "سمحليا حنا ستة", "عفوا نحن ستة", "la 7na 6 machi 5"])
@pytest.mark.parametrize("field", ["goal", "sharing", "turnover", "money"])
def test_a_number_of_people_is_corrected_later_on(knowledge: Knowledge, field: str, text: str) -> None:
    assert _read(knowledge, field, text, {"people": 5}) == (ANSWER, {"people": 6})


@pytest.mark.parametrize("text", ["pardon c'est une association", "غلطت، حنا جمعية", "smehli jam3iya", "عفوا، جمعية"])
def test_a_form_is_corrected_later_on(knowledge: Knowledge, text: str) -> None:
    assert _read(knowledge, "age", text, {"form": "cooperative", "place": RABAT}) == (ANSWER, {"form": "association"})


def test_the_goal_is_corrected_and_the_question_stays(knowledge: Knowledge) -> None:
    assert _read(knowledge, "sharing", "non, aider les autres", {"people": 6, "goal": "income"}) == (ANSWER, {"goal": "public"})


def test_what_was_said_is_no_correction(knowledge: Knowledge) -> None:
    assert _read(knowledge, "age", "pardon, Rabat", {"place": RABAT})[1] == {}


@pytest.mark.parametrize("text", ["non", "la", "لا"])
def test_a_mere_no_takes_nothing_back(knowledge: Knowledge, text: str) -> None:
    assert _read(knowledge, "sharing", text, {"people": 6, "goal": "income"}) == (ANSWER, {"sharing": "no"})


@pytest.mark.parametrize("text", ["non on ne veut pas", "non, tout reste pour nous tous"])
def test_a_no_with_words_is_a_no(knowledge: Knowledge, text: str) -> None:
    assert _read(knowledge, "sharing", text, {"people": 6, "goal": "public"}) == (ANSWER, {"sharing": "no"})


@pytest.mark.parametrize(
    ("field", "text", "answers", "corrected"),
    [
        ("goal", "non, on est 5 pas 6", {"people": 6}, {"people": 5}),
        ("sharing", "la 7na 5 machi 6", {"people": 6}, {"people": 5}),
        ("age", "la, jam3iya machi ta3awniya", {"form": "cooperative"}, {"form": "association"}),
        ("age", "لا جمعية ماشي تعاونية", {"form": "cooperative"}, {"form": "association"}),
        ("age", "pas une coopérative, une association", {"form": "cooperative"}, {"form": "association"}),
    ],
)
def test_this_and_not_that_corrects_to_this(knowledge: Knowledge, field: str, text: str, answers: dict[str, Any], corrected: dict[str, Any]) -> None:
    assert _read(knowledge, field, text, answers) == (ANSWER, corrected)


@pytest.mark.parametrize(
    ("field", "text", "answers", "value"),
    [
        ("turnover", "pas plus de 100000 dh", {"people": 6}, 100_000),
        ("money", "pas plus de 5000 dh", {"people": 6, "goal": "public", "turnover": 200_000}, 5_000),
        ("money", "pas beaucoup, 500 dh", {"people": 6, "goal": "public", "turnover": 200_000}, 500),
        ("money", "non 2000 dh", {"people": 6, "goal": "income", "sharing": "yes", "turnover": 100_000}, 2_000),
        ("amount", "pas plus de 50000 dh", {"form": "cooperative", "sector": "food"}, 50_000),
        ("years", "pas encore créée", {"form": "cooperative"}, -1),
        ("years", "la mazal", {"form": "cooperative"}, -1),
        ("years", "لا، مازال", {"form": "cooperative"}, -1),
        ("salaried", "non je n'ai pas de travail", {"people": 2, "goal": "public"}, "no"),
        ("sharing", "non pas pour l'argent", {"people": 6, "goal": "public"}, "no"),
    ],
)
def test_an_answer_with_a_not_in_it_answers_the_question(knowledge: Knowledge, field: str, text: str, answers: dict[str, Any], value: int | str) -> None:
    assert _read(knowledge, field, text, answers) == (ANSWER, {field: value})


# --- places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Agadir", AGADIR),
        ("f agadir machi rabat", AGADIR),
        ("machi rabat, agadir", AGADIR),
        ("à Agadir pas à Rabat", AGADIR),
        ("أكادير وليس الرباط", AGADIR),
        ("casa", "06.141"),
        ("région de Fès-Meknès, à Sefrou", "03.451"),
        ("جهة سوس ماسة", "09"),
        ("machi Rabat", None),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_place_that_is_meant(text: str, place: str | None) -> None:
    assert meant_place(text) == place


# --- something else


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("combien de membres faut-il", "ask_members"),
        ("كم عدد الأعضاء؟", "ask_members"),
        ("شحال خاص ديال الناس؟", "ask_members"),
        ("chhal khass d nas bach ndiro coop", "ask_members"),
        ("c'est quoi le capital ?", "ask_definition"),
        ("chno hiya reserve légale ?", "ask_definition"),
    ],
)
@pytest.mark.parametrize("field", ["people", "money", "goal", "sharing", "place"])
def test_a_question_is_an_aside_whatever_is_asked(knowledge: Knowledge, field: str, text: str, intent: str) -> None:
    assert _read(knowledge, field, text, intent=intent, answerable=True) == (ASIDE, {})


def test_a_question_that_names_an_answer_is_still_a_question(knowledge: Knowledge) -> None:
    assert _read(knowledge, "place", "fin kayn odco f agadir?", intent="find_office") == (ASIDE, {})
    assert _read(knowledge, "people", "est-ce que 5 personnes suffisent pour une coopérative ?", intent="ask_members", answerable=True) == (ASIDE, {})


@pytest.mark.parametrize(
    ("text", "intent"), [("merci", "thank"), ("bonjour", "greet"), ("chokran", "thank"), ("السلام عليكم", "greet"), ("change la langue", "change_language")]
)
def test_small_talk_and_other_wishes_are_asides(knowledge: Knowledge, text: str, intent: str) -> None:
    assert _read(knowledge, "people", text, intent=intent, sure=0.95) == (ASIDE, {})


@pytest.mark.parametrize("text", ["je veux parler à quelqu'un", "je veux parler à une personne", "bghit nhder m3a chi wahed"])
def test_who_wants_a_person_has_not_said_how_many_they_are(knowledge: Knowledge, text: str) -> None:
    assert _read(knowledge, "people", text, intent="human", sure=0.95) == (ASIDE, {})


# --- not understood


@pytest.mark.parametrize("text", ["blabla", "asdkj", "...", "👍", "", "pourquoi ?", "hadchi s3ib"])
@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback", ""])
def test_what_says_nothing_is_unclear(knowledge: Knowledge, text: str, intent: str) -> None:
    assert _read(knowledge, "people", text, intent=intent) == (UNCLEAR, {})


def test_a_doubtful_intent_is_not_believed(knowledge: Knowledge) -> None:
    assert _read(knowledge, "people", "merci", intent="thank", sure=0.4) == (UNCLEAR, {})


@pytest.mark.parametrize("text", ["oui", "non", "iyeh", "لا"])
def test_yes_is_no_number(knowledge: Knowledge, text: str) -> None:
    assert _read(knowledge, "people", text, intent="affirm", sure=0.95) == (UNCLEAR, {})


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", ["", " ", "?", "؟؟؟", "0" * 400, "la " * 300, "machi " * 200, "\u200f", "{field}", "5" * 13, "🇲🇦 🇲🇦"])
def test_nothing_typed_breaks_a_journey(knowledge: Knowledge, field: str, text: str) -> None:
    known = {"people": 6, "goal": "income", "form": "cooperative", "place": RABAT, "years": 2}
    assert isinstance(_read(knowledge, field, text, known)[0], Reading)


# --- what the first message says already


STARTS: list[tuple[Journey, str, dict[str, Any]]] = [
    (
        Journey.FINANCING,
        "bghit credit 50000 dh l ta3awniya dyal zrabi f taroudant",
        {"amount": 50000, "form": "cooperative", "sector": "crafts", "place": "09.541"},
    ),
    (
        Journey.FINANCING,
        "je suis une femme de 27 ans à Khémisset, je cherche un financement de 80 000 dh pour une petite fromagerie",
        {"age": 27, "led": ["women", "women_youth"], "place": "04.291", "amount": 80000, "sector": "food"},
    ),
    (
        Journey.FINANCING,
        "عندنا تعاونية ديال العسل فأزيلال وبغينا شي دعم د 20 مليون سنتيم باش نشريو الماتريال",
        {"form": "cooperative", "sector": ["food", "agriculture"], "place": "05.081", "amount": 200000},
    ),
    (
        Journey.FINANCING,
        "نحن جمعية نسائية في ورزازات تأسست قبل ثلاث سنوات ونبحث عن تمويل لورشة خياطة",
        {"form": "association", "led": "women", "place": "08.401", "years": 3, "sector": "crafts"},
    ),
    (
        Journey.FORM,
        "on est 7 femmes à Sefrou on fait du couscous et on veut partager les gains, quelle forme nous convient",
        {"people": 7, "led": "women", "place": "03.451", "sector": "food", "sharing": "yes", "goal": "income"},
    ),
    (Journey.FORM, "ana bo7di kandir développement web f casa, ma3reftch achmn statut nakhod", {"people": 1, "sector": "digital", "place": "06.141"}),
    (
        Journey.FORM,
        "حنا ستة د الشباب فالناظور بغينا نتجمعو نصيدو ونبيعو الحوت، شنو نديرو",
        {"people": 6, "led": "youth", "place": "02.381", "sector": "fishing", "goal": "income"},
    ),
    (Journey.FORM, "أنا وزوجي نريد فتح دار ضيافة في شفشاون، ما الشكل القانوني المناسب لنا؟", {"people": 2, "sector": "tourism", "place": "01.151"}),
    (
        Journey.TRAINING,
        "je cherche une formation en couture à Meknès pour ma fille de 19 ans, en arabe si possible",
        {"need": "craft", "place": "03.061", "age": 19, "teaching": "ar"},
    ),
    (
        Journey.TRAINING,
        "bghit nt3ellem compta l coop dyalna f tiznit, b darija 3afakom",
        {"need": "manage", "form": "cooperative", "place": "09.581", "teaching": "ary"},
    ),
    (Journey.TRAINING, "مرا عندها 45 عام فزاكورة بغات تعلم تقرا وتكتب", {"led": "women", "age": 45, "place": "08.587", "need": "literacy"}),
    (Journey.TRAINING, "عمري 23 سنة من بني ملال وأريد تكوينا في التسويق والبيع على الإنترنت", {"age": 23, "place": "05.091", "need": "market"}),
    (
        Journey.FINANCING,
        "auto entrepreneur depuis 2 ans à Agadir, besoin de 30000 dh pour un triporteur de livraison",
        {"form": "auto-entrepreneur", "years": 2, "place": "09.001", "amount": 30000, "sector": "services"},
    ),
    (
        Journey.FINANCING,
        "3ndi 31 3am mn oujda mazal madert walo, bghit n7el hanout o khassni chi 100 alf dirham",
        {"age": 31, "place": "02.411", "years": -1, "form": "none", "sector": "trade", "amount": 100000},
    ),
    (
        Journey.CHECKLIST,
        "بغيت نسجل تعاونية فالصويرة حنا 9 ديال العيالات ديال أركان، عطيونا لائحة ديال المراحل نتبعوها",
        {"form": "cooperative", "place": "07.211", "people": 9, "led": "women", "sector": "food"},
    ),
    (
        Journey.CHECKLIST,
        "donnez moi le plan à suivre pour notre coopérative de safran à Taliouine, on est 12",
        {"form": "cooperative", "sector": "agriculture", "place": "09.541", "people": 12},
    ),
    (
        Journey.FORM,
        "نحن خمسة حرفيين في فاس نصنع الجلد ولدينا 10000 درهم للبداية، ساعدونا على اختيار الإطار القانوني",
        {"people": 5, "sector": "crafts", "place": "03.231", "money": 10000},
    ),
    (
        Journey.FINANCING,
        "wach kayn chi da3m l chabab f errachidia, bghina ndiro recyclage dyal zbel o 7na 4",
        {"led": "youth", "place": "08.201", "sector": "services", "people": 4},
    ),
    (
        Journey.FORM,
        "on veut aider les enfants du douar à Midelt avec des cours du soir, sans gagner d'argent, on est 3, quel statut prendre",
        {"goal": "public", "place": "08.363", "people": 3},
    ),
    (
        Journey.FINANCING,
        "أبحث عن قرض بقيمة 150000 درهم لشركتي SARL للتجميل الطبيعي في الداخلة، عمرها سنة واحدة",
        {"amount": 150000, "form": "sarl", "sector": "cosmetics", "place": "12.391", "years": 1},
    ),
]
EACH_START = pytest.mark.parametrize(("journey", "text", "said"), STARTS)
#: What the message that starts a journey is searched for; the rest is asked (bot/guidance/reading.py volunteered).
PLAIN = ("place", "form", "sector", "led", "age", "need")


def _right(field: str, value: Any, expected: Any) -> bool:
    if field == "place":
        return value == expected or (value in places() and places()[value].province == expected)
    return value in (expected if isinstance(expected, list) else [expected])


@pytest.mark.parametrize(("text", "field", "expected"), [(text, field, said[field]) for _, text, said in STARTS for field in PLAIN if field in said])
def test_what_is_said_plainly_at_the_start_is_not_asked_again(knowledge: Knowledge, text: str, field: str, expected: Any) -> None:
    assert _right(field, volunteered([field], {}, text, knowledge).get(field), expected)


@pytest.mark.parametrize(("text", "said"), [(text, said) for journey, text, said in STARTS if journey is Journey.FINANCING and "amount" in said])
def test_the_sum_looked_for_is_understood_at_the_start(knowledge: Knowledge, text: str, said: dict[str, Any]) -> None:
    assert volunteered(FINANCING, {}, text, knowledge)["amount"] == said["amount"]


@EACH_START
def test_nothing_is_understood_that_was_not_said(knowledge: Knowledge, journey: Journey, text: str, said: dict[str, Any]) -> None:
    for field, value in volunteered(ASKS[journey], {}, text, knowledge).items():
        assert _right(field, value, said.get(field)), (field, value)


@EACH_START
def test_what_was_answered_before_stays(knowledge: Knowledge, journey: Journey, text: str, said: dict[str, Any]) -> None:
    known = {"place": RABAT, "form": "gie", "amount": 1, "sector": "skip", "need": "start"}
    assert not set(volunteered(ASKS[journey], known, text, knowledge)) & set(known)


def test_how_much_of_the_first_messages_is_understood(knowledge: Knowledge, measured: Callable[[str], None]) -> None:
    for name, fields in (("of all that is said", FIELDS), ("of what the journey asks", None)):
        wanted = [(journey, text, field, value) for journey, text, said in STARTS for field, value in said.items() if field in (fields or ASKS[journey])]
        found = sum(_right(field, volunteered([field], {}, text, knowledge).get(field), value) for _, text, field, value in wanted)
        measured(f"first messages of journeys: {found} of {len(wanted)} answers understood, {name}")


@pytest.mark.parametrize("text", ["je veux créer quelque chose", "bghit n9lleb 3la da3m", "بغيت نبدا", "أريد المساعدة", "bonjour"])
@pytest.mark.parametrize("journey", [Journey.FORM, Journey.CHECKLIST, Journey.FINANCING])
def test_a_start_that_says_nothing_answers_nothing(knowledge: Knowledge, journey: Journey, text: str) -> None:
    assert volunteered(ASKS[journey], {}, text, knowledge) == {}


def test_numbers_without_their_unit_answer_nothing(knowledge: Knowledge) -> None:
    assert volunteered(FINANCING, {}, "bghit 28", knowledge) == {}
    assert volunteered(FORM, {}, "on est 6 et on veut commencer en 2027", knowledge) == {}
