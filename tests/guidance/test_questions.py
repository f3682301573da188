"""What typed answers mean, in four varieties, and what stands on the buttons."""

import re

import pytest

from bot.guidance.profile import FIELDS
from bot.guidance.questions import SKIP, Kind, asked, choices, questions, title_of, understand
from bot.guidance.text import answer_text
from bot.guidance.values import number_of
from bot.knowledge.records import LONGEST_TITLE
from bot.knowledge.store import Knowledge
from bot.language.variety import REPLY_LANGUAGES


def _means(knowledge: Knowledge, field: str, text: str) -> int | str | None:
    return understand(questions()[field], text, knowledge)


# --- numbers


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("6", 6),
        ("on est 6", 6),
        ("nous sommes trois", 3),
        ("deux", 2),
        ("20 membres", 20),
        ("11 personnes", 11),
        ("toute seule", 1),
        ("je suis seul", 1),
        ("نحن خمسة أشخاص", 5),
        ("وحدي", 1),
        ("حنا ستة", 6),
        ("حنا ٦", 6),
        ("جوج", 2),
        ("حنا طناش د العيالات", 12),
        ("أنا بوحدي", 1),
        ("7na 6", 6),
        ("7na rb3a d nas", 4),
        ("khamsa", 5),
        ("bo7di", 1),
        ("حنا عشرة ديال الناس وبغينا نبداو", 10),
    ],
)
def test_how_many_people(knowledge: Knowledge, text: str, people: int) -> None:
    assert _means(knowledge, "people", text) == people


@pytest.mark.parametrize("text", ["je veux créer", "blabla", "", "؟", "bghit nsewwel"])
def test_what_names_no_number_of_people(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "people", text) is None


@pytest.mark.parametrize("text", ["mon mari et moi", "ma femme et moi", "moi et mon frère", "مع راجلي", "m3a khouya"])
def test_a_couple_is_two(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "people", text) == number_of(knowledge, "asso-min-fondateurs.min_founders")


@pytest.mark.parametrize("text", ["moi et mon mari", "moi et ma femme", "moi et mon associé"])
def test_somebody_with_another_is_not_alone(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "people", text) != 1


@pytest.mark.parametrize("text", ["une dizaine", "on est une vingtaine", "un groupe", "un groupe de femmes"])
def test_about_ten_are_many(knowledge: Knowledge, text: str) -> None:
    assert int(_means(knowledge, "people", text) or 0) >= number_of(knowledge, "coop-min-membres.min_members")


@pytest.mark.parametrize("text", ["0", "100000", "on est 0"])
def test_no_number_of_people_is_taken_that_cannot_be(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "people", text) is None


def test_tens_and_ones_in_french_are_one_number(knowledge: Knowledge) -> None:
    assert _means(knowledge, "people", "vingt-cinq") == 25


@pytest.mark.parametrize(("text", "people"), [("خمسة وعشرين", 25), ("khamsa w 3chrin", 25)])
def test_ones_and_tens_in_arabic_and_darija_are_one_number(knowledge: Knowledge, text: str, people: int) -> None:
    assert _means(knowledge, "people", text) == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("onze", 11),
        ("seize", 16),
        ("7na settach", 16),
        ("حنا سبعطاش", 17),
        ("tmentach", 18),
        ("تسعطاش", 19),
        ("trente", 30),
        ("تلاتين", 30),
        ("cinquante", 50),
        ("خمسين", 50),
        ("7na khamsin", 50),
    ],
)
def test_number_words_above_ten(knowledge: Knowledge, text: str, people: int) -> None:
    assert _means(knowledge, "people", text) == people


@pytest.mark.parametrize("text", ["on est 5 pas 6", "7na 5 machi 6", "حنا 5 ماشي 6"])
def test_of_a_number_and_one_that_is_denied_the_first_is_meant(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "people", text) == 5


