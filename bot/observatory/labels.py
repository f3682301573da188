"""What codes mean, in French and in Arabic."""

from __future__ import annotations

from typing import NamedTuple

from bot.knowledge.store import load
from bot.observatory.asked import ANSWERED, HANDED_OVER, NONE, OFFERED, REFUSED, UNKNOWN
from bot.observatory.tables import ALL
from bot.places.regions import places


class Label(NamedTuple):
    """The same thing said in both languages."""

    fr: str
    ar: str


_ALL = Label("Ensemble", "المجموع")
_NO_SUBJECT = Label("Hors du champ ou inconnu", "خارج المجال أو غير معروف")
_VARIETIES = {
    "fr": Label("Français", "الفرنسية"),
    "ar": Label("Arabe", "العربية"),
    "ary-Arab": Label("Darija en lettres arabes", "الدارجة بالحروف العربية"),
    "ary-Latn": Label("Darija en lettres latines", "الدارجة بالحروف اللاتينية"),
    "en": Label("Anglais", "الإنجليزية"),
    "ber": Label("Amazighe", "الأمازيغية"),
    "zgh": Label("Amazighe en tifinagh", "الأمازيغية بحروف تيفيناغ"),
    "und": Label("Langue indéterminée", "لغة غير محددة"),
}
_OUTCOMES = {
    ANSWERED: Label("Répondu", "تمت الإجابة"),
    OFFERED: Label("Choix proposé", "عُرضت اختيارات"),
    REFUSED: Label("Hors sujet", "خارج الموضوع"),
    HANDED_OVER: Label("Personne demandée", "طُلب التحدث إلى شخص"),
}


def labels(dimension: str) -> dict[str, Label]:
    """The codes of a dimension: region, variety, outcome, area or subject; with the one that stands for all."""
    if dimension == "region":
        known = {place.id: Label(place.name_fr, place.name_ar) for place in places().values() if place.kind == "region"}
        return {ALL: _ALL, **dict(sorted(known.items())), UNKNOWN: Label("Région inconnue", "جهة غير معروفة")}
    if dimension in ("area", "subject"):
        named = load().areas if dimension == "area" else load().subjects
        return {ALL: _ALL, **{code: Label(thing.title.fr, thing.title.ar) for code, thing in named.items()}, NONE: _NO_SUBJECT}
    return {ALL: _ALL, **{"variety": _VARIETIES, "outcome": _OUTCOMES}[dimension]}
