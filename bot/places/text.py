"""From offices to the text a person reads: what is there or in charge, how to reach it, source and date last."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlencode

from bot.knowledge.text import source_line, status_line
from bot.places.nearest import Found, How
from bot.places.offices import Kind, Office, directory
from bot.places.regions import Place, places

#: How many offices are said in full; of more, the towns are offered.
SAID = 3
#: How many are said when they are not those of the place itself.
_SAID_ELSEWHERE = 2
#: Up to so many towns are listed.
_FEW_TOWNS = 12

_LEAD = {
    How.IN_CHARGE: {
        "fr": "Pour {place}, le bureau compétent est :",
        "ar": "المكتب المكلف بمنطقة {place} هو:",
        "ary": "المكتب المكلف ب{place} هو هذا:",
    },
    How.PROVINCE: {
        "fr": "Je ne connais pas de bureau à {place} même. Dans la même province :",
        "ar": "لا أعرف مكتبًا في {place} نفسها. يوجد في الإقليم نفسه:",
        "ary": "ف{place} بالضبط ما عنديش شي مكتب. كاين فنفس الإقليم:",
    },
    How.REGION: {
        "fr": "Je ne connais pas de bureau à {place}. Dans la région {region}, le plus proche :",
        "ar": "لا أعرف مكتبًا في {place}. أقرب مكتب في جهة {region}:",
        "ary": "ف{place} ما عنديش شي مكتب. الأقرب فجهة {region}:",
    },
    How.COUNTRY: {
        "fr": "Je ne connais pas de bureau à {place} ni dans la région {region}. Adressez-vous au siège :",
        "ar": "لا أعرف مكتبًا في {place} ولا في جهة {region}. يمكنكم الاتصال بالمقر:",
        "ary": "ما عنديش شي مكتب لا ف{place} لا فجهة {region}. عيطو للمقر:",
    },
    How.NONE: {
        "fr": "Je ne connais pas d'adresse à {place} ni dans la région {region}.",
        "ar": "لا أعرف عنوانًا في {place} ولا في جهة {region}.",
        "ary": "ما عنديش عنوان لا ف{place} لا فجهة {region}.",
    },
}
_LABELS = {
    "town": {"fr": "Ville", "ar": "المدينة", "ary": "المدينة"},
    "address": {"fr": "Adresse", "ar": "العنوان", "ary": "العنوان"},
    "phone": {"fr": "Téléphone", "ar": "الهاتف", "ary": "التيليفون"},
    "email": {"fr": "Courriel", "ar": "البريد", "ary": "الإيميل"},
    "map": {"fr": "Carte", "ar": "الخريطة", "ary": "الخريطة"},
    "website": {"fr": "Site", "ar": "الموقع", "ary": "السيت"},
    "hours": {"fr": "Horaires", "ar": "أوقات العمل", "ary": "وقتاش حالة"},
}
_NO_ADDRESS = {
    "fr": "Adresse exacte non trouvée dans nos sources.",
    "ar": "العنوان المضبوط غير موجود في مصادرنا.",
    "ary": "العنوان بالضبط ما لقيناهش فالمصادر ديالنا.",
}
_WHERE = {
    "fr": "Dans quelle ville ou province ? Écrivez son nom.",
    "ar": "في أي مدينة أو إقليم؟ اكتبوا الاسم.",
    "ary": "فاينا مدينة ولا إقليم؟ كتبو السمية.",
}
_KNOWN = {
    "fr": "Adresses que je connais : {towns}.",
    "ar": "العناوين التي أعرفها: {towns}.",
    "ary": "العناوين اللي عندي: {towns}.",
}
_WHICH = {
    "fr": "{count} bureaux dans la région {region}. Choisissez une ville :",
    "ar": "{count} مكاتب في جهة {region}. اختاروا مدينة:",
    "ary": "كاين {count} فجهة {region}. ختارو المدينة:",
}


def label(name: str, language: str) -> str:
    """What stands before a part of an address or a way to reach somebody, colon included."""
    return f"{_LABELS[name][language]} :" if language == "fr" else f"{_LABELS[name][language]}:"


_IN_BRACKETS = re.compile(r"\s*\(.*?\)")


def map_link(office: Office) -> str:
    """Where a map shows the office: a search for its kind and town, as short as an old telephone likes it; our sources give towns, not doors."""
    name = f"{_IN_BRACKETS.sub('', directory().kinds[office.kind].title.fr)} {office.town.fr}"
    plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return f"https://maps.google.com/?{urlencode({'q': plain})}"


def reach(office: Office, language: str) -> str:
    """One office in short: its name, its telephone, a map."""
    phone = [f"{label('phone', language)} {' / '.join(office.phones)}"] if office.phones else []
    return "\n".join([office.name.get(language), *phone, map_link(office)])


def contacts(office: Office, language: str) -> str:
    """One office: its name, then a line for each contact that a source gives."""
    lines = [office.name.get(language)]
    if office.address and language == "fr":
        lines.append(f"{label('address', language)} {office.address}")
    elif office.address:
        # On a line of its own, so that the French address is laid out from left to right.
        lines += [label("address", language), office.address]
    else:
        lines += [f"{label('town', language)} {office.town.get(language)}", _NO_ADDRESS[language]]
    if office.phones:
        whose = f" ({office.phone_of.get(language)})" if office.phone_of else ""
        lines.append(f"{label('phone', language)} {' / '.join(office.phones)}{whose}")
    if office.email:
        lines.append(f"{label('email', language)} {office.email}")
    if office.website:
        lines.append(f"{label('website', language)} {office.website}")
    lines += [label("map", language), map_link(office)]
    return "\n".join([*lines, *filter(None, [office.remarked(language)])])


def _lead(found: Found, place: Place, language: str) -> str | None:
    """How the offices stand to the place; nothing when they are there."""
    lead = _LEAD.get(found.how)
    return lead[language].format(place=place.name(language), region=places()[place.region].name(language)) if lead else None


def said(found: Found) -> tuple[Office, ...]:
    """The offices that are said in full."""
    return found.offices[: SAID if found.how in (How.HERE, How.COUNTRY) else _SAID_ELSEWHERE]


def shown(found: Found, kind: Kind, place: Place, language: str) -> str:
    """The answer to "where is it?": the offices for a place with their contacts; without any, what is known of the kind."""
    offices = said(found)
    parts = [_lead(found, place, language)]
    for office in offices:
        parts += [status_line(office, language), contacts(office, language)]
    if offices:
        parts.append(source_line(min(offices, key=lambda office: office.checked), language))
    else:
        parts += [kind.said(language), _known(kind, language)]
    return "\n\n".join(part for part in parts if part)


def _known(kind: Kind, language: str) -> str | None:
    """The towns with an office of the kind, where they are few."""
    towns = dict.fromkeys(office.town.get(language) for office in directory().of_kind(kind.id))
    separator = ", " if language == "fr" else "، "
    return _KNOWN[language].format(towns=separator.join(towns)) if 0 < len(towns) <= _FEW_TOWNS else None


def where(kind: Kind, language: str) -> str:
    """What is said of a kind when no place is named, and the question for one; without any office, what is known of it."""
    asked = _WHERE[language] if directory().of_kind(kind.id) else None
    return "\n\n".join(part for part in (kind.said(language), asked) if part)


def which(found: Found, place: Place, language: str) -> str:
    """The question for a town, when a region has many offices of the kind."""
    return _WHICH[language].format(count=len(found.offices), region=place.name(language))