@pytest.mark.parametrize(
    ("text", "dirhams"),
    [
        ("150 000", 150_000),
        ("150000 dh", 150_000),
        ("100.000dh", 100_000),
        ("environ 80000", 80_000),
        ("300 mille", 300_000),
        ("200k", 200_000),
        ("2 millions de dirhams", 2_000_000),
        ("٨٠٠٠٠ درهم", 80_000),
        ("20000 درهم", 20_000),
        ("20 مليون", 200_000),  # of centimes
        ("5 mlyoun", 50_000),
        ("50 alf", 50_000),
        ("2000 ريال", 100),
        ("0", 0),
    ],
)
@pytest.mark.parametrize("field", ["turnover", "money", "amount"])
def test_a_sum(knowledge: Knowledge, field: str, text: str, dirhams: int) -> None:
    assert _means(knowledge, field, text) == dirhams


@pytest.mark.parametrize("text", ["rien", "والو", "walo", "ما عنديش", "ma3ndich", "لا شيء"])
def test_no_money_is_none(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "money", text) == 0


@pytest.mark.parametrize(("text", "value"), [("peu", "services_cap_dh"), ("شوية", "services_cap_dh")])
def test_little_turnover_is_below_the_lower_cap(knowledge: Knowledge, text: str, value: str) -> None:
    assert _means(knowledge, "turnover", text) == number_of(knowledge, f"ae-plafonds.{value}")


@pytest.mark.parametrize("text", ["plus", "beaucoup", "بزاف", "bzaf"])
def test_much_turnover_is_above_the_higher_cap(knowledge: Knowledge, text: str) -> None:
    assert int(_means(knowledge, "turnover", text) or 0) > number_of(knowledge, "ae-plafonds.goods_cap_dh")


@pytest.mark.parametrize(
    ("text", "dirhams"), [("mille dirhams", 1_000), ("alf dirham", 1_000), ("خمسين ألف درهم", 50_000), ("cinquante mille", 50_000), ("مئة ألف درهم", 100_000)]
)
def test_a_sum_in_words(knowledge: Knowledge, text: str, dirhams: int) -> None:
    assert _means(knowledge, "amount", text) == dirhams


@pytest.mark.parametrize(
    ("text", "years"), [("28", 28), ("j'ai 28 ans", 28), ("28 ans", 28), ("عمري 45 سنة", 45), ("عندي 19 عام", 19), ("3ndi 31 3am", 31), ("35 ans et demi", 35)]
)
def test_an_age(knowledge: Knowledge, text: str, years: int) -> None:
    assert _means(knowledge, "age", text) == years


@pytest.mark.parametrize("text", ["5", "120", "né en 1990", "jeune", "12345"])
def test_what_is_no_age(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "age", text) is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("pas encore", -1),
        ("مازال", -1),
        ("mazal", -1),
        ("ليس بعد", -1),
        ("6 mois", 0),
        ("3 chhour", 0),
        ("cette année", 0),
        ("2 ans", 2),
        ("depuis 3 ans", 3),
        ("3 سنين", 3),
        ("عامين", 2),
        ("deux ans", 2),
        ("العام اللي فات", 2),
        ("10 ans", 10),
    ],
)
def test_since_when_it_exists(knowledge: Knowledge, text: str, years: int) -> None:
    assert _means(knowledge, "years", text) == years


@pytest.mark.parametrize("text", ["2019", "depuis 2020", "blabla"])
def test_a_year_of_the_calendar_is_no_number_of_years(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "years", text) is None


# --- yes, no, no idea


@pytest.mark.parametrize("field", ["sharing", "salaried"])
@pytest.mark.parametrize(
    "text", ["oui", "ouais", "ok", "bien sûr", "oui on partage", "نعم", "أجل", "نعم بالتأكيد", "إيه", "iyeh", "ayeh", "na3am", "ah bghina n9smo"]
)
def test_yes(knowledge: Knowledge, field: str, text: str) -> None:
    assert _means(knowledge, field, text) == "yes"


@pytest.mark.parametrize("field", ["sharing", "salaried"])
@pytest.mark.parametrize("text", ["non", "pas du tout", "jamais", "لا", "كلا", "لالا", "lla", "la", "no", "makanch", "daba la"])
def test_no(knowledge: Knowledge, field: str, text: str) -> None:
    assert _means(knowledge, field, text) == "no"


