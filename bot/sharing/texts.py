"""Text for a chamber to paste, in French, Arabic and Darija: for a group, as an SMS, for its website. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from bot.chambers.chamber import Chamber
from bot.sharing.links import Links

#: The reply languages.
REPLY_LANGUAGES = ("fr", "ar", "ary")

_CHANNELS = {
    "whatsapp": {"fr": "WhatsApp :", "ar": "واتساب:", "ary": "واتساب:"},
    "telegram": {"fr": "Telegram :", "ar": "تيليغرام:", "ary": "تيليغرام:"},
    "web": {"fr": "Sur le web :", "ar": "على الويب:", "ary": "فالويب:"},
}

_GROUP = {
    "fr": "Une question sur votre coopérative ? Demandez à Dalil.\n\n"
    "Créer une coopérative ou une association, devenir auto-entrepreneur, trouver une aide, un crédit ou une formation : "
    "écrivez votre question comme vous la diriez, en arabe, en darija ou en français. C'est gratuit.\n\n"
    "{links}\n\n"
    "Dalil n'est pas un service officiel. Il donne des informations publiques, avec leur source.",
    "ar": "لديكم سؤال عن تعاونيتكم؟ اسألوا دليل.\n\n"
    "تأسيس تعاونية أو جمعية، التسجيل كمقاول ذاتي، البحث عن دعم أو قرض أو تكوين: "
    "اكتبوا سؤالكم كما تتكلمون، بالعربية أو بالدارجة أو بالفرنسية. الخدمة مجانية.\n\n"
    "{links}\n\n"
    "دليل ليس خدمة رسمية. يقدم معلومات عمومية مع ذكر مصدرها.",
    "ary": "عندكم شي سؤال على التعاونية ديالكم؟ سولو دليل.\n\n"
    "بغيتو تديرو تعاونية ولا جمعية، تسجلو فالمقاول الذاتي، تلقاو شي دعم ولا كريدي ولا تكوين: "
    "كتبو السؤال كيف كتهضرو، بالدارجة ولا بالعربية ولا بالفرنسية. فابور.\n\n"
    "{links}\n\n"
    "دليل ماشي خدمة رسمية. كيعطي معلومات عمومية وكيقول منين جات.",
}

_SMS = {
    "fr": "Une question sur votre coopérative ? Demandez à Dalil, gratuit : {link}",
    "ar": "لديكم سؤال عن تعاونيتكم؟ اسألوا دليل مجانا: {link}",
    "ary": "عندكم شي سؤال على التعاونية؟ سولو دليل فابور: {link}",
}

_PAGE = {
    "fr": "Dalil répond à vos questions sur les coopératives, les associations, l'auto-entrepreneur, les aides, les crédits et la formation. "
    "Il répond en français, en arabe et en darija, à toute heure, gratuitement, et donne la source de ses réponses. "
    "Dalil n'est pas un service officiel : pour votre dossier, adressez-vous à la chambre.",
    "ar": "يجيب دليل عن أسئلتكم حول التعاونيات والجمعيات والمقاول الذاتي والدعم والقروض والتكوين. "
    "يجيب بالعربية والدارجة والفرنسية، في كل وقت ومجانا، ويذكر مصدر أجوبته. "
    "دليل ليس خدمة رسمية: لكل ما يخص ملفكم، اتصلوا بالغرفة.",
    "ary": "دليل كيجاوب على الأسئلة ديالكم على التعاونيات والجمعيات والمقاول الذاتي والدعم والكريدي والتكوين. "
    "كيجاوب بالدارجة وبالعربية وبالفرنسية، فأي وقت وفابور، وكيقول ليكم منين جا الجواب. "
    "دليل ماشي خدمة رسمية: إلا كان عندكم شي دوسي، تاصلو بالغرفة.",
}

#: The letters of an SMS of 160 (GSM 03.38), beside ASCII; and those of ASCII that it has not, or only for two.
_GSM = frozenset("@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r !\"#%&'()*+,-./:;<=>?_" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Texts:
    """What can be pasted in a language.

    Attributes:
        group: a message for a group on WhatsApp, with every link.
        sms: as short as it can be, with the shortest link.
        page: a paragraph and the links, for a page of a website.
    """

    group: str
    sms: str
    page: str


def texts(chamber: Chamber, links: Links, language: str) -> Texts:
    """The texts of a campaign.

    Args:
        chamber: whose name stands below them.
        links: of the campaign; there is at least one.
        language: fr, ar or ary.
    """
    lines = "\n".join(f"{_CHANNELS[channel][language]} {link}" for channel, link in links.ordered())
    group = f"{_GROUP[language].format(links=lines)}\n{_signature(chamber, language)}"
    shortest = min((link for _, link in links.ordered()), key=len)
    return Texts(group, _SMS[language].format(link=shortest), f"{_PAGE[language]}\n\n{lines}")


def _signature(chamber: Chamber, language: str) -> str:
    phone = chamber.contacts.phone
    if not phone:
        return chamber.name(language)
    return f"{chamber.name(language)}, tél. {phone}" if language == "fr" else f"{chamber.name(language)}، {_unbroken(phone)}"


def _unbroken(phone: str) -> str:
    """A number without spaces or a plus, which Arabic text would put in the wrong order."""
    digits = re.sub(r"[ ./-]", "", phone)
    return f"0{digits.removeprefix('+212')}" if digits.startswith("+212") else digits.replace("+", "00")


def sms_parts(text: str) -> int:
    """For how many messages an SMS counts: 160 letters in one, 70 where any letter is outside the old alphabet, fewer where there are several."""
    alone, each = (160, 153) if set(text) <= _GSM else (70, 67)
    return 1 if len(text) <= alone else math.ceil(len(text) / each)
