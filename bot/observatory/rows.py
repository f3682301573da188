"""The tables of a month as rows of one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.observatory.labels import Label, labels
from bot.observatory.months import Month
from bot.observatory.tables import DIMENSIONS, Figure


@dataclass(frozen=True)
class Column:
    """A column of the file.

    Attributes:
        name: as it stands in the file.
        type: string or integer.
        title: what it holds.
        note: more about it; empty where there is no more to say.
    """

    name: str
    type: str
    title: Label
    note: Label = Label("", "")


_TITLES = {
    "region": Label("Région", "الجهة"),
    "variety": Label("Langue écrite", "اللغة المكتوبة"),
    "outcome": Label("Résultat", "النتيجة"),
    "area": Label("Domaine", "المجال"),
    "subject": Label("Sujet", "الموضوع"),
}
_NOTES = {
    "region": Label(
        "Région du lieu que la personne a nommé, avant ou dans la question ; codes du HCP. Beaucoup n'en nomment aucun : unknown.",
        "جهة المكان الذي ذكره الشخص قبل السؤال أو فيه؛ رموز المندوبية السامية للتخطيط. كثيرون لا يذكرون أي مكان: unknown.",
    ),
    "variety": Label(
        "Langue de la question telle qu'elle est écrite ; pour un bouton, celle que la personne a le plus écrite dans le mois.",
        "لغة السؤال كما كُتب؛ وبالنسبة إلى الزر، اللغة التي كتب بها الشخص أكثر خلال الشهر.",
    ),
    "outcome": Label(
        "Ce que la question est devenue. Une fiche ouverte par un bouton compte comme répondu.",
        "ما آل إليه السؤال. البطاقة التي تُفتح بزر تُحسب ضمن الأسئلة المجاب عنها.",
    ),
    "area": Label(
        "Domaine du sujet ; seulement pour les questions répondues ou avec choix proposé.",
        "مجال الموضوع؛ فقط للأسئلة المجاب عنها أو التي عُرضت لها اختيارات.",
    ),
    "subject": Label(
        "Sujet de la fiche donnée, ou de la première proposée.",
        "موضوع البطاقة المقدمة، أو موضوع أول بطاقة معروضة.",
    ),
}


def _columns() -> Iterator[Column]:
    yield Column("month", "string", Label("Mois", "الشهر"), Label("Année et mois, heure du Maroc.", "السنة والشهر، بتوقيت المغرب."))
    distinguished = Label("Les dimensions que la ligne distingue ; total : aucune.", "الأبعاد التي يميزها السطر؛ total: لا شيء.")
    yield Column("table", "string", Label("Tableau", "الجدول"), distinguished)
    for dimension in DIMENSIONS:
        title = _TITLES[dimension]
        yield Column(dimension, "string", Label(f"{title.fr} : code", f"{title.ar}: الرمز"), _NOTES[dimension])
        yield Column(f"{dimension}_fr", "string", Label(f"{title.fr}, en français", f"{title.ar} بالفرنسية"))
        yield Column(f"{dimension}_ar", "string", Label(f"{title.fr}, en arabe", f"{title.ar} بالعربية"))
    people = Label(
        "Comptes différents (une personne sur deux canaux compte deux fois), arrondis vers le bas à un multiple de 5. Ne s'additionne pas.",
        "حسابات مختلفة (من يكتب في قناتين يُحسب مرتين)، مقرّبة إلى مضاعف 5 الأدنى. لا تُجمع.",
    )
    yield Column("people", "integer", Label("Personnes", "الأشخاص"), people)
    questions = Label("Arrondies vers le bas à un multiple de 5.", "مقرّبة إلى مضاعف 5 الأدنى.")
    yield Column("questions", "integer", Label("Questions", "الأسئلة"), questions)


COLUMNS = tuple(_columns())


def rows(month: Month, figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """A row for each figure: column -> value."""
    known = {dimension: labels(dimension) for dimension in DIMENSIONS}

    def row(figure: Figure) -> dict[str, Any]:
        values: dict[str, Any] = {"month": str(month), "table": figure.part.table}
        for dimension in DIMENSIONS:
            code = getattr(figure.part, dimension)
            label = known[dimension].get(code, Label(code, code))
            values |= {dimension: code, f"{dimension}_fr": label.fr, f"{dimension}_ar": label.ar}
        return {**values, "people": figure.people, "questions": figure.questions}

    return [row(figure) for figure in figures]