def test_the_answer_stands_at_the_beginning(knowledge: Knowledge) -> None:
    assert _means(knowledge, "sharing", "non, oui plus tard peut-être") == "no"
    assert _means(knowledge, "sharing", "oui, pas du tout pour l'Etat") == "yes"


@pytest.mark.parametrize("text", ["واخا", "wakha", "yes", "بطبيعة الحال"])
def test_other_ways_to_say_yes(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "sharing", text) == "yes"


@pytest.mark.parametrize("field", [field for field in FIELDS if questions()[field].skip])
@pytest.mark.parametrize("text", ["je ne sais pas", "jsp", "aucune idée", "passer", "لا أعرف", "لا أدري", "ماعرفتش", "ما عرفتش", "ma3reftch", "skip"])
def test_not_knowing_passes_a_question_over(knowledge: Knowledge, field: str, text: str) -> None:
    assert _means(knowledge, field, text) == SKIP


@pytest.mark.parametrize("field", [field for field in FIELDS if not questions()[field].skip and field not in ("people", "money")])
def test_a_question_that_needs_an_answer_is_not_passed_over(knowledge: Knowledge, field: str) -> None:
    assert _means(knowledge, field, "jsp") is None
    assert SKIP not in [choice.value for choice in choices(questions()[field], knowledge, "fr")]


# --- choices


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("goal", "vendre nos produits", "income"),
        ("goal", "gagner sa vie", "income"),
        ("goal", "كسب دخل", "income"),
        ("goal", "bghina nrb7o chwiya dial flous", "income"),
        ("goal", "aider les enfants", "public"),
        ("goal", "sans but lucratif", "public"),
        ("goal", "خدمة الآخرين", "public"),
        ("goal", "نعاونو الناس", "public"),
        ("goal", "n3awno nas", "public"),
        ("form", "coopérative", "cooperative"),
        ("form", "تعاونية", "cooperative"),
        ("form", "ta3awniya", "cooperative"),
        ("form", "association", "association"),
        ("form", "جمعية", "association"),
        ("form", "jam3iya", "association"),
        ("form", "auto entrepreneur", "auto-entrepreneur"),
        ("form", "مقاول ذاتي", "auto-entrepreneur"),
        ("form", "groupement d'intérêt économique", "gie"),
        ("form", "شركة", "sarl"),
        ("form", "rien encore", "none"),
        ("form", "mazal walo", "none"),
        ("sector", "tapis", "crafts"),
        ("sector", "زرابي", "crafts"),
        ("sector", "khyata", "crafts"),
        ("sector", "miel", "food"),
        ("sector", "je fais des gateaux", "food"),
        ("sector", "huile d'argan", "food"),
        ("sector", "زيت الزيتون", "food"),
        ("sector", "7alwa", "food"),
        ("sector", "élevage de chèvres", "agriculture"),
        ("sector", "زعفران", "agriculture"),
        ("sector", "l7out", "fishing"),
        ("sector", "hanout", "trade"),
        ("sector", "دار الضيافة", "tourism"),
        ("sector", "développement web", "digital"),
        ("sector", "savon", "cosmetics"),
        ("sector", "transport", "services"),
        ("led", "femmes", "women"),
        ("led", "عيالات", "women"),
        ("led", "3yalat", "women"),
        ("led", "شباب", "youth"),
        ("led", "drari", "youth"),
        ("led", "jeunes femmes", "women_youth"),
        ("led", "femmes et jeunes", "women_youth"),
        ("led", "شابات", "women_youth"),
        ("led", "hommes et femmes", "others"),
        ("led", "mixte", "others"),
        ("led", "rjal", "others"),
        ("need", "compta", "manage"),
        ("need", "تسويق", "market"),
        ("need", "nbi3", "market"),
        ("need", "informatique", "digital"),
        ("need", "n9ra w nkteb", "literacy"),
        ("need", "fla7a", "agriculture"),
        ("need", "couture", "craft"),
        ("need", "un diplôme", "study"),
        ("need", "emploi", "job"),
        ("need", "lancer mon projet", "start"),
        ("need", "pêche", "fishing"),
        ("teaching", "b darija", "ary"),
        ("teaching", "العربية", "ar"),
        ("teaching", "français", "fr"),
        ("teaching", "ماشي مهم", "any"),
    ],
)
def test_a_choice_in_ones_own_words(knowledge: Knowledge, field: str, text: str, value: str) -> None:
    assert _means(knowledge, field, text) == value


