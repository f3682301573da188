"""Checklists to print: a typical one, and whatever else a test asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.guidance.checklist import Checklist, ShownStep
from bot.places.offices import Office, directory
from bot.places.regions import places

LINK = "https://t.me/dalil_ess_bot"

_TITLES = {
    "fr": (
        "Réunir les membres",
        "Faire approuver le nom",
        "Écrire les statuts",
        "Tenir l'assemblée",
        "Déposer le capital",
        "Prendre le reçu",
        "Aller au tribunal",
        "Retirer la copie",
        "Se déclarer aux impôts",
        "S'affilier à la CNSS",
        "Ouvrir un compte",
        "Tenir les registres",
    ),
    "ar": (
        "جمع الأعضاء",
        "الموافقة على الاسم",
        "كتابة النظام الأساسي",
        "عقد الجمع العام",
        "إيداع رأس المال",
        "سحب الوصل",
        "التقييد في المحكمة",
        "سحب النسخة",
        "التصريح لدى الضرائب",
        "الانخراط في CNSS",
        "فتح حساب بنكي",
        "مسك السجلات",
    ),
}
_DO = {
    "fr": "Déposez le dossier au greffe, avec 3 copies. La loi 112-12 (art. 14) demande au moins 5 membres, et 1\u00a0000 DH de capital.",
    "ar": "أودعوا الملف لدى كتابة الضبط مع 3 نسخ. يشترط القانون 112.12 (المادة 14) 5 أعضاء على الأقل و1\u00a0000 درهم كرأس مالٍ.",
}
_DOCUMENTS = {
    "fr": ("La liste des membres avec copie de la CIN", "Les statuts signés"),
    "ar": ("لائحة الأعضاء مع نسخة من البطاقة الوطنية (CIN)", "النظام الأساسي موقعًا"),
}
_SOURCE = {
    "fr": "Source : loi 112-12, art. 14 · texte de 08/2017 · vérifié le 24/11/2026",
    "ar": "المصدر: القانون 112.12، المادة 14 · نص 08/2017 · تم التحقق في 24/11/2026",
}


def _office(kind: str) -> Office:
    return next(office for office in directory().of_kind(kind) if office.address and office.phones)


@pytest.fixture(scope="session")
def odco() -> Office:
    """An office with address, phones, e-mail and website."""
    return _office("odco")


def a_step(language: str, number: int, **changes: Any) -> ShownStep:
    """A step of usual length without an office."""
    written = "fr" if language == "fr" else "ar"
    fields: dict[str, Any] = {
        "id": f"step-{number}",
        "number": number,
        "title": _TITLES[written][(number - 1) % len(_TITLES[written])],
        "do": _DO[written],
        "documents": (),
        "office": None,
        "office_kind": None,
        "office_title": None,
        "cost": None,
        "delay": None,
        "source": _SOURCE[written],
        "warning": None,
        "record": "a-record",
        "done": False,
        "after": False,
    }
    return ShownStep(**{**fields, **changes})


@pytest.fixture(scope="session")
def cooperative(odco: Office) -> Callable[[str], Checklist]:
    """A typical checklist in a language: twelve steps, two of them done, three after the registration, offices with every kind of contact."""

    def make(language: str) -> Checklist:
        written = "fr" if language == "fr" else "ar"
        steps = []
        for number in range(1, 13):
            changes: dict[str, Any] = {"done": number <= 2, "after": number > 9}
            if number in (2, 7):
                office = odco if number == 2 else _office("tribunal")
                changes |= {"office": office, "office_kind": office.kind, "office_title": directory().kinds[office.kind].title.get(language)}
                changes |= {"documents": _DOCUMENTS[written], "cost": "50 DH" if written == "fr" else "50 درهمًا"}
            if number == 4:
                changes |= {"delay": "15 jours" if written == "fr" else "15 يومًا", "warning": "À confirmer avant." if written == "fr" else "تحتاج إلى تأكيد."}
            steps.append(a_step(language, number, **changes))
        place = next(place for place in places().values() if place.name_fr == "Tanger-Assilah" or place.name_fr == "Tanger")
        return Checklist("cooperative", "crafts", place.id, language, tuple(steps))

    return make
