"""A checklist on paper: one or two pages to take along, with a head, the steps, lines for notes and the way back to the chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.documents import step as steps
from bot.documents.lines import Span, own_direction
from bot.documents.page import ACCENT, BOTTOM, GREY, HEIGHT, ROOM, TOP, Block, Sheet, Type
from bot.documents.step import Part
from bot.documents.texts import UNDERTAKINGS, long_date, text
from bot.guidance.checklist import Checklist
from bot.knowledge.store import Knowledge
from bot.places.regions import places

#: How large the steps may be set, from the usual size down.
_SCALES = (1.0, 0.95, 0.9)
#: What a smaller size must save in space left blank, mm for all of the size.
_PRICE = 400.0
#: How far steps may move apart to fill a page, mm.
_SPREAD = 6.0

#: Measures in mm.
_QR = 25.0
_CAPTION_ROOM = 40.0
_RUNNING_HEAD = 4.0
_NOTE_LINE = 9.0
_NOTES_HEAD = 9.0
_NOTE_LINES = range(2, 8)


def checklist_pdf(checklist: Checklist, knowledge: Knowledge, link: str | None, today: dt.date, sector: str | None = None) -> bytes:
    """A checklist as a PDF to print: A4, in its language.

    Args:
        checklist: the steps.
        knowledge: for the name of the form, where no better title is known.
        link: the address of the chat, shown as a QR code; none is shown without.
        today: the day the list is made, printed on it.
        sector: what the sector is called in the checklist's language.

    Returns:
        The file; the same for the same arguments.

    Raises:
        KeyError: when the form is no subject of the knowledge base.
        ValueError: when the link is too long for a QR code.
    """
    title = _title(checklist, knowledge)
    sheet = Sheet(title, checklist.language, today)
    head = _head(sheet, checklist, title, today, sector, ROOM - _CAPTION_ROOM - 4 if link else ROOM)
    caption = sheet.block([Span(text("scan", checklist.language), link=link)], Type(7.6, 3.7), _CAPTION_ROOM) if link else None
    first = TOP + max(sum(before + block.height for before, block in head), _QR + 2.4 + caption.height if caption else 0.0) + 4.0
    pages = _paged(sheet, checklist, HEIGHT - BOTTOM - first)
    for number, parts in enumerate(pages, 1):
        sheet.new_page()
        if number == 1:
            _put_head(sheet, head, link, caption, first)
        else:
            _put_running_head(sheet, title)
        top = first if number == 1 else TOP + _RUNNING_HEAD
        left = HEIGHT - BOTTOM - top - sum(part.height for part in parts)
        spread = 0.0 if number == len(pages) or not parts else min(_SPREAD, left / len(parts))
        for place, part in enumerate(parts):
            top = steps.put(sheet, part, top, spread, ruled=place > 0)
        if number == len(pages):
            _put_notes(sheet, top)
        _put_footer(sheet, number, len(pages))
    return sheet.output()


def _title(checklist: Checklist, knowledge: Knowledge) -> str:
    undertaking = UNDERTAKINGS.get(checklist.form)
    what = undertaking[checklist.language] if undertaking else knowledge.subjects[checklist.form].title.get(checklist.language)
    return text("my_list", checklist.language, what=what)


def _head(sheet: Sheet, checklist: Checklist, title: str, today: dt.date, sector: str | None, room: float) -> list[tuple[float, Block]]:
    """What the list is, for whom and from when: paragraphs, each with the space above it in mm."""
    language = checklist.language
    place = places().get(checklist.place) if checklist.place else None
    found = [(0.0, sheet.block(title, Type(21, 9.6, ACCENT, bold=True), room))]
    if about := [name for name in (sector, place.name(language) if place else None) if name]:
        found.append((1.4, sheet.block(" · ".join(map(own_direction, about)), Type(11, 5.8, bold=True), room)))
    made = [text("made", language, date=long_date(today, language))]
    if checklist.done:
        made.append(text("progress", language, done=checklist.done, all=len(checklist.steps)))
    found.append((0.8, sheet.block(" · ".join(map(own_direction, made)), Type(9.4, 5.0, GREY), room)))
    if not place and any(step.office_kind for step in checklist.steps):
        found.append((1.2, sheet.block(text("no_place", language), Type(9.4, 4.7), room)))
    return found


def _paged(sheet: Sheet, checklist: Checklist, first: float) -> list[list[Part]]:
    """The steps by page: on the fewest pages, well filled, in a size that is not smaller than that needs.

    Args:
        sheet: what they are for.
        checklist: the steps.
        first: the room on the first page, mm.
    """
    tried = [_filled(sheet, checklist, scale, first) for scale in _SCALES]
    fewest = min(len(pages) for pages, _ in tried)
    return min(((blank + _PRICE * (1 - scale), pages) for scale, (pages, blank) in zip(_SCALES, tried) if len(pages) == fewest), key=lambda found: found[0])[1]


def _filled(sheet: Sheet, checklist: Checklist, scale: float, first: float) -> tuple[list[list[Part]], float]:
    """The steps by page in a size, and how much is left blank on all pages but the last, mm."""
    pages: list[list[Part]] = [[]]
    left, blank = first, 0.0
    heading: str | None = text("after", checklist.language)
    said_in: dict[str, int] = {}
    for step in checklist.steps:
        office = step.office.id if step.office else ""
        part = steps.lay_out(sheet, step, scale, heading if step.after else None, said_in.get(office))
        heading = None if step.after else heading
        if office:
            said_in.setdefault(office, step.number)
        if part.height > left and pages[-1]:
            blank += max(0.0, left - _SPREAD * len(pages[-1]))
            pages.append([])
            left = HEIGHT - BOTTOM - TOP - _RUNNING_HEAD
        pages[-1].append(part)
        left -= part.height
    return pages, blank


def _put_head(sheet: Sheet, head: Sequence[tuple[float, Block]], link: str | None, caption: Block | None, end: float) -> None:
    top = TOP
    for before, block in head:
        top = sheet.put(block, 0, top + before)
    if link and caption:
        sheet.code(link, ROOM - _QR, TOP, _QR)
        sheet.put(caption, ROOM - _CAPTION_ROOM, TOP + _QR + 2.0, "end")
    sheet.rule(0, end - 1.6, ROOM, ACCENT, 0.7)


def _put_running_head(sheet: Sheet, title: str) -> None:
    sheet.put(sheet.block(title, Type(8.4, 4.4, GREY), ROOM), 0, TOP - 3.0)
    sheet.rule(0, TOP + 2.6, ROOM, ACCENT, 0.4)


def _put_notes(sheet: Sheet, top: float) -> None:
    """Lines to write on, where there is room for some."""
    count = min(int((HEIGHT - BOTTOM - top - _NOTES_HEAD) / _NOTE_LINE), _NOTE_LINES[-1])
    if count not in _NOTE_LINES:
        return
    sheet.rule(0, top, ROOM)
    top = sheet.put(sheet.block(text("notes", sheet.language), Type(9.4, 4.6, ACCENT, bold=True), ROOM), 0, top + 4.0)
    for number in range(1, count + 1):
        sheet.rule(0, top + number * _NOTE_LINE, ROOM, dotted=True)


def _put_footer(sheet: Sheet, page: int, pages: int) -> None:
    kind, top = Type(7.6, 4.0, GREY), HEIGHT - BOTTOM + 4.0
    sheet.rule(0, top - 1.4, ROOM)
    sheet.put(sheet.block(text("footer", sheet.language), kind, ROOM - 30), 0, top)
    sheet.put(sheet.block(text("page", sheet.language, page=page, pages=pages), kind, 30), ROOM - 30, top, "end")
