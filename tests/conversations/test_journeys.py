"""The journeys through the real pipeline: begun in every variety, interrupted, corrected, left and taken up again, through to their result.

Every turn of every conversation here leaves a way on (`Talk.say`): its last message has buttons or asks something.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from actions import action_offers, action_open_case
from bot.assistant import Assistant, Turn
from bot.channels.reply import Collector
from bot.documents.reference import ChecklistReference
from bot.guidance.checklist import Checklist, checklists, make_checklist
from bot.guidance.choosing import advise, form_rules
from bot.guidance.journeys import ASKS, START, Journey, closed, profile_of, ranked, to_ask
from bot.guidance.profile import FIELDS
from bot.guidance.questions import questions
from bot.guidance.text import condition_text, form_name, offer_text, step_text, steps_text
from bot.guidance.values import number_of, said
from bot.handoff import cases
from bot.knowledge.store import Knowledge
from bot.knowledge.text import figure, source_line
from bot.storage.database import Database

pytestmark = pytest.mark.model

TAROUDANT, RABAT, AGADIR, FES = "09.541", "04.421", "09.001:Agadir", "03.231"


@dataclass(frozen=True)
class Words:
    """What somebody says, in one variety; `language` is the one they are answered in."""

    language: str
    starts: dict[Journey, str]
    person: str
    seven: str
    six_after_all: str
    three_after_all: str
    income: str
    yes: str
    why_not: str
    crafts: str
    two_years: str
    women: str
    need: str
    fact: str
    thanks: str
    agadir_not_rabat: str
    fes_after_all: str
    step_two_done: str
    leave: str
    resume: str
    start_over: str
    useful: str
    not_useful: str
    sentence: str
    all_at_once: str


SAID = {
    "fr": Words(
        language="fr",
        starts={
            Journey.FORM: "quel statut me conseillez-vous ?",
            Journey.CHECKLIST: "donnez-moi ma checklist",
            Journey.FINANCING: "je cherche un financement",
            Journey.TRAINING: "je cherche une formation",
        },
        person="je voudrais parler à un humain",
        seven="on est 7",
        six_after_all="non, on est 6",
        three_after_all="non, on est 3",
        income="gagner de l'argent",
        yes="oui",
        why_not="pourquoi pas une association ?",
        crafts="artisanat",
        two_years="2 ans",
        women="des femmes",
        need="gestion",
        fact="c'est quoi le capital minimum d'une coopérative ?",
        thanks="merci à vous",
        agadir_not_rabat="non, à Agadir pas à Rabat",
        fes_after_all="non, à Fès",
        step_two_done="j'ai terminé l'étape 2",
        leave="je préfère arrêter ces questions",
        resume="où on en était ?",
        start_over="recommencer à zéro",
        useful="cette réponse m'a bien aidé",
        not_useful="ça ne m'a pas aidé",
        sentence="nous sommes six personnes et nous voulons vendre nos tapis ensemble",
        all_at_once="je cherche un financement, 50 000 dh, pour notre coopérative de tapis à Taroudant",
    ),
    "ar": Words(
        language="ar",
        starts={
            Journey.FORM: "ما هو الشكل القانوني المناسب لي؟",
            Journey.CHECKLIST: "أعطوني لائحة خطواتي من فضلكم",
            Journey.FINANCING: "أبحث عن دعم لمشروعي",
            Journey.TRAINING: "أبحث عن تكوين",
        },
        person="أريد التحدث مع موظف من فضلكم",
        seven="سبعة",
        six_after_all="لا، نحن ستة",
        three_after_all="لا، نحن ثلاثة",
        income="كسب دخل",
        yes="نعم",
        why_not="لماذا ليس الجمعية؟",
        crafts="الصناعة التقليدية",
        two_years="سنتان",
        women="نساء",
        need="المحاسبة",
        fact="ما الحد الأدنى لرأس مال التعاونية؟",
        thanks="شكرا جزيلا",
        agadir_not_rabat="لا، في أكادير وليس الرباط",
        fes_after_all="لا، في فاس",
        step_two_done="أنهيت المرحلة 2",
        leave="أريد إلغاء هذا",
        resume="أين وصلنا؟",
        start_over="لنبدأ من جديد",
        useful="هذا الجواب مفيد شكرا",
        not_useful="لم تنفعني إجابتكم",
        sentence="نحن ستة أشخاص ونريد أن نبيع منتجاتنا معا، هذا ما نحتاج إليه",
        all_at_once="نبحث عن دعم بقيمة 50000 درهم لتعاونية الزرابي في تارودانت",
    ),
    "ary-Arab": Words(
        language="ary",
        starts={
            Journey.FORM: "شنو هو الشكل القانوني اللي كيواتيني؟",
            Journey.CHECKLIST: "شنو بقا ليا فاللائحة ديالي",
            Journey.FINANCING: "بغيت شي دعم للمشروع ديالي",
            Journey.TRAINING: "بغيت شي تكوين",
        },
        person="بغيت نهضر مع شي بنادم",
        seven="حنا سبعة",
        six_after_all="لا، حنا ستة",
        three_after_all="لا، حنا تلاتة",
        income="نربحو دخل",
        yes="إيه",
        why_not="علاش ماشي جمعية؟",
        crafts="الصنعة",
        two_years="عامين",
        women="عيالات",
        need="الكونطابليتي",
        fact="شحال أقل راسمال ديال التعاونية؟",
        thanks="الله يرحم الوالدين",
        agadir_not_rabat="لا، فأكادير ماشي الرباط",
        fes_after_all="لا، ففاس ماشي أكادير",
        step_two_done="درت المرحلة 2",
        leave="نحبس",
        resume="فين وصلنا",
        start_over="نبداو من الأول",
        useful="هاد الجواب نفعني",
        not_useful="مانفعنيش هاد الجواب",
        sentence="حنا ستة د الناس وبغينا نبيعو الزرابي",
        all_at_once="بغينا شي دعم د 50000 درهم للتعاونية ديالنا ديال الزرابي فتارودانت",
    ),
    "ary-Latn": Words(
        language="ary",
        starts={
            Journey.FORM: "chno howa chakl lqanoni li kaywatini",
            Journey.CHECKLIST: "checklist dyali 3afak",
            Journey.FINANCING: "bghit chi da3m l machrou3 dyali",
            Journey.TRAINING: "bghit chi formation",
        },
        person="bghit nhder m3a chi bnadem",
        seven="7na sb3a",
        six_after_all="la, 7na 6",
        three_after_all="la, 7na 3",
        income="nrb7o lflous",
        yes="iyeh",
        why_not="3lach machi association",
        crafts="san3a",
        two_years="3amin",
        women="3yalat",
        need="compta",
        fact="chhal dyal ras lmal khass f ta3awniya",
        thanks="lah yerhem lwalidin",
        agadir_not_rabat="la, f agadir machi rabat",
        fes_after_all="la, f fes machi agadir",
        step_two_done="salit lmarhala 2",
        leave="bghit nhbes",
        resume="fin wselna",
        start_over="nbdaw mn lowel",
        useful="had ljawab n9edni",
        not_useful="mafadnich had ljawab",
        sentence="7na stta dyal nas w bghina nbi3o zrabi",
        all_at_once="bghit credit 50000 dh l ta3awniya dyal zrabi f taroudant",
    ),
}
IN_EVERY_VARIETY = pytest.mark.parametrize("words", SAID.values(), ids=SAID)
EACH_JOURNEY = pytest.mark.parametrize("journey", Journey, ids=lambda journey: journey.value)


def _payload(button: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The intent of a button and what it carries."""
    intent, brace, rest = button["payload"].rpartition("~")[0].removeprefix("/").partition("{")
    return intent, json.loads(brace + rest) if brace else {}


