"""What stands on the printed matter, in French and in Arabic. docs/style.md says how Dalil writes."""

from __future__ import annotations

#: What people can ask; Dalil answers each of them (tests/sharing/test_questions.py).
QUESTIONS = {
    "fr": (
        "Combien de personnes faut-il pour créer une coopérative ?",
        "Quels papiers pour créer une association ?",
        "Y a-t-il une aide ou un crédit pour mon projet ?",
        "Comment devenir auto-entrepreneur ?",
    ),
    "ar": (
        "كم عدد الأشخاص اللازم لتأسيس تعاونية؟",
        "ما الوثائق المطلوبة لتأسيس جمعية؟",
        "هل يوجد دعم أو قرض لمشروعي؟",
        "كيف أصبح مقاولا ذاتيا؟",
    ),
}

#: Channel -> language -> what it is called.
CHANNELS = {
    "whatsapp": {"fr": "WhatsApp", "ar": "واتساب"},
    "telegram": {"fr": "Telegram", "ar": "تيليغرام"},
    "web": {"fr": "Sur le web", "ar": "على الويب"},
}

#: Channel -> language -> what the large code is for.
SCAN = {
    "whatsapp": {"fr": "Scannez et écrivez sur WhatsApp", "ar": "امسحوا الرمز واكتبوا على واتساب"},
    "telegram": {"fr": "Scannez et écrivez sur Telegram", "ar": "امسحوا الرمز واكتبوا على تيليغرام"},
    "web": {"fr": "Scannez et écrivez, sans rien installer", "ar": "امسحوا الرمز واكتبوا دون تحميل أي تطبيق"},
}

#: Channel -> language -> how to begin.
STEPS = {
    "whatsapp": {
        "fr": ("Scannez le code avec l'appareil photo du téléphone.", "WhatsApp s'ouvre : envoyez le message qui est déjà écrit."),
        "ar": ("امسحوا الرمز بكاميرا الهاتف.", "يفتح واتساب: أرسلوا الرسالة الجاهزة."),
    },
    "telegram": {
        "fr": ("Scannez le code avec l'appareil photo du téléphone.", "Telegram s'ouvre : appuyez sur « Démarrer »."),
        "ar": ("امسحوا الرمز بكاميرا الهاتف.", "يفتح تيليغرام: اضغطوا على زر البدء."),
    },
    "web": {
        "fr": ("Scannez le code avec l'appareil photo du téléphone.", "La page s'ouvre : il n'y a rien à installer."),
        "ar": ("امسحوا الرمز بكاميرا الهاتف.", "تفتح الصفحة: لا حاجة إلى تحميل أي تطبيق."),
    },
}
LAST_STEP = {
    "fr": "Posez votre question comme vous la diriez, en arabe, en darija ou en français.",
    "ar": "اطرحوا سؤالكم كما تتكلمون، بالعربية أو بالدارجة أو بالفرنسية.",
}

_WORDS = {
    "question": {"fr": "Une question sur votre coopérative ?", "ar": "لديكم سؤال عن تعاونيتكم؟"},
    "ask": {"fr": "Demandez à Dalil.", "ar": "اسألوا دليل."},
    "name": {"fr": "Dalil", "ar": "دليل"},
    "about": {
        "fr": "Coopérative, association, auto-entrepreneur, aides, formation : des réponses simples, avec leur source.",
        "ar": "التعاونية والجمعية والمقاول الذاتي والدعم والتكوين: أجوبة بسيطة مع ذكر مصدرها.",
    },
    "free": {"fr": "Gratuit", "ar": "مجاني"},
    "languages": {"fr": "En arabe, en darija et en français", "ar": "بالعربية والدارجة والفرنسية"},
    "free_in": {"fr": "Gratuit · arabe, darija, français", "ar": "مجاني · العربية، الدارجة، الفرنسية"},
    "may_ask": {"fr": "Ce que vous pouvez demander", "ar": "أسئلة يمكنكم طرحها"},
    "begin": {"fr": "Comment commencer", "ar": "كيف تبدؤون"},
    "unofficial": {"fr": "Dalil n'est pas un service officiel.", "ar": "دليل ليس خدمة رسمية."},
    "phone": {"fr": "Tél.", "ar": "الهاتف:"},
}


def word(name: str, language: str) -> str:
    """A text of the printed matter.

    Args:
        name: which one.
        language: fr or ar.

    Raises:
        KeyError: when there is no such text.
    """
    return _WORDS[name][language]


def written(language: str) -> tuple[str, ...]:
    """The languages that something in `fr`, `ar` or `both` is written in, the first one first."""
    return ("ar", "fr") if language == "both" else (language,)
