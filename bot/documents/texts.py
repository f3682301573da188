"""What stands in the documents beside the facts, in each language."""

from __future__ import annotations

import datetime as dt
import re

from bot.documents.lines import left_to_right

#: form -> language -> what is done, as a title says it.
UNDERTAKINGS = {
    "cooperative": {"fr": "Créer une coopérative", "ar": "تأسيس تعاونية", "ary": "كيفاش نديرو تعاونية"},
    "association": {"fr": "Créer une association", "ar": "تأسيس جمعية", "ary": "كيفاش نديرو جمعية"},
    "auto-entrepreneur": {"fr": "Devenir auto-entrepreneur", "ar": "التسجيل كمقاول ذاتي", "ary": "كيفاش نتسجل مقاول ذاتي"},
    "gie": {"fr": "Créer un GIE", "ar": "تأسيس مجموعة ذات نفع اقتصادي", "ary": "كيفاش نديرو مجموعة ذات نفع اقتصادي"},
    "mutual": {"fr": "Créer une mutuelle", "ar": "تأسيس تعاضدية", "ary": "كيفاش نديرو تعاضدية"},
    "sarl": {"fr": "Créer une SARL", "ar": "تأسيس شركة ذات مسؤولية محدودة", "ary": "كيفاش نديرو شركة SARL"},
}

_TEXTS = {
    "my_list": {"fr": "{what} : ma liste", "ar": "{what}: لائحتي", "ary": "{what}: اللائحة ديالي"},
    "made": {"fr": "Liste faite le {date}", "ar": "أُعدت هذه اللائحة في {date}", "ary": "هاد اللائحة تصاوبات ف {date}"},
    "progress": {"fr": "étapes faites : {done} sur {all}", "ar": "المراحل المنجزة: {done} من {all}", "ary": "المراحل اللي سالاو: {done} من {all}"},
    "no_place": {
        "fr": "Pour avoir les adresses et les téléphones, dites votre ville à Dalil et demandez de nouveau la liste.",
        "ar": "لمعرفة العناوين وأرقام الهاتف، اذكروا مدينتكم لدليل واطلبوا اللائحة من جديد.",
        "ary": "باش تعرفو العناوين والنوامر ديال التيليفون، قولو لدليل المدينة ديالكم وعاودو طلبو اللائحة.",
    },
    "done": {"fr": "fait", "ar": "تم", "ary": "سالات"},
    "where": {"fr": "Où aller", "ar": "أين تتوجهون", "ary": "فين تمشيو"},
    "bring": {"fr": "À apporter", "ar": "الوثائق المطلوبة", "ary": "الوراق اللي تديو معاكم"},
    "cost": {"fr": "Coût", "ar": "التكلفة", "ary": "شحال كتقام"},
    "delay": {"fr": "Délai", "ar": "المدة", "ary": "الوقت"},
    "phone": {"fr": "Tél.", "ar": "الهاتف", "ary": "التيليفون"},
    "see_step": {
        "fr": "coordonnées : étape {number}",
        "ar": "معلومات الاتصال: المرحلة {number}",
        "ary": "كيفاش تاصلو بيهم: المرحلة {number}",
    },
    "after": {"fr": "Après l'enregistrement", "ar": "بعد التسجيل", "ary": "من بعد التسجيل"},
    "notes": {"fr": "Mes notes", "ar": "ملاحظاتي", "ary": "الملاحظات ديالي"},
    "scan": {
        "fr": "Une question ? Scannez ce code pour écrire à Dalil.",
        "ar": "لديكم سؤال؟ امسحوا هذا الرمز لمراسلة دليل.",
        "ary": "عندكم شي سؤال؟ سكانيو هاد الكود وكتبو لدليل.",
    },
    "footer": {
        "fr": "Dalil, informations publiques gratuites ; vérifiez avant de vous déplacer",
        "ar": "دليل، معلومات عمومية مجانية؛ تحققوا قبل التنقل",
        "ary": "دليل، معلومات عمومية فابور؛ تأكدو قبل ما تمشيو",
    },
    "report_footer": {
        "fr": "Dalil : des totaux seulement. Un chiffre sur moins de 5 personnes n'est pas montré.",
        "ar": "دليل: مجاميع فقط. لا يعرض أي رقم يخص أقل من 5 أشخاص.",
        "ary": "دليل: المجموع وصافي. الرقم اللي فيه قل من 5 د الناس ما كيبانش.",
    },
    "page": {"fr": "page {page}/{pages}", "ar": "صفحة {page} من {pages}", "ary": "صفحة {page} من {pages}"},
}

_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"),
}


#: Links, e-mail addresses; figures joined by signs, thousands, phone numbers.
_KEPT_TOGETHER = re.compile(
    r"(?:https?://|www\.)[^\s()،؛]*[^\s()،؛.,;:]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\+?\d+(?:[-./]\d+)+|\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)|\+?\d{2,3}(?:[ \u00a0]\d{2}){3,4}(?!\d)|\+\d+",
    re.ASCII,
)


def text(name: str, language: str, **values: object) -> str:
    """A text of the documents, its blanks filled.

    Args:
        name: which one.
        language: fr, ar or ary.
        values: what stands in its blanks.

    Raises:
        KeyError: when there is no such text, or a blank has no value.
    """
    return _TEXTS[name][language].format(**values)


def labelled(name: str, language: str) -> str:
    """A text as the label before a value: with its colon, which French sets apart by a space that does not break."""
    label = text(name, language)
    return label if label.endswith(".") else f"{label}\u00a0:" if language == "fr" else f"{label}:"


def typeset(text: str, language: str) -> str:
    """`text` as print writes it.

    In French with a curved apostrophe and with spaces that do not break beside punctuation; in Arabic with links and composed numbers (a date,
    a law, a phone number) kept from left to right.
    """
    if language != "fr":
        return _KEPT_TOGETHER.sub(lambda found: left_to_right(found.group()), text)
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text)


def long_date(date: dt.date, language: str) -> str:
    """24 novembre 2026, 24 نونبر 2026: the months as they are named in Morocco."""
    day = "1er" if language == "fr" and date.day == 1 else str(date.day)
    return f"{day} {_MONTHS['fr' if language == 'fr' else 'ar'][date.month - 1]} {date.year}"