class Talk:
    """A conversation in which every turn leaves a way on."""

    def __init__(self, assistant: Assistant, me: str) -> None:
        self._assistant = assistant
        self._me = me
        self.last: Turn | None = None

    async def say(self, message: str) -> Turn:
        """Say something; what comes back has words, and in the end buttons or a question."""
        turn = await self._assistant.say(self._me, message)
        assert turn.replies, message
        end = turn.replies[-1]
        asks = any(line.rstrip().endswith(("?", "؟")) for line in end.get("text", "").splitlines())
        assert end.get("buttons") or asks, (message, turn.text)
        titles = [button["title"] for button in end.get("buttons", [])]
        assert len(titles) == len(set(titles)), titles
        self.last = turn
        return turn

    async def press(self, wanted: str, of: Turn | None = None, **values: str | None) -> Turn:
        """Press a button of the last turn, or of an earlier one, by its intent and what it carries (None: it does not)."""
        turn = of or self.last
        assert turn is not None
        for button in turn.buttons:
            intent, carried = _payload(button)
            if intent == wanted and all(carried.get(name) == value for name, value in values.items()):
                return await self.say(button["payload"])
        raise AssertionError(f"no button {wanted} {values} in {[_payload(button) for button in turn.buttons]}")

    async def events(self) -> list[Any]:
        """What Rasa keeps of the conversation."""
        tracker = await self._assistant._agent.tracker_store.get_or_create_tracker(self._me)
        return list(tracker.events)

    async def new_session(self) -> None:
        """What bot/channels/turn.py sends after many turns."""
        await self._assistant._agent.handle_message(UserMessage("/session_start", Collector(), self._me, input_channel="web"))


@pytest.fixture
def talk(assistant: Assistant, request: pytest.FixtureRequest) -> Talk:
    return Talk(assistant, f"journey:{request.node.name}")


