"""What Telegram shows of Dalil before the first message: its commands and its description, in Arabic and in French."""

from __future__ import annotations

from telegram import Bot, BotCommand

from bot.channels.telegram.updates import ALLOWED
from bot.settings import Settings

#: Command -> what it does, in French and in Arabic. bot/delivery/guard.py knows what each means.
COMMANDS = {
    "start": ("Commencer", "البداية"),
    "menu": ("Voir les sujets", "المواضيع"),
    "help": ("Comment poser une question", "كيفية طرح سؤال"),
    "language": ("Changer de langue", "تغيير اللغة"),
    "human": ("Parler à une personne", "التحدث مع شخص"),
    "privacy": ("Vos données", "معطياتكم"),
}
DESCRIPTION = {
    "fr": "Dalil vous guide : créer une coopérative ou une association, trouver une aide, un crédit ou une formation, faire vos démarches au Maroc. "
    "Réponses courtes, avec source et date. Écrivez en français, en arabe ou en darija.",
    "ar": "دليل يرشدكم في تأسيس تعاونية أو جمعية، وفي البحث عن دعم أو قرض أو تكوين، وفي الإجراءات الإدارية بالمغرب. "
    "أجوبة قصيرة بمصدرها وتاريخها. اكتبوا بالعربية أو الدارجة أو الفرنسية.",
}
SHORT_DESCRIPTION = {
    "fr": "Coopératives, associations, aides, formation au Maroc : réponses sourcées.",
    "ar": "التعاونيات والجمعيات والدعم والتكوين بالمغرب: أجوبة بمصادرها.",
}
#: People with a telephone in another language see the Arabic one.
_LANGUAGES: dict[str, str | None] = {"ar": None, "fr": "fr"}


async def set_profile(bot: Bot) -> None:
    """Tell Telegram commands and descriptions."""
    for language, code in _LANGUAGES.items():
        commands = [BotCommand(name, ar if language == "ar" else fr) for name, (fr, ar) in COMMANDS.items()]
        await bot.set_my_commands(commands, language_code=code)
        await bot.set_my_description(DESCRIPTION[language], language_code=code)
        await bot.set_my_short_description(SHORT_DESCRIPTION[language], language_code=code)


async def set_webhook(bot: Bot, settings: Settings) -> str:
    """Tell Telegram where to bring messages, and the secret it must show. Returns the address."""
    address = f"{settings.public_url}/webhooks/telegram/webhook"
    await bot.set_webhook(address, secret_token=settings.telegram_webhook_secret, allowed_updates=ALLOWED, max_connections=40)
    return address
