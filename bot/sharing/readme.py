"""What the kit's README says, in French and in Arabic: what each file is for, how to print it, what is missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Group of files -> language -> what they are for and how to print them.
GROUPS = {
    "poster-a4": {
        "fr": "Affiche A4. S'imprime au bureau, en couleur, à 100 % (« taille réelle »). Au guichet, à l'entrée, au souk.",
        "ar": "ملصق A4. يطبع في المكتب بالألوان وبنسبة 100% (الحجم الحقيقي). للشباك والمدخل والسوق.",
    },
    "poster-a3": {
        "fr": "La même affiche en A3, pour être vue de loin. Chez un imprimeur ou sur une imprimante A3.",
        "ar": "الملصق نفسه بحجم A3 ليرى من بعيد. عند مطبعة أو على طابعة A3.",
    },
    "flyer": {
        "fr": "Flyer A5 à donner : ce que l'on peut demander, comment commencer. Pour un imprimeur ou du papier A5. "
        "En deux langues : arabe au recto, français au verso.",
        "ar": "منشور A5 للتوزيع: الأسئلة الممكنة وكيفية البدء. للمطبعة أو لورق A5. نسخة اللغتين: العربية في الوجه والفرنسية في الظهر.",
    },
    "flyers": {
        "fr": "Le même flyer, deux fois sur une feuille A4 : imprimez à 100 % et coupez au milieu. "
        "En deux langues : recto verso, retournement sur le petit côté.",
        "ar": "المنشور نفسه مرتين في ورقة A4: اطبعوا بنسبة 100% واقطعوا من الوسط. نسخة اللغتين: طباعة على الوجهين مع القلب على الجانب القصير.",
    },
    "card": {
        "fr": "Carte de visite pour un imprimeur : 85 x 55 mm, avec 3 mm de fond perdu de chaque côté (91 x 61 mm).",
        "ar": "بطاقة زيارة للمطبعة: 85 x 55 مم، مع 3 مم زائدة من كل جانب (91 x 61 مم).",
    },
    "cards": {
        "fr": "La même carte, dix fois sur une feuille A4 : imprimez sur du papier épais, à 100 %, et coupez le long des traits. "
        "En deux langues : recto verso, retournement sur le grand côté.",
        "ar": "البطاقة نفسها عشر مرات في ورقة A4: اطبعوها على ورق سميك بنسبة 100% واقطعوا عند العلامات. "
        "نسخة اللغتين: طباعة على الوجهين مع القلب على الجانب الطويل.",
    },
    "square": {
        "fr": "Image carrée pour Facebook, Instagram ou un statut WhatsApp (PNG), et la même en PDF.",
        "ar": "صورة مربعة لفيسبوك أو إنستغرام أو حالة واتساب (PNG)، ونفسها بصيغة PDF.",
    },
    "qr": {
        "fr": "Les codes QR seuls, pour vos propres documents. SVG pour l'imprimeur, PNG pour Word. "
        "Gardez la marge blanche autour, et au moins 2,5 cm de côté.",
        "ar": "رموز QR وحدها لوثائقكم. SVG للمطبعة وPNG لبرنامج Word. اتركوا الهامش الأبيض حولها، ولا تجعلوا ضلعها أصغر من 2,5 سم.",
    },
    "text": {
        "fr": "Textes à coller : message pour un groupe, SMS, paragraphe pour votre site.",
        "ar": "نصوص للنسخ واللصق: رسالة لمجموعة، رسالة قصيرة SMS، فقرة لموقعكم.",
    },
    "site": {
        "fr": "Lignes de code à coller dans une page de votre site : Dalil s'y ouvre. À remettre à la personne qui tient le site. "
        "L'adresse du site doit figurer parmi les sites de la chambre dans la console.",
        "ar": "أسطر للصقها في صفحة من موقعكم ليفتح دليل فيها. تسلم للمكلف بالموقع. يجب أن يكون عنوان الموقع ضمن مواقع الغرفة في لوحة التحكم.",
    },
}

#: What a kit may lack -> language -> what it means and what to do.
MISSING = {
    "telegram": {
        "fr": "Telegram : le nom du bot n'a pas pu être demandé à Telegram. Refaites le kit plus tard, ou indiquez TELEGRAM_BOT_USERNAME.",
        "ar": "تيليغرام: تعذر سؤال تيليغرام عن اسم البوت. أعيدوا إعداد الملفات لاحقا، أو حددوا TELEGRAM_BOT_USERNAME.",
        "en": "Telegram: the bot's name is not known. Try again later, or set TELEGRAM_BOT_USERNAME.",
    },
    "web": {
        "fr": "Page web et code pour le site : Dalil n'a pas d'adresse publique (PUBLIC_URL).",
        "ar": "صفحة الويب ورمز الموقع: ليس لدليل عنوان عمومي (PUBLIC_URL).",
        "en": "Chat page and code for the website: PUBLIC_URL is not set.",
    },
    "logo": {
        "fr": "Logo : la chambre n'en a pas dans la console, ou il n'est pas lisible. Les documents portent son nom seul.",
        "ar": "الشعار: لا شعار للغرفة في لوحة التحكم، أو تعذرت قراءته. تحمل الوثائق اسم الغرفة وحده.",
        "en": "Logo: the chamber has none in the console, or it cannot be read.",
    },
    "sites": {
        "fr": "Sites : la chambre n'en a aucun dans la console ; le code pour le site ne fonctionnera qu'une fois le site ajouté.",
        "ar": "المواقع: ليس للغرفة أي موقع في لوحة التحكم؛ لن يعمل رمز الموقع إلا بعد إضافة الموقع.",
        "en": "Sites: the chamber lists none in the console; the code for the website works once its site is listed.",
    },
}

_SAID = {
    "fr": {
        "title": "Dalil : {title} (code {code})",
        "hint": "« fr » : en français. « ar » : en arabe. « ar-fr » : dans les deux langues.\nAvant d'imprimer en nombre, scannez les codes d'une épreuve.",
        "missing": "Ce qui manque",
    },
    "ar": {
        "title": "دليل: {title} (الرمز {code})",
        "hint": "fr: بالفرنسية. ar: بالعربية. ar-fr: باللغتين.\nقبل طباعة عدد كبير، اطبعوا نسخة واحدة وامسحوا رموزها.",
        "missing": "ما ينقص",
    },
}


def readme(title: str, code: str, chamber: Mapping[str, str], files: Sequence[tuple[str, Sequence[str]]], missing: Sequence[str]) -> str:
    """The README.

    Args:
        title: of the campaign.
        code: of the campaign.
        chamber: its name in French and in Arabic.
        files: groups (of `GROUPS`) and the names of their files.
        missing: what there is not (of `MISSING`).
    """
    parts = []
    for language, said in _SAID.items():
        lines = [said["title"].format(title=title, code=code), chamber[language], "", said["hint"], ""]
        for group, names in files:
            lines += [*names, f"    {GROUPS[group][language]}", ""]
        if missing:
            lines += [said["missing"], *(f"    {MISSING[each][language]}" for each in missing), ""]
        parts.append("\n".join(lines))
    return f"{'-' * 60}\n\n".join(parts)