@pytest.fixture(autouse=True)
def case_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Where cases are opened: nowhere but here."""
    found = Database(f"sqlite:///{tmp_path / 'cases.db'}")
    monkeypatch.setattr(action_open_case, "database", lambda: found)
    yield found
    found.close()


def _intents(turn: Turn) -> list[str]:
    return [_payload(button)[0] for button in turn.buttons]


def _carried(turn: Turn, name: str) -> list[str]:
    """What the buttons carry under a name."""
    return [carried[name] for _, carried in map(_payload, turn.buttons) if name in carried]


def _asks(turn: Turn, field: str | None, language: str) -> bool:
    """Whether a turn ends by asking for this field, in this language; None: for nothing."""
    if turn.slots["requested_slot"] != field:
        return False
    return field is None or questions()[field].ask.get(language) in turn.replies[-1]["text"]


def _answers(turn: Turn) -> dict[str, Any]:
    return {field: turn.slots.get(field) for field in FIELDS}


def _list_of(turn: Turn, language: str, knowledge: Knowledge) -> Checklist:
    """The checklist that the answers of a conversation call for."""
    answers = _answers(turn)
    done = (turn.slots["steps_done"] or {}).get(answers["form"], [])
    sector = None if answers["sector"] == "skip" else answers["sector"]
    return make_checklist(checklists()[answers["form"]], knowledge, answers["form"], language, sector, answers["place"], done)


async def _advised(talk: Talk, words: Words) -> Turn:
    """Go through the choice of a form by saying it."""
    for message in (words.starts[Journey.FORM], words.seven, words.income):
        await talk.say(message)
    return await talk.say(words.yes)


async def _listed(talk: Talk, words: Words) -> Turn:
    """Go through the checklist, for a cooperative of craftspeople in Taroudant."""
    await talk.say(words.starts[Journey.CHECKLIST])
    await talk.press("answer", value="cooperative")
    await talk.say(words.crafts)
    return await talk.say("Taroudant")


async def _funded(talk: Talk, words: Words, form: str = "cooperative") -> Turn:
    """Go through the search for money."""
    await talk.say(words.starts[Journey.FINANCING])
    await talk.press("answer", value=form)
    await talk.say(words.two_years)
    await talk.say(words.crafts)
    for answer in ("Agadir", "28", words.women):
        await talk.say(answer)
    return await talk.say("80000")


async def _trained(talk: Talk, words: Words) -> Turn:
    """Go through the search for a training."""
    await talk.say(words.starts[Journey.TRAINING])
    await talk.say(words.need)
    await talk.say("Agadir")
    turn = await talk.press("answer", value="cooperative")
    return turn if turn.slots["requested_slot"] is None else await talk.press("answer", value="any")


# --- how a journey begins


@IN_EVERY_VARIETY
@EACH_JOURNEY
async def test_a_journey_begins_by_saying_so(talk: Talk, words: Words, journey: Journey) -> None:
    turn = await talk.say(words.starts[journey])
    assert turn.slots["journey"] == journey.value
    assert _asks(turn, ASKS[journey][0], words.language)
    assert "answer" in _intents(turn)


@EACH_JOURNEY
async def test_a_journey_begins_by_its_button_in_the_menu(talk: Talk, journey: Journey) -> None:
    await talk.say("menu svp")
    turn = await talk.press(START[journey].removeprefix("/"))
    assert _asks(turn, ASKS[journey][0], "fr")


async def test_from_an_advice_the_way_leads_to_its_checklist_and_to_money(talk: Talk) -> None:
    advice = await _advised(talk, SAID["fr"])
    turn = await talk.press("checklist", form="cooperative")
    assert _asks(turn, "sector", "fr"), "the form is the one advised"
    turn = await talk.press("seek_financing", of=advice)
    assert turn.slots["journey"] == Journey.FINANCING.value


async def test_who_does_not_know_the_form_is_helped_to_choose_and_comes_back_to_the_checklist(talk: Talk) -> None:
    await talk.say("donnez-moi ma checklist")
    await talk.press("choose_form")
    await talk.press("answer", value="5")
    await talk.press("answer", value="income")
    turn = await talk.press("answer", value="yes")
    assert turn.slots["advised"] == "cooperative"
    assert _asks(await talk.say("donnez-moi ma checklist"), "sector", "fr")


@pytest.mark.parametrize(
    "message",
    [
        "je veux la liste des étapes pour créer une coopérative",
        "أريد قائمة المراحل التي يجب اتباعها لإنشاء تعاونية",
        "عطيوني لائحة المراحل باش نديرو تعاونية",
        "3tiwni lista dyal lmarahil bach ndiro ta3awniya",
    ],
)
async def test_who_asks_for_the_list_of_steps_is_led_to_the_checklist(talk: Talk, message: str) -> None:
    turn = await talk.say(message)
    assert turn.slots["journey"] == Journey.CHECKLIST.value or "checklist" in _intents(turn)


@pytest.mark.parametrize(
    "message",
    [
        "quelle forme juridique me convient ?",
        "conseillez-moi une forme juridique",
        pytest.param("aidez-moi à choisir ma forme juridique"),
    ],
)
async def test_who_wants_to_be_advised_is_asked_and_not_given_a_comparison(talk: Talk, message: str) -> None:
    turn = await talk.say(message)
    assert _asks(turn, "people", "fr")


# --- which form


@IN_EVERY_VARIETY
async def test_a_form_is_advised_with_reasons_for_and_against_and_a_source(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _advised(talk, words)
    best = advise(form_rules(), knowledge, profile_of(_answers(turn)))[0]
    assert (turn.slots["advised"], turn.slots["people"]) == (best.form, 7) == ("cooperative", 7)
    assert form_name(knowledge, best.form, words.language) in turn.text
    assert said(knowledge, best.reasons_for[0].text, words.language) in turn.text
    assert said(knowledge, best.reasons_against[0].text, words.language) in turn.text
    assert turn.text.splitlines()[-1] == source_line(knowledge.records[best.reasons_for[0].record], words.language)
    assert _asks(turn, None, words.language)
    assert {"checklist", "why_not", "seek_financing", "change", "human"} <= set(_intents(turn))


@IN_EVERY_VARIETY
async def test_why_not_another_form_is_answered_when_said(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    await _advised(talk, words)
    turn = await talk.say(words.why_not)
    advice = {each.form: each for each in advise(form_rules(), knowledge, profile_of(_answers(turn)))}["association"]
    assert advice.excluded
    assert said(knowledge, advice.reasons_against[0].text, words.language) in turn.text
    assert turn.text.splitlines()[-1].startswith(("Source", "المصدر"))


@IN_EVERY_VARIETY
async def test_why_not_another_form_is_answered_by_button(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    await _advised(talk, words)
    turn = await talk.press("why_not", form="gie")
    advice = {each.form: each for each in advise(form_rules(), knowledge, profile_of(_answers(turn)))}["gie"]
    assert said(knowledge, advice.reasons_for[0].text, words.language) in turn.text
    assert said(knowledge, advice.reasons_against[0].text, words.language) in turn.text


async def test_why_not_asked_without_a_form_offers_the_forms(talk: Talk) -> None:
    await _advised(talk, SAID["fr"])
    turn = await talk.say("et pourquoi pas une autre ?")
    assert {"why_not"} <= set(_intents(turn))


@IN_EVERY_VARIETY
async def test_why_not_before_any_advice_leads_to_the_choice(talk: Talk, words: Words) -> None:
    turn = await talk.say(words.why_not)
    assert "choose_form" in _intents(turn)


async def test_two_friends_who_help_others_are_advised_an_association(talk: Talk) -> None:
    for message in (SAID["fr"].starts[Journey.FORM], "on est 2", "aider les enfants du quartier"):
        turn = await talk.say(message)
    while turn.slots["requested_slot"]:
        turn = await talk.press("answer", value="no")
    assert turn.slots["advised"] == "association"


# --- checklist


@IN_EVERY_VARIETY
async def test_a_checklist_says_the_next_step_in_full(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _listed(talk, words)
    found = _list_of(turn, words.language, knowledge)
    assert (found.form, found.sector, found.place, found.done) == ("cooperative", "crafts", TAROUDANT, 0)
    assert found.next is not None
    assert step_text(found.next, words.language) in turn.text
    assert {"tick", "steps", "pdf", "show", "change", "human"} <= set(_intents(turn))


@IN_EVERY_VARIETY
async def test_all_steps_are_listed_in_order(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    await _listed(talk, words)
    turn = await talk.press("steps")
    found = _list_of(turn, words.language, knowledge)
    numbers = [int(line.split()[1].rstrip(".")) for line in turn.text.splitlines() if line.startswith(("☐", "☑"))]
    assert numbers == list(range(1, len(found.steps) + 1))
    assert turn.text == steps_text(found)


@IN_EVERY_VARIETY
async def test_the_steps_name_the_offices_of_the_place(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _listed(talk, words)
    offices = 0
    while (step := _list_of(turn, words.language, knowledge).next) and offices < 2:
        if step.office:
            offices += 1
            assert step.office.name.get(words.language) in turn.text
        turn = await talk.press("tick")
    assert offices == 2


@IN_EVERY_VARIETY
async def test_a_step_is_ticked_by_its_button_and_by_saying_so(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _listed(talk, words)
    steps = [step.id for step in _list_of(turn, words.language, knowledge).steps]
    turn = await talk.press("tick")
    assert turn.slots["steps_done"] == {"cooperative": steps[:1]}
    turn = await talk.say(words.step_two_done)
    assert turn.slots["steps_done"] == {"cooperative": steps[:2]}
    assert "☑ 2." in turn.text
    found = _list_of(turn, words.language, knowledge).next
    assert found is not None
    assert found.number == 3
    assert step_text(found, words.language) in turn.text


@pytest.mark.parametrize(
    ("message", "number"),
    [
        pytest.param("j'ai terminé l'inscription au registre de l'artisanat", 15),
        pytest.param("j'ai déposé le dossier au tribunal", 9),
        pytest.param("les statuts sont rédigés, c'est fait", 5),
        ("c'est fait, on a choisi qui dirige", 3),
    ],
)
async def test_a_step_is_ticked_by_its_words(talk: Talk, message: str, number: int) -> None:
    await _listed(talk, SAID["fr"])
    turn = await talk.say(message)
    assert f"☑ {number}." in turn.text


async def test_a_tick_is_taken_back_by_button(talk: Talk) -> None:
    await _listed(talk, SAID["fr"])
    await talk.press("tick")
    turn = await talk.press("steps")
    turn = turn if any(_payload(button)[1].get("done") == "no" for button in turn.buttons) else await talk.press("steps", step="coop-group")
    turn = await talk.press("tick", done="no")
    assert turn.slots["steps_done"] == {"cooperative": []}


@pytest.mark.parametrize("message", ["l'étape 1 n'est pas faite", "l'étape 1 n'est pas encore faite, je me suis trompé", "المرحلة 1 مازال ماتدارتش"])
async def test_a_tick_is_taken_back_by_saying_so(talk: Talk, message: str) -> None:
    await _listed(talk, SAID["fr"])
    await talk.press("tick")
    turn = await talk.say(message)
    assert turn.slots["steps_done"] == {"cooperative": []}


async def test_when_all_steps_are_done_it_says_so(talk: Talk, knowledge: Knowledge) -> None:
    turn = await _listed(talk, SAID["fr"])
    for _ in _list_of(turn, "fr", knowledge).steps:
        turn = await talk.press("tick")
    assert _list_of(turn, "fr", knowledge).next is None
    assert "Toutes les étapes sont faites" in turn.text
    assert "pdf" in _intents(turn)


@IN_EVERY_VARIETY
async def test_the_document_shows_the_same_steps_done(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    await _listed(talk, words)
    await talk.press("tick")
    await talk.press("tick")
    turn = await talk.press("pdf")
    document = next(reply["custom"]["document"] for reply in turn.replies if "custom" in reply)
    assert document["name"].endswith(".pdf")
    shown = ChecklistReference.from_text(document["reference"]).checklist()
    assert shown == _list_of(turn, words.language, knowledge)
    assert (shown.done, shown.language) == (2, words.language)


async def test_another_town_is_a_press_away_and_the_ticks_stay(talk: Talk) -> None:
    await _listed(talk, SAID["fr"])
    await talk.press("tick")
    turn = await talk.press("change", field="place")
    assert _asks(turn, "place", "fr")
    turn = await talk.say("Fès")
    assert turn.slots["place"] == FES
    assert len(turn.slots["steps_done"]["cooperative"]) == 1


@IN_EVERY_VARIETY
async def test_a_step_done_before_there_is_a_list_begins_the_list(talk: Talk, words: Words) -> None:
    turn = await talk.say(words.step_two_done)
    assert turn.slots["journey"] == Journey.CHECKLIST.value
    assert _asks(turn, "form", words.language)


# --- money


@IN_EVERY_VARIETY
async def test_money_is_found_best_first_and_the_best_is_told_in_full(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _funded(talk, words)
    profile = profile_of(_answers(turn))
    matches = ranked(Journey.FINANCING, knowledge, profile)
    names = [match.offer.name.get(words.language) for match in matches[: action_offers.PAGE]]
    lines = turn.replies[0]["text"].splitlines()
    assert str(len(matches)) in lines[0]
    assert [line.split(". ")[0] for line in lines[1 : len(names) + 1]] == [str(number) for number in range(1, len(names) + 1)]
    assert all(name in line for name, line in zip(names, lines[1:]))
    assert turn.replies[1]["text"] == offer_text(matches[0], profile, knowledge, words.language)
    offered = [_payload(button)[1].get("offer") for button in turn.buttons if _payload(button)[0] == "offer"]
    assert offered[:-1] == [match.offer.id for match in matches[1 : action_offers.PAGE]]


@IN_EVERY_VARIETY
async def test_each_programme_says_amounts_why_it_fits_what_is_to_be_checked_and_how_to_apply(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    first = await _funded(talk, words)
    language, profile = words.language, profile_of(_answers(first))
    for match in ranked(Journey.FINANCING, knowledge, profile)[1 : action_offers.PAGE]:
        turn = await talk.press("offer", of=first, offer=match.offer.id)
        text = turn.text
        assert said(knowledge, match.offer.what, language) in text
        assert said(knowledge, match.offer.apply, language) in text
        if reference := match.offer.gives.max_dh:
            assert figure(int(number_of(knowledge, reference)), language) in text
        assert text == offer_text(match, profile, knowledge, language)
        assert text.splitlines()[-1].startswith(("Source", "المصدر"))
        assert turn.slots["last_record"] == match.offer.record
        assert {"show", "human"} <= set(_intents(turn))


@IN_EVERY_VARIETY
async def test_what_is_not_known_of_the_person_is_to_be_checked(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await talk.say(words.starts[Journey.FINANCING])
    turn = await talk.press("answer", value="cooperative")
    while turn.slots["requested_slot"]:
        turn = await talk.press("answer", value="skip")
    match = next(match for match in ranked(Journey.FINANCING, knowledge, profile_of(_answers(turn))) if match.open_)
    while match.offer.id not in _carried(turn, "offer"):
        turn = await talk.press("offer", page=_carried(turn, "page")[0])
    turn = await talk.press("offer", offer=match.offer.id)
    assert all(condition_text(condition, knowledge, words.language) in turn.text for condition in match.open_)
    assert {"fr": "À vérifier", "ar": "يجب التأكد من", "ary": "تأكدو من"}[words.language] in turn.text


async def test_the_pages_of_programmes_go_on_to_the_last(talk: Talk, knowledge: Knowledge) -> None:
    turn = await _funded(talk, SAID["fr"])
    matches = ranked(Journey.FINANCING, knowledge, profile_of(_answers(turn)))
    listed = [match.offer.id for match in matches[: action_offers.PAGE]]
    while pages := _carried(turn, "page"):
        turn = await talk.press("offer", page=pages[0])
        listed += _carried(turn, "offer")
    assert listed == [match.offer.id for match in matches]


@IN_EVERY_VARIETY
async def test_programmes_that_are_closed_are_named_as_closed(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _funded(talk, words)
    shut = closed(Journey.FINANCING, knowledge, profile_of(_answers(turn)))
    assert shut
    line = turn.replies[0]["text"].splitlines()[-1]
    assert all(match.offer.name.get(words.language) in line for match in shut[:2])
    assert line.startswith({"fr": "Fermé", "ar": "مغلق", "ary": "مسدود"}[words.language])
    open_ = {match.offer.id for match in ranked(Journey.FINANCING, knowledge, profile_of(_answers(turn)))}
    assert not open_ & {match.offer.id for match in shut}


@IN_EVERY_VARIETY
async def test_who_no_programme_is_for_is_told_so_and_offered_what_is_next(talk: Talk, words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some programme is for everybody today, so the list is emptied here."""
    monkeypatch.setattr(action_offers, "ranked", lambda *_: [])
    turn = await _funded(talk, words)
    assert {"fr": "aucun programme", "ar": "لا أعرف أي برنامج", "ary": "ماكنعرف حتى برنامج"}[words.language] in turn.text
    assert {"change", "human"} <= set(_intents(turn))


