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

#: How large the steps may be set, from the usual size down, and the least space above and below each, mm; the size is given up last.
_SCALES = (1.0, 0.97, 0.94, 0.91, 0.88, 0.855)
_GAPS = (3.2, 2.6, 2.1, 1.6)
#: As many pages are enough; one is tried for down to this size.
_PAGES, _ONE_PAGE_SCALE = 2, 0.97
#: The most space above and below a step to fill a page, mm.
_WIDEST_GAP = 6.0

#: Measures in mm.
_QR = 24.0
_CAPTION_ROOM = 27.0
_SECOND = TOP + 4.0
_NOTE_LINE = 8.5
_NOTES_HEAD = 11.0
#: How many lines for notes there may be; the steps move apart when there is room for more than this.
_NOTE_LINES, _ENOUGH_NOTE_LINES = range(2, 13), 6


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
    caption = sheet.block([Span(text("scan", checklist.language), link=link)], Type(7.6, 3.7), _CAPTION_ROOM) if link else None
    head = _head(sheet, checklist, title, today, sector, bool(link))
    first = TOP + max(sum(before + block.height for before, block in head), _QR if link else 0.0) + 4.0
    pages, gap = _paged(sheet, checklist, HEIGHT - BOTTOM - first)
    for number, parts in enumerate(pages, 1):
        sheet.new_page()
        if number == 1:
            _put_head(sheet, head, link, caption, first)
        else:
            _put_running_head(sheet, title)
        top = first if number == 1 else _SECOND
        left = HEIGHT - BOTTOM - top - sum(part.height(gap) for part in parts)
        noted = number == len(pages) and _note_lines(left) > 0
        spare = max(0.0, left - _NOTES_HEAD - _NOTE_LINE * _ENOUGH_NOTE_LINES) if noted else left
        room = min(_WIDEST_GAP, gap + spare / len(parts) / 2) if parts else gap
        for place, part in enumerate(parts):
            top = steps.put(sheet, part, top, room, ruled=place > 0)
        if noted:
            _put_notes(sheet, top)
        _put_footer(sheet, number, len(pages))
    return sheet.output()


def _title(checklist: Checklist, knowledge: Knowledge) -> str:
    undertaking = UNDERTAKINGS.get(checklist.form)
    what = undertaking[checklist.language] if undertaking else knowledge.subjects[checklist.form].title.get(checklist.language)
    return text("my_list", checklist.language, what=what)


def _head(sheet: Sheet, checklist: Checklist, title: str, today: dt.date, sector: str | None, linked: bool) -> list[tuple[float, Block]]:
    """What the list is, for whom and from when: paragraphs, each with the space above it in mm."""
    room = ROOM - _QR - _CAPTION_ROOM - 7.0 if linked else ROOM
    kind = Type(21, 9.6, ACCENT, bold=True)
    wide = sheet.block(title, kind, ROOM - _QR - 4.0 if linked else ROOM)
    language = checklist.language
    place = places().get(checklist.place) if checklist.place else None
    # A title of one line may stand above the words beside the code.
    found = [(0.0, wide if len(wide.lines) == 1 else sheet.block(title, kind, room))]
    if about := [name for name in (sector, place.name(language) if place else None) if name]:
        found.append((1.4, sheet.block(" · ".join(map(own_direction, about)), Type(11, 5.8, bold=True), room)))
    made = [text("made", language, date=long_date(today, language))]
    if checklist.done:
        made.append(text("progress", language, done=checklist.done, all=len(checklist.steps)))
    found.append((0.8, sheet.block(" · ".join(map(own_direction, made)), Type(9.4, 5.0, GREY), room)))
    if not place and any(step.office_kind for step in checklist.steps):
        found.append((1.2, sheet.block(text("no_place", language), Type(9.4, 4.7), room)))
    return found


def _paged(sheet: Sheet, checklist: Checklist, first: float) -> tuple[list[list[Part]], float]:
    """The steps by page, and the least space above and below each: on few pages, the steps closer together before they are set smaller.

    Args:
        sheet: what they are for.
        checklist: the steps.
        first: the room on the first page, mm.
    """
    found: list[tuple[list[list[Part]], float]] = []
    for scale in _SCALES:
        if any(len(pages) <= _PAGES for pages, _ in found) and scale < _ONE_PAGE_SCALE:
            break
        parts = _parts(sheet, checklist, scale)
        found += [(_filled(parts, gap, first), gap) for gap in _GAPS]
        if len(found[-1][0]) <= 1:
            break
    fewest = max(min(len(pages) for pages, _ in found), 1)
    return next((pages, gap) for pages, gap in found if len(pages) == fewest)


def _parts(sheet: Sheet, checklist: Checklist, scale: float) -> list[Part]:
    """The steps set in a size."""
    heading: str | None = text("after", checklist.language)
    said_in: dict[str, int] = {}
    parts = []
    for step in checklist.steps:
        office = step.office.id if step.office else ""
        parts.append(steps.lay_out(sheet, step, scale, heading if step.after else None, said_in.get(office)))
        heading = None if step.after else heading
        if office:
            said_in.setdefault(office, step.number)
    return parts


def _filled(parts: Sequence[Part], gap: float, first: float) -> list[list[Part]]:
    """The steps by page: as many on each as there is room for."""
    pages: list[list[Part]] = [[]]
    left = first
    for part in parts:
        height = part.height(gap)
        if height > left and pages[-1]:
            pages.append([])
            left = HEIGHT - BOTTOM - _SECOND
        pages[-1].append(part)
        left -= height
    return pages


def _put_head(sheet: Sheet, head: Sequence[tuple[float, Block]], link: str | None, caption: Block | None, end: float) -> None:
    top = TOP
    for before, block in head:
        top = sheet.put(block, 0, top + before)
    if link and caption:
        sheet.code(link, ROOM - _QR, TOP, _QR)
        sheet.put(caption, ROOM - _QR - 3.0 - _CAPTION_ROOM, TOP + _QR - caption.height + 0.6, "end")
    sheet.rule(0, end - 1.6, ROOM, ACCENT, 0.7)


def _put_running_head(sheet: Sheet, title: str) -> None:
    sheet.put(sheet.block(title, Type(8.4, 4.4, GREY), ROOM), 0, TOP - 3.0)
    sheet.rule(0, TOP + 2.6, ROOM, ACCENT, 0.4)


def _note_lines(left: float) -> int:
    """How many lines to write on there is room for, none where they would be too few."""
    count = min(int((left - _NOTES_HEAD) / _NOTE_LINE), _NOTE_LINES[-1])
    return count if count in _NOTE_LINES else 0


def _put_notes(sheet: Sheet, top: float) -> None:
    count = _note_lines(HEIGHT - BOTTOM - top)
    sheet.rule(0, top, ROOM)
    top = sheet.put(sheet.block(text("notes", sheet.language), Type(9.4, 4.6, ACCENT, bold=True), ROOM), 0, top + 4.0)
    for number in range(1, count + 1):
        sheet.rule(0, top + number * _NOTE_LINE, ROOM, dotted=True)


def _put_footer(sheet: Sheet, page: int, pages: int) -> None:
    kind, top = Type(7.6, 4.0, GREY), HEIGHT - BOTTOM + 2.6
    sheet.rule(0, top - 1.4, ROOM)
    sheet.put(sheet.block(text("footer", sheet.language), kind, ROOM - 30), 0, top)
    sheet.put(sheet.block(text("page", sheet.language, page=page, pages=pages), kind, 30), ROOM - 30, top, "end")