@pytest.mark.parametrize("text", ["التسويق والبيع على الإنترنت", "البيع عبر الإنترنت", "vendre sur internet", "la vente sur internet"])
def test_selling_on_the_internet_is_selling(knowledge: Knowledge, text: str) -> None:
    assert _means(knowledge, "need", text) == "market"


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("led", "pas des femmes, des jeunes", "youth"),
        ("led", "pas seulement des femmes, mixte", "others"),
        ("form", "jam3iya machi ta3awniya", "association"),
        ("form", "pas une coopérative, une association", "association"),
    ],
)
def test_of_a_choice_and_one_that_is_denied_the_other_is_meant(knowledge: Knowledge, field: str, text: str, value: str) -> None:
    assert _means(knowledge, field, text) == value


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("field", [field for field in FIELDS if questions()[field].kind in (Kind.CHOICE, Kind.YES_NO)])
def test_a_button_typed_out_means_what_the_button_means(knowledge: Knowledge, field: str, language: str) -> None:
    for choice in choices(questions()[field], knowledge, language):
        assert _means(knowledge, field, choice.title) == choice.value, choice.title


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("field", ["people", "turnover", "money", "amount", "years"])
def test_a_button_with_a_figure_typed_out_too(knowledge: Knowledge, field: str, language: str) -> None:
    for choice in choices(questions()[field], knowledge, language):
        assert _means(knowledge, field, choice.title) == choice.value, choice.title


# --- buttons


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_every_button_fits_and_can_be_read(knowledge: Knowledge, language: str) -> None:
    for question in questions().values():
        shown = choices(question, knowledge, language)
        assert len({choice.value for choice in shown}) == len({choice.title for choice in shown}) == len(shown)
        for choice in shown:
            assert 0 < len(choice.title) <= LONGEST_TITLE
            assert "{" not in choice.title
            assert bool(re.search("[\u0621-\u064a]", choice.title)) == (language != "fr") or choice.title == "GIE", choice.title
            assert title_of(question, knowledge, choice.value, language) == choice.title


def test_as_many_buttons_as_a_list_of_whatsapp_holds(knowledge: Knowledge) -> None:
    assert all(len(choices(question, knowledge, "fr")) <= 10 for question in questions().values())


def test_thresholds_on_buttons_are_those_of_the_knowledge_base(knowledge: Knowledge) -> None:
    found = asked(("people", "turnover", "money"), knowledge)
    assert found["people"][-1] == number_of(knowledge, "coop-min-membres.min_members")
    assert found["turnover"][-2:] == [number_of(knowledge, "ae-plafonds.goods_cap_dh") + step for step in (0, 1)]
    assert number_of(knowledge, "coop-capital-min.capital_min_dh") in found["money"]


def test_hidden_answers_are_understood_but_not_shown(knowledge: Knowledge) -> None:
    shown = [choice.value for choice in choices(questions()["need"], knowledge, "fr")]
    assert not {"money", "fishing"} & set(shown)
    assert _means(knowledge, "need", "الصيد البحري") == "fishing"


@pytest.mark.parametrize(
    ("field", "value", "language", "text"),
    [
        ("people", 6, "fr", "6 personnes"),
        ("people", 1, "fr", "Moi seul(e)"),
        ("age", 28, "ary", "28 عام"),
        ("place", "09.541", "fr", "Taroudannt"),
        ("form", "cooperative", "ar", "تعاونية"),
        ("sharing", "yes", "fr", "partage: Oui"),
    ],
)
def test_answers_are_said_back_as_they_were_given(knowledge: Knowledge, field: str, value: int | str, language: str, text: str) -> None:
    assert answer_text(field, value, knowledge, language) == text


def test_a_sum_is_said_back_with_its_unit(knowledge: Knowledge) -> None:
    assert re.fullmatch(r"80\s000 DH", answer_text("amount", 80_000, knowledge, "fr"))