async def test_somebody_with_nothing_yet_is_not_asked_how_old_the_organisation_is(talk: Talk) -> None:
    await talk.say("je cherche un financement")
    turn = await talk.press("answer", value="none")
    while turn.slots["requested_slot"]:
        assert turn.slots["requested_slot"] != "years"
        turn = await talk.press("answer")
    assert turn.slots["decision"]["outcome"] == "offers"


# --- training


@IN_EVERY_VARIETY
async def test_trainings_are_found_by_need_town_and_form(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await _trained(talk, words)
    answers = _answers(turn)
    assert (answers["need"], answers["place"], answers["form"], answers["teaching"]) == ("manage", AGADIR, "cooperative", "any")
    matches = ranked(Journey.TRAINING, knowledge, profile_of(answers))
    assert matches
    assert turn.slots["decision"]["records"] == [match.offer.record for match in matches[: action_offers.PAGE]]
    assert turn.replies[1]["text"] == offer_text(matches[0], profile_of(answers), knowledge, words.language)
    assert all("manage" in match.offer.needs for match in matches)


@pytest.mark.parametrize(("variety", "need"), [("fr", "épargne"), ("ar", "الادخار"), ("ary-Arab", "الادخار"), ("ary-Latn", "budget")])
async def test_who_no_training_is_for_is_told_so_and_offered_what_is_next(talk: Talk, variety: str, need: str, knowledge: Knowledge) -> None:
    words = SAID[variety]
    await talk.say(words.starts[Journey.FINANCING])
    await talk.press("answer", value="gie")
    await talk.say(words.leave)
    await talk.say(words.starts[Journey.TRAINING])
    await talk.say(need)
    turn = await talk.say("Rabat")
    assert ranked(Journey.TRAINING, knowledge, profile_of(_answers(turn))) == []
    assert {"fr": "aucune formation", "ar": "لا أعرف أي تكوين", "ary": "ماكنعرف حتى تكوين"}[words.language] in turn.text
    assert {"change", "human"} <= set(_intents(turn))


@pytest.mark.parametrize(
    "message",
    [
        "je cherche une formation en couture à Fès",
        pytest.param("je cherche une formation en comptabilité à Agadir pour ma coopérative"),
        pytest.param("بغيت شي تكوين فالمحاسبة فأكادير للتعاونية ديالنا"),
        "أبحث عن تكوين في المحاسبة بأكادير",
        "bghit chi formation f compta f agadir l ta3awniya",
    ],
)
async def test_a_training_named_by_what_it_teaches_begins_the_journey(talk: Talk, message: str) -> None:
    turn = await talk.say(message)
    assert turn.slots["journey"] == Journey.TRAINING.value
    assert turn.slots["place"]
    assert turn.slots["need"]


# --- a person


@IN_EVERY_VARIETY
async def test_a_person_is_asked_for_by_saying_so_and_a_case_is_opened(talk: Talk, words: Words, case_book: Database) -> None:
    await _advised(talk, words)
    turn = await talk.say(words.person)
    assert turn.slots["requested_slot"] == "wish"
    turn = await talk.say(words.fact)
    (case,) = case_book.now(cases.waiting)
    assert str(case.id) in turn.text
    assert (case.wish, case.language, case.summary["answers"]["people"]) == (words.fact, words.language, 7)
    assert "back_to_bot" in _intents(turn)


async def test_a_person_is_asked_for_by_button_and_without_a_message(talk: Talk, case_book: Database) -> None:
    await _advised(talk, SAID["fr"])
    await talk.press("human")
    turn = await talk.press("answer", field="wish")
    (case,) = case_book.now(cases.waiting)
    assert (case.wish, turn.slots["requested_slot"]) == ("", None)


async def test_a_person_is_asked_for_by_a_command(talk: Talk, case_book: Database) -> None:
    await talk.say("/human")
    await talk.say("je veux savoir si mon dossier est complet")
    assert case_book.now(cases.waiting)[0].wish == "je veux savoir si mon dossier est complet"


@pytest.mark.parametrize("cancel", ["button", "annuler", "laissez tomber"])
async def test_a_person_is_not_called_when_that_is_taken_back(talk: Talk, case_book: Database, cancel: str) -> None:
    await talk.say("je voudrais parler à un humain")
    turn = await (talk.press("leave") if cancel == "button" else talk.say(cancel))
    assert turn.slots["requested_slot"] is None
    assert case_book.now(cases.waiting) == []


@pytest.mark.parametrize("words", ["non merci", "بلاش", "لا شكرا", "la blach"])
async def test_a_person_is_not_called_after_a_no(talk: Talk, case_book: Database, words: str) -> None:
    await talk.say("/human")
    turn = await talk.say(words)
    assert turn.slots["requested_slot"] is None
    assert case_book.now(cases.waiting) == []


async def test_when_the_case_cannot_be_kept_the_bot_says_so(talk: Talk, case_book: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def fails(*_: Any) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(action_open_case.cases, "open_case", fails)
    await talk.say("/human")
    turn = await talk.say("aidez-moi pour mon dossier")
    assert "n'a pas pu être enregistrée" in turn.text
    assert "back_to_bot" not in _intents(turn)


# --- only what is missing is asked


@IN_EVERY_VARIETY
async def test_what_the_first_message_says_is_not_asked(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    turn = await talk.say(words.all_at_once)
    known = {"form": "cooperative", "sector": "crafts", "place": TAROUDANT, "amount": 50_000}
    assert {field: turn.slots[field] for field in known} == known
    asked = []
    while field := turn.slots["requested_slot"]:
        asked.append(field)
        turn = await talk.press("answer")
    assert asked
    assert not set(asked) & set(known)
    assert ranked(Journey.FINANCING, knowledge, profile_of(_answers(turn)))


@pytest.mark.parametrize("message", ["je cherche un financement de 50000 dh pour notre coopérative", "besoin d'une aide de 80000 DH pour ma coopérative"])
async def test_a_sum_after_de_is_no_number_of_an_identity_card(talk: Talk, message: str) -> None:
    turn = await talk.say(message)
    assert turn.slots["amount"]


async def test_a_sum_after_de_answers_the_question_for_it(talk: Talk) -> None:
    turn = await talk.say("je cherche un financement pour notre coopérative de tapis à Taroudant")
    while turn.slots["requested_slot"] != "amount":
        turn = await talk.press("answer")
    turn = await talk.say("j'ai besoin de 80000 DH")
    assert turn.slots["amount"] == 80_000


async def test_a_long_wish_for_money_begins_the_journey(talk: Talk) -> None:
    turn = await talk.say("je cherche un financement pour ma coopérative d'artisanat à Rabat, 50 000 DH, on est des femmes")
    assert turn.slots["journey"] == Journey.FINANCING.value


@IN_EVERY_VARIETY
async def test_the_answers_of_one_journey_are_not_asked_in_the_next(talk: Talk, words: Words) -> None:
    turn = await _listed(talk, words)
    known = _answers(turn)
    turn = await talk.say(words.starts[Journey.FINANCING])
    asked = []
    while field := turn.slots["requested_slot"]:
        asked.append(field)
        turn = await talk.press("answer")
    assert asked
    assert not {"form", "sector", "place"} & set(asked)
    turn = await talk.say(words.starts[Journey.TRAINING])
    assert turn.slots["requested_slot"] == "need"
    turn = await talk.press("answer", value="manage")
    while field := turn.slots["requested_slot"]:
        assert field not in ("form", "place")
        turn = await talk.press("answer")
    assert {field: turn.slots[field] for field in ("form", "sector", "place")} == {field: known[field] for field in ("form", "sector", "place")}


async def test_a_journey_of_which_everything_is_known_gives_its_result_at_once(talk: Talk) -> None:
    await _advised(talk, SAID["fr"])
    await talk.say("merci à vous")
    turn = await talk.say("quel statut me conseillez-vous ?")
    assert turn.slots["requested_slot"] is None
    assert "Coopérative" in turn.text


async def test_a_question_whose_answer_changes_nothing_is_not_asked(talk: Talk) -> None:
    turn = await _advised(talk, SAID["fr"])
    assert (turn.slots["turnover"], turn.slots["salaried"], turn.slots["money"]) == (None, None, None)


async def test_a_few_words_may_answer_a_later_question(talk: Talk) -> None:
    await talk.say("donnez-moi ma checklist")
    await talk.press("answer", value="association")
    turn = await talk.say("à Tanger")
    assert turn.slots["place"]
    assert "Tanger" in turn.text
    assert _asks(turn, "sector", "fr")


# --- something else in between


@IN_EVERY_VARIETY
@EACH_JOURNEY
async def test_a_question_of_fact_is_answered_and_the_question_that_stood_comes_again(talk: Talk, words: Words, journey: Journey) -> None:
    await talk.say(words.starts[journey])
    turn = await talk.say(words.fact)
    assert turn.slots["last_record"] == "coop-capital-min"
    assert "1\xa0000" in turn.replies[0]["text"]
    assert _asks(turn, ASKS[journey][0], words.language)
    assert not any(turn.slots[field] for field in ASKS[journey])


@IN_EVERY_VARIETY
async def test_small_talk_is_answered_and_the_question_that_stood_comes_again(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    turn = await talk.say(words.thanks)
    assert len(turn.replies) == 2
    assert turn.slots["people"] is None
    assert _asks(turn, "people", words.language)


@pytest.mark.parametrize("message", ["bonjour", "t'es qui ?", "ça va ?", "c'est officiel ?", "au revoir", "c'est quoi ta source ?"])
async def test_whatever_is_said_the_question_that_stood_comes_again(talk: Talk, message: str) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    turn = await talk.say(message)
    assert len(turn.replies) == 2
    assert _asks(turn, "people", "fr")


@pytest.mark.parametrize("variety", ["fr", "ary-Arab", "ary-Latn"])
async def test_thanks_a_lot_is_no_number_of_people(talk: Talk, variety: str) -> None:
    await talk.say(SAID[variety].starts[Journey.FORM])
    turn = await talk.say({"fr": "merci beaucoup", "ary-Arab": "شكرا بزاف", "ary-Latn": "chokran bzaf"}[variety])
    assert turn.slots["people"] is None


@IN_EVERY_VARIETY
async def test_a_button_of_an_answer_may_be_pressed_in_between(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.fact)
    turn = await talk.press("show")
    assert turn.slots["decision"]["outcome"] == "chosen"
    assert _asks(turn, "people", words.language)


@IN_EVERY_VARIETY
async def test_another_journey_may_begin_in_between(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.say(words.starts[Journey.TRAINING])
    assert turn.slots["journey"] == Journey.TRAINING.value
    assert _asks(turn, "need", words.language)
    turn = await talk.say(words.starts[Journey.FORM])
    assert turn.slots["people"] == 7
    assert _asks(turn, "goal", words.language)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (("quel statut me conseillez-vous ?",), "je cherche une formation"),
        (("quel statut me conseillez-vous ?",), "je cherche un financement"),
        (("bghit chi da3m l machrou3 dyali", "GIE"), "bghit chi formation"),
    ],
)
async def test_asking_for_another_journey_is_no_answer(talk: Talk, answers: tuple[str, ...], message: str) -> None:
    for answer in answers:
        before = _answers(await talk.say(answer))
    assert _answers(await talk.say(message)) == before


async def test_an_office_may_be_asked_for_in_between(talk: Talk) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    turn = await talk.say("où est le tribunal de Tiznit ?")
    assert turn.slots["decision"]["records"] == ["office-tribunal-tiznit"]
    assert _asks(turn, "people", "fr")


# --- taking an answer back


@IN_EVERY_VARIETY
async def test_an_earlier_answer_is_corrected_while_a_question_stands(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.say(words.six_after_all)
    assert turn.slots["people"] == 6
    assert "6" in turn.replies[0]["text"]
    assert _asks(turn, "goal", words.language)


@IN_EVERY_VARIETY
async def test_an_answer_is_corrected_right_after_the_result(talk: Talk, words: Words) -> None:
    first = await _advised(talk, words)
    turn = await talk.say(words.three_after_all)
    assert turn.slots["people"] == 3
    assert (first.slots["advised"], turn.slots["advised"]) == ("cooperative", "sarl")
    assert turn.slots["requested_slot"] is None


@IN_EVERY_VARIETY
async def test_a_town_is_corrected_while_a_question_stands_and_right_after_the_result(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FINANCING])
    await talk.press("answer", value="cooperative")
    await talk.say(words.two_years)
    await talk.say(words.crafts)
    await talk.say("Rabat")
    turn = await talk.say(words.agadir_not_rabat)
    assert turn.slots["place"] == AGADIR
    assert _asks(turn, "age", words.language)
    await talk.say("28")
    await talk.say(words.women)
    await talk.say("80000")
    turn = await talk.say(words.fes_after_all)
    assert turn.slots["place"] == FES
    assert turn.slots["decision"]["outcome"] == "offers"


@pytest.mark.parametrize(("message", "age"), [("non, j'ai 40 ans", 40), ("la, 3ndi 40 3am", 40)])
async def test_an_age_taken_back_is_no_sum(talk: Talk, message: str, age: int) -> None:
    await _funded(talk, SAID["fr"])
    turn = await talk.say(message)
    assert (turn.slots["age"], turn.slots["amount"]) == (age, 80_000)


@IN_EVERY_VARIETY
async def test_an_answer_is_changed_by_button(talk: Talk, words: Words) -> None:
    await _advised(talk, words)
    turn = await talk.press("change", field=None)
    assert {_payload(button)[1]["field"] for button in turn.buttons} == {"people", "goal", "sharing", "all"}
    turn = await talk.press("change", field="people")
    assert _asks(turn, "people", words.language)
    turn = await talk.press("answer", value="1")
    assert turn.slots["people"] == 1
    assert (turn.slots["goal"], turn.slots["sharing"]) == ("income", "yes")


async def test_all_answers_are_changed_by_button(talk: Talk) -> None:
    await _advised(talk, SAID["fr"])
    await talk.press("change", field=None)
    turn = await talk.press("change", field="all")
    assert _asks(turn, "people", "fr")
    assert turn.slots["goal"] is None


# --- another language


@IN_EVERY_VARIETY
@pytest.mark.parametrize("chosen", ["fr", "ar", "ary"])
async def test_a_language_chosen_by_button_in_the_middle_is_that_of_the_next_question(talk: Talk, words: Words, chosen: str) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.say("/langue")
    assert _asks(turn, "goal", words.language)
    turn = await talk.press("change_language", chosen_language=chosen)
    assert _asks(turn, "goal", chosen)
    turn = await talk.press("answer", value="income")
    assert _asks(turn, "sharing", chosen)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("fr", "ar"),
        ("fr", "ary-Arab"),
        ("fr", "ary-Latn"),
        ("ar", "fr"),
        ("ary-Arab", "fr"),
        ("ary-Latn", "fr"),
        ("ary-Latn", "ar"),
        ("ar", "ary-Latn"),
    ],
)
async def test_a_whole_sentence_in_another_language_changes_that_of_the_next_question(talk: Talk, first: str, then: str) -> None:
    await talk.say(SAID[first].starts[Journey.FORM])
    turn = await talk.say(SAID[then].sentence)
    assert turn.slots["people"] == 6
    assert _asks(turn, "goal", SAID[then].language)


@IN_EVERY_VARIETY
async def test_a_word_does_not_change_the_language(talk: Talk, words: Words) -> None:
    await talk.say(words.sentence)
    await talk.say(words.starts[Journey.TRAINING])
    turn = await talk.say("marketing")
    assert turn.slots["need"] == "market"
    assert _asks(turn, "place", words.language)


# --- leaving, coming back, beginning anew


@IN_EVERY_VARIETY
async def test_a_journey_is_left_and_taken_up_again_by_saying_so(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.say(words.leave)
    assert _asks(turn, None, words.language)
    assert {"resume", "browse", "human"} <= set(_intents(turn))
    turn = await talk.say(words.fact)
    assert _asks(turn, None, words.language)
    turn = await talk.say(words.resume)
    assert "7" in turn.replies[0]["text"]
    assert _asks(turn, "goal", words.language)


async def test_a_journey_is_taken_up_again_by_button(talk: Talk) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    await talk.say("on est 7")
    await talk.say("je préfère arrêter ces questions")
    assert _asks(await talk.press("resume"), "goal", "fr")


@pytest.mark.parametrize(
    "message",
    [
        "annuler",
        "j'arrête",
        "laisse tomber",
        "arrête ces questions",
        "stop",
    ],
)
async def test_few_words_are_enough_to_leave(talk: Talk, message: str) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    turn = await talk.say(message)
    assert _asks(turn, None, "fr")
    assert "resume" in _intents(turn)


async def test_wanting_to_stop_is_no_goal(talk: Talk) -> None:
    await talk.say(SAID["ar"].starts[Journey.FORM])
    turn = await talk.say("أريد التوقف")
    assert turn.slots["goal"] is None


@IN_EVERY_VARIETY
async def test_where_was_i_while_a_question_stands_says_it_once(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.say(words.resume)
    assert len(turn.replies) == 2
    assert _asks(turn, "goal", words.language)


async def test_where_was_i_after_a_result_says_the_result_again(talk: Talk) -> None:
    first = await _advised(talk, SAID["fr"])
    await talk.say("merci à vous")
    turn = await talk.say("où on en était ?")
    assert first.replies[-1]["text"] == turn.replies[-1]["text"]


@IN_EVERY_VARIETY
async def test_where_was_i_in_a_list_says_the_next_step(talk: Talk, words: Words, knowledge: Knowledge) -> None:
    await _listed(talk, words)
    await talk.press("tick")
    await talk.say(words.fact)
    turn = await talk.say(words.resume)
    step = _list_of(turn, words.language, knowledge).next
    assert step is not None
    assert step.number == 2
    assert step_text(step, words.language) in turn.text


@IN_EVERY_VARIETY
async def test_where_was_i_before_anything_began_offers_the_journeys(talk: Talk, words: Words) -> None:
    turn = await talk.say(words.resume)
    assert set(_intents(turn)) == {start.removeprefix("/") for start in START.values()}


@IN_EVERY_VARIETY
async def test_beginning_anew_within_a_journey_asks_its_first_question(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.say(words.start_over)
    assert turn.slots["people"] is None
    assert _asks(turn, "people", words.language)


@IN_EVERY_VARIETY
async def test_beginning_anew_outside_a_journey_forgets_everything(talk: Talk, words: Words) -> None:
    await _advised(talk, words)
    turn = await talk.say(words.start_over)
    assert not any(turn.slots[field] for field in FIELDS)
    turn = await talk.say(words.starts[Journey.FORM])
    assert _asks(turn, "people", words.language)


async def test_beginning_anew_forgets_the_form_advised(talk: Talk) -> None:
    await _advised(talk, SAID["fr"])
    await talk.say("recommencer à zéro")
    assert _asks(await talk.say("donnez-moi ma checklist"), "form", "fr")


@IN_EVERY_VARIETY
async def test_a_late_button_of_an_earlier_question_counts(talk: Talk, words: Words) -> None:
    first = await talk.say(words.starts[Journey.FORM])
    await talk.say(words.seven)
    turn = await talk.press("answer", of=first, value="1")
    assert turn.slots["people"] == 1
    assert _asks(turn, "goal", words.language)


@IN_EVERY_VARIETY
async def test_a_button_pressed_after_leaving_takes_the_journey_up_again(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    standing = await talk.say(words.seven)
    await talk.say(words.leave)
    turn = await talk.press("answer", of=standing, value="income")
    assert (turn.slots["people"], turn.slots["goal"]) == (7, "income")
    assert _asks(turn, "sharing", words.language)


async def test_a_late_button_of_another_journey_counts_and_the_question_that_stands_comes_again(talk: Talk) -> None:
    first = await talk.say("quel statut me conseillez-vous ?")
    await talk.press("answer", value="5")
    await talk.say("je cherche une formation")
    turn = await talk.press("answer", of=first, value="1")
    assert turn.slots["people"] == 1
    assert _asks(turn, "need", "fr")


async def test_a_button_after_the_result_changes_the_answer(talk: Talk) -> None:
    first = await talk.say("quel statut me conseillez-vous ?")
    await talk.say("on est 7")
    await talk.say("gagner de l'argent")
    await talk.say("oui")
    turn = await talk.press("answer", of=first, value="1")
    assert turn.slots["people"] == 1
    assert turn.slots["advised"] != "cooperative" or turn.slots["requested_slot"]


# --- not understood


async def _through_with_nonsense(talk: Talk, start: str, language: str) -> list[str]:
    """Answer every question of a journey by nonsense twice, then by its first button; the fields that were asked."""
    turn, asked = await talk.say(start), []
    while field := turn.slots["requested_slot"]:
        asked.append(field)
        explained = questions()[field].explain.get(language)
        turn = await talk.say("xyzzy qwrt")
        assert _asks(turn, field, language), field
        assert explained in turn.text
        for _ in range(2):
            turn = await talk.say("zzzz")
            assert _asks(turn, field, language), field
            assert explained in turn.text
            assert {"answer", "human", "leave"} <= set(_intents(turn)), field
        turn = await talk.press("answer")
        assert turn.slots["requested_slot"] != field
    return asked


@pytest.mark.parametrize(
    ("words", "journey"),
    [*((SAID["fr"], journey) for journey in Journey), *((SAID[variety], Journey.TRAINING) for variety in ("ar", "ary-Arab", "ary-Latn"))],
    ids=lambda value: value.value if isinstance(value, Journey) else value.language,
)
async def test_what_is_not_understood_is_explained_then_a_person_and_a_way_out_are_offered(talk: Talk, words: Words, journey: Journey) -> None:
    await talk.say(words.sentence)
    asked = await _through_with_nonsense(talk, words.starts[journey], words.language)
    assert asked
    assert set(asked) <= set(ASKS[journey])


async def test_the_tries_are_counted_anew_for_each_question(talk: Talk) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    await talk.say("xyzzy qwrt")
    await talk.say("on est 7")
    turn = await talk.say("xyzzy qwrt")
    assert "human" not in _intents(turn)


async def test_a_way_out_leads_out_and_a_person_is_a_press_away(talk: Talk) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    await talk.say("xyzzy qwrt")
    stuck = await talk.say("zzzz")
    turn = await talk.press("human")
    assert turn.slots["requested_slot"] == "wish"
    await talk.press("leave")
    turn = await talk.press("leave", of=stuck)
    assert turn.slots["requested_slot"] is None


async def test_an_unknown_town_is_answered_with_the_regions(talk: Talk) -> None:
    await talk.say("je cherche une formation en couture")
    turn = await talk.say("Ouled Berhil")
    assert len([button for button in turn.buttons if _payload(button)[1].get("field") == "place"]) == 13
    turn = await talk.press("answer", value="09")
    assert turn.slots["place"] == "09"


async def test_who_does_not_know_goes_on(talk: Talk) -> None:
    turn = await talk.say("je cherche un financement pour ma coopérative")
    skipped = []
    while field := turn.slots["requested_slot"]:
        skipped.append(field)
        turn = await talk.say("je ne sais pas")
        assert turn.slots["requested_slot"] != field
    assert {"place", "age"} <= set(skipped)
    assert turn.slots["decision"]["outcome"] == "offers"


# --- was this useful?


def _rates(turn: Turn) -> bool:
    return "rate" in _intents(turn)


@IN_EVERY_VARIETY
async def test_a_thumb_up_is_thanked_for_and_kept_with_its_record(talk: Talk, words: Words) -> None:
    turn = await talk.say(words.fact)
    assert _rates(turn)
    await talk.press("rate", rating="up")
    heard = [event for event in await talk.events() if event.type_name == "user"][-1]
    assert {entity["entity"]: entity["value"] for entity in heard.entities if entity["entity"] in ("record", "rating")} == {
        "record": "coop-capital-min",
        "rating": "up",
    }


@IN_EVERY_VARIETY
async def test_a_thumb_down_asks_why_and_the_reason_is_kept(talk: Talk, words: Words) -> None:
    await talk.say(words.fact)
    turn = await talk.press("rate", rating="down")
    assert {_payload(button)[1]["reason"] for button in turn.buttons} == {"other_question", "unclear", "incomplete", "wrong"}
    turn = await talk.press("rate", reason="unclear")
    assert "human" in _intents(turn)
    heard = [event for event in await talk.events() if event.type_name == "user"][-1]
    kept = {entity["entity"]: entity["value"] for entity in heard.entities}
    assert (kept["record"], kept["rating"], kept["reason"]) == ("coop-capital-min", "down", "unclear")


async def test_it_is_never_asked_twice_in_a_row(talk: Talk) -> None:
    asked = [_rates(await talk.say("combien de membres pour une coopérative ?"))]
    for message in ("capital minimum d'une coopérative ?", "qui dirige une coopérative ?", "combien de membres pour une association ?"):
        asked.append(_rates(await talk.say(message)))
    assert asked == [True, False, True, False]


@IN_EVERY_VARIETY
async def test_that_it_helped_may_be_said(talk: Talk, words: Words) -> None:
    await talk.say(words.fact)
    turn = await talk.say(words.useful)
    assert turn.parsed["intent"]["name"] == "useful"
    assert not _rates(turn)


@IN_EVERY_VARIETY
async def test_that_it_did_not_help_may_be_said_and_is_kept_with_its_record(talk: Talk, words: Words) -> None:
    await talk.say(words.fact)
    turn = await talk.say(words.not_useful)
    assert turn.parsed["intent"]["name"] == "not_useful"
    assert {_payload(button)[1]["record"] for button in turn.buttons} == {"coop-capital-min"}
    await talk.press("rate", reason="wrong")
    events = await talk.events()
    assert [event.value for event in events if event.type_name == "slot" and event.key == "last_record"][-1] == "coop-capital-min"


async def test_not_useful_is_not_useful(talk: Talk) -> None:
    await talk.say("ما الحد الأدنى لرأس مال التعاونية؟")
    turn = await talk.say("هذا الجواب غير مفيد")
    assert turn.parsed["intent"]["name"] == "not_useful"


async def test_an_answer_is_rated_while_a_question_stands(talk: Talk) -> None:
    await talk.say("quel statut me conseillez-vous ?")
    await talk.say("c'est quoi le capital minimum d'une coopérative ?")
    turn = await talk.press("rate", rating="up")
    assert _asks(turn, "people", "fr")


async def test_before_any_answer_there_is_nothing_to_rate(talk: Talk) -> None:
    turn = await talk.say("ça ne m'a pas aidé")
    assert not _rates(turn)


# --- a new session


@EACH_JOURNEY
async def test_a_new_session_in_the_middle_keeps_the_journey_going(talk: Talk, journey: Journey) -> None:
    turn = await talk.say(SAID["fr"].starts[journey])
    first = turn.slots["requested_slot"]
    turn = await talk.press("answer")
    standing = turn.slots["requested_slot"]
    await talk.new_session()
    turn = await talk.press("answer", of=turn)
    assert turn.slots[first] is not None
    assert turn.slots[standing] is not None
    expected = to_ask(journey, _answers(turn))
    assert turn.slots["requested_slot"] == (expected[0] if expected else None)


@IN_EVERY_VARIETY
async def test_a_typed_answer_after_a_new_session_is_still_an_answer(talk: Talk, words: Words) -> None:
    await talk.say(words.starts[Journey.FORM])
    await talk.new_session()
    turn = await talk.say(words.seven)
    assert turn.slots["people"] == 7
    assert _asks(turn, "goal", words.language)


async def test_a_new_session_keeps_ticks_and_advice(talk: Talk, knowledge: Knowledge) -> None:
    await _listed(talk, SAID["fr"])
    await talk.press("tick")
    await talk.new_session()
    turn = await talk.say("où on en était ?")
    assert _list_of(turn, "fr", knowledge).done == 1


# --- every reply leads on


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("c'est quoi ta source ?"),
        pytest.param("c'est vérifié quand ?"),
        pytest.param("au revoir"),
        "merci beaucoup",
        "je n'ai pas compris, répète",
        "t'es nul",
        "quel temps fait-il à Rabat demain ?",
        "?",
    ],
)
async def test_whatever_is_said_after_an_answer_something_is_offered(talk: Talk, message: str) -> None:
    await talk.say("combien de membres pour une coopérative ?")
    await talk.say(message)
