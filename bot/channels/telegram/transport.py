"""Sending over Telegram."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, MessageLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.channels.documents import render
from bot.channels.split import split
from bot.delivery.messages import Choice, Reply, reference
from bot.delivery.transport import BLOCKED, Blocked, MaybeSent, Refused, SendError, TryLater
from bot.documents.reference import UnknownDocument

logger = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # its other lines hold the token

_SECONDS = 10.0
#: Two buttons share a row when neither is longer than this.
_SHORT_TITLE = 15


def make_bot(token: str, api_url: str) -> Bot:
    """Telegram's client; nothing is asked of Telegram yet."""
    request = HTTPXRequest(connection_pool_size=64, read_timeout=_SECONDS, connect_timeout=5.0, pool_timeout=_SECONDS)
    return Bot(token, base_url=f"{api_url}/bot", request=request, get_updates_request=HTTPXRequest(connection_pool_size=1, read_timeout=_SECONDS))


async def confirm(bot: Bot, pressed: str) -> None:
    """Stop the waiting sign on a button."""
    try:
        await bot.answer_callback_query(pressed)
    except TelegramError as error:  # too old, or answered by another worker: the answer itself comes all the same
        logger.debug("a button press was not confirmed: %s", error.__class__.__name__)


class TelegramTransport:
    """Sends replies to Telegram.

    Args:
        bot: Telegram's client.
    """

    name = "telegram"

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._link: str | None = None

    def parts(self, reply: Reply) -> list[Reply]:
        """Texts of at most 4,096 characters; the buttons under the last."""
        if reply.document:
            return [reply]
        *heads, last = split(reply.text, MessageLimit.MAX_TEXT_LENGTH) or [""]
        return [*(Reply(head) for head in heads), Reply(last, reply.choices)]

    async def send(self, address: str, row: int, reply: Reply) -> str | None:
        """Send a reply; see `bot.delivery.transport.Transport`."""
        markup = keyboard(row, reply.choices)
        try:
            if reply.document:
                wanted, name = reply.document
                content = await render(wanted, await self._chat_link())
                sent = await self._bot.send_document(int(address), content, caption=reply.text or None, filename=name, reply_markup=markup)
            else:
                preview = LinkPreviewOptions(is_disabled=True)
                sent = await self._bot.send_message(int(address), reply.text, reply_markup=markup, link_preview_options=preview)
        except TelegramError as error:
            raise translated(error) from error
        except UnknownDocument as error:
            raise Refused("the document cannot be made any more") from error
        return str(sent.message_id)

    async def _chat_link(self) -> str:
        """Where a document's QR code leads back to: this bot."""
        if self._link is None:
            self._link = f"https://t.me/{(await self._bot.get_me()).username}"
        return self._link

    async def find(self, address: str, reply: Reply, since: float, known: Collection[str]) -> str | None:
        """Telegram cannot be asked what it sent."""
        return None

    async def typing(self, address: str) -> None:
        """Show that an answer is being written."""
        try:
            await self._bot.send_chat_action(int(address), ChatAction.TYPING)
        except TelegramError as error:
            logger.debug("typing was not shown: %s", error.__class__.__name__)

    def may_send(self, last_inbound: float, now: float) -> bool:
        """Telegram has no window."""
        return True


def keyboard(row: int, choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Buttons under a message: short titles two in a row, a long one in a row of its own."""
    buttons = [InlineKeyboardButton(choice.title, callback_data=reference(row, index)) for index, choice in enumerate(choices)]
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        beside = rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= _SHORT_TITLE and len(button.text) <= _SHORT_TITLE
        if beside:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def translated(error: TelegramError) -> SendError:
    """What an error of Telegram's means for delivery. Its text may hold no token: only its kind and Telegram's description are used."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return TryLater("too many messages", float(after if isinstance(after, int) else after.total_seconds()))
    if isinstance(error, Forbidden):
        return Blocked(BLOCKED)
    if isinstance(error, InvalidToken):
        return TryLater("Telegram does not know the token", 60.0, everybody=True)
    if isinstance(error, ChatMigrated):
        return Blocked("the group moved")
    if isinstance(error, BadRequest):
        gone = "chat not found" in str(error).lower() or "deactivated" in str(error).lower()
        return Blocked("the chat does not exist any more") if gone else Refused(f"Telegram refused: {error.message}")
    cause = error.__cause__
    if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return TryLater("Telegram is not reachable")
    if isinstance(cause, httpx.HTTPError) or isinstance(error, TimedOut) or not isinstance(error, NetworkError):
        return MaybeSent("the connection broke before an answer came")
    return TryLater("Telegram has a fault")
