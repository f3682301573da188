"""A campaign's kit: everything a chamber prints, links and pastes, as files."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from bot.chambers.chamber import Campaign
from bot.documents import qr
from bot.documents.logo import read_logo
from bot.settings import Settings
from bot.sharing.card import card, ten_cards
from bot.sharing.channels import channels
from bot.sharing.embed import snippet
from bot.sharing.flyer import flyer, two_flyers
from bot.sharing.layout import Matter
from bot.sharing.links import LANGUAGES, Channels, Links, links
from bot.sharing.picture import png
from bot.sharing.poster import A3, A4, poster
from bot.sharing.readme import readme
from bot.sharing.square import PIXELS, square
from bot.sharing.texts import REPLY_LANGUAGES, Texts, sms_parts, texts

#: Language -> how it stands in the name of a file.
_SUFFIX = {"fr": "fr", "ar": "ar", "both": "ar-fr", "ary": "darija"}
#: The side of a module of a code: pixels in a PNG, mm in an SVG.
_PIXELS, _MILLIMETRES = 20, 1.0


class NoChannel(Exception):
    """There is nothing to link to."""


@dataclass(frozen=True)
class File:
    """A file of a kit.

    Attributes:
        name: in plain ASCII.
        group: what it is, one of `readme.GROUPS`; "readme" for the README.
        make: gives its content.
    """

    name: str
    group: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Kit:
    """A kit. Its files are made when they are asked for: all of them take some seconds.

    Attributes:
        campaign: whose.
        links: by language: fr, ar, both.
        texts: by reply language: fr, ar, ary.
        snippets: the HTML for a website, by language: fr, ar; none without a chat page.
        missing: what it lacks, of `readme.MISSING`.
        fault: why Telegram is missing, where it is.
        files: the README first.
        today: the day it is made.
    """

    campaign: Campaign
    links: Mapping[str, Links]
    texts: Mapping[str, Texts]
    snippets: Mapping[str, str]
    missing: tuple[str, ...]
    fault: str | None
    files: tuple[File, ...]
    today: dt.date

    @property
    def name(self) -> str:
        """What its folder is called, and its zip without the ending."""
        return f"dalil-{self.campaign.code}"

    def file(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            KeyError: when there is no such file.
        """
        return {file.name: file for file in self.files}[name].make()

    def contents(self) -> dict[str, bytes]:
        """The content of every file, by its name."""
        return {file.name: file.make() for file in self.files}

    def zip(self) -> bytes:
        """All files in one."""
        return zipped(self.contents(), self.name, self.today)


def kit(campaign: Campaign, settings: Settings, today: dt.date | None = None) -> Kit:
    """A campaign's kit.

    Telegram is asked for the bot's name unless TELEGRAM_BOT_USERNAME is set. Must not be called from a running event loop.

    Args:
        campaign: the campaign.
        settings: say which channels there are.
        today: the day it is made; today where it is not given.

    Raises:
        NoChannel: when no channel is set up that can be linked to.
    """
    found, fault = channels(settings)
    return make_kit(campaign, found, fault, today or dt.datetime.now(dt.timezone.utc).date())


def make_kit(campaign: Campaign, channels: Channels, fault: str | None, today: dt.date) -> Kit:
    """A campaign's kit, without asking anybody anything.

    Args:
        campaign: the campaign.
        channels: where Dalil can be reached.
        fault: why the link to Telegram is missing, None where it is not.
        today: the day it is made.

    Raises:
        NoChannel: when there is nothing to link to.
    """
    chamber, code = campaign.chamber, campaign.code
    by_language = {language: links(channels, code, language) for language in LANGUAGES}
    if not by_language["fr"].ordered():
        raise NoChannel
    logo = read_logo(chamber.logo)
    said = {language: texts(chamber, by_language["fr" if language == "fr" else "ar"], language) for language in REPLY_LANGUAGES}
    web = by_language["fr"].web
    snippets = {language: snippet(channels.public_url, web, code, language) for language in ("fr", "ar")} if web else {}
    lacking = {"telegram": fault, "web": not web, "logo": not logo, "sites": web and not chamber.sites}
    missing = tuple(name for name, lacks in lacking.items() if lacks)
    matters = [Matter(language, chamber, logo, by_language[language], today) for language in LANGUAGES]
    files = [*_sheets(matters), *_codes(by_language), *_texts(said), *_snippets(snippets)]
    groups = [(group, [file.name for file in found]) for group, found in groupby(files, key=lambda file: file.group)]
    about = readme(campaign.title, code, chamber.names, groups, missing)
    first = File("README.txt", "readme", partial(_plain, about))
    return Kit(campaign, by_language, said, snippets, missing, fault, (first, *files), today)


def _sheets(matters: list[Matter]) -> Iterator[File]:
    makers: tuple[tuple[str, str, Callable[[Matter], bytes]], ...] = (
        ("poster-a4", "affiche-a4", partial(poster, paper=A4)),
        ("poster-a3", "affiche-a3", partial(poster, paper=A3)),
        ("flyer", "flyer-a5", flyer),
        ("flyers", "flyers-a4", two_flyers),
        ("card", "carte", card),
        ("cards", "cartes-a4", ten_cards),
        ("square", "carre", square),
    )
    for group, name, make in makers:
        for matter in matters:
            stem = f"{name}-{_SUFFIX[matter.language]}"
            yield File(f"{stem}.pdf", group, partial(make, matter))
            if group == "square":
                yield File(f"{stem}.png", group, partial(_picture, matter))


def _picture(matter: Matter) -> bytes:
    return png(square(matter), PIXELS)


def _codes(by_language: Mapping[str, Links]) -> Iterator[File]:
    """A code a link: the message that stands ready on WhatsApp has a language, the other links have none."""
    seen = set()
    for language, found in by_language.items():
        for channel, link in found.ordered():
            if link in seen:
                continue
            seen.add(link)
            stem = f"qr-whatsapp-{_SUFFIX[language]}" if channel == "whatsapp" else f"qr-{channel}"
            yield File(f"{stem}.svg", "qr", partial(_svg, link))
            yield File(f"{stem}.png", "qr", partial(qr.png, link, _PIXELS))


def _svg(link: str) -> bytes:
    return qr.svg(link, _MILLIMETRES).encode()


_HEADINGS = {
    "fr": ("Message pour un groupe ou une page", "SMS (nombre de messages : {parts})", "Paragraphe pour votre site"),
    "ar": ("رسالة لمجموعة أو صفحة", "رسالة قصيرة SMS (عدد الرسائل: {parts})", "فقرة لموقعكم"),
}


def _texts(said: Mapping[str, Texts]) -> Iterator[File]:
    for language, found in said.items():
        group, sms, page = _HEADINGS["fr" if language == "fr" else "ar"]
        headed = ((group, found.group), (sms.format(parts=sms_parts(found.sms)), found.sms), (page, found.page))
        yield File(f"texte-{_SUFFIX[language]}.txt", "text", partial(_plain, "\n\n\n".join(f"=== {heading} ===\n\n{text}" for heading, text in headed) + "\n"))


def _snippets(snippets: Mapping[str, str]) -> Iterator[File]:
    for language, html in snippets.items():
        yield File(f"code-site-{_SUFFIX[language]}.txt", "site", partial(_plain, html))


def _plain(text: str) -> bytes:
    """Text as any Windows opens it: marked as UTF-8, with its ends of lines."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def zipped(contents: Mapping[str, bytes], folder: str, today: dt.date) -> bytes:
    """Files in a zip, in a folder of their own; the same for the same arguments."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", (today.year, today.month, today.day, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
