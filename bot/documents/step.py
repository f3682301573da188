"""A step of a checklist on paper: a box, what to do, where to go, which papers to bring; set in the form that takes the least room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.documents.lines import Span, left_to_right, own_direction
from bot.documents.page import ACCENT, GREY, ROOM, Block, Sheet, Type
from bot.documents.texts import labelled, text
from bot.guidance.checklist import ShownStep
from bot.places.offices import Office

#: What is read is not set smaller than this, points; what is only looked up, not smaller than that.
LEAST_BODY, LEAST_SMALL = 8.0, 6.5

_HEADING = Type(13, 6.4, ACCENT, bold=True)
_TITLE = Type(11.5, 5.5, bold=True)
_BODY = Type(9.4, 4.55)
_WARNING = Type(9.4, 4.55, bold=True)
_ASIDE = Type(8.8, 4.25)
_NAME = Type(8.8, 4.25, bold=True)
_LABEL = Type(7.8, 4.3, ACCENT, bold=True)
_SMALL = Type(7.2, 3.5, GREY)

#: Measures in mm.
GUTTER = 9.0
_BOX = 5.0
_INDENT = 4.4
_ASIDE_ROOM = 60.0
_BETWEEN = 7.0
_AFTER_LABEL = 2.6
_BETWEEN_BOXES = 5.0
_BEFORE_SOURCE = 6.0
_ABOVE_HEADING, _BELOW_HEADING = 2.4, 0.4
#: How much lower a step must get for its office to stand in a line and not beside it, mm.
_WORTH_A_LINE = 4.0


@dataclass(frozen=True)
class _Item:
    """A paragraph.

    Attributes:
        block: the paragraph.
        start: from the margin where reading starts, mm.
        top: from the foot of the title, mm.
        sign: what stands before it: nothing, `dot`, `box`, `ticked` or `warning`.
        align: `start` or `end`.
    """

    block: Block
    start: float
    top: float
    sign: str = ""
    align: str = "start"


@dataclass(frozen=True)
class _Body:
    """All that is below the title.

    Attributes:
        items: the paragraphs.
        height: in mm.
        divider: how long the hairline before what stands beside is, mm; 0 where nothing does.
    """

    items: tuple[_Item, ...]
    height: float
    divider: float = 0.0


@dataclass(frozen=True)
class Part:
    """A step set in type: it is not torn apart at the foot of a page, nor from the heading above it.

    Attributes:
        done: whether its box is ticked.
        heading: the heading above it, where there is one.
        title: the number and the title.
        body: the rest.
        scale: of all that is in it.
    """

    done: bool
    heading: Block | None
    title: Block
    body: _Body
    scale: float

    def height(self, gap: float) -> float:
        """In mm, with as much space above and below it."""
        heading = self.heading.height + _ABOVE_HEADING + _BELOW_HEADING if self.heading else 0.0
        return heading + self.title.height + self.body.height + 2 * gap


def lay_out(sheet: Sheet, step: ShownStep, scale: float, heading: str | None, said_in: int | None) -> Part:
    """Set a step in type.

    Args:
        sheet: what it is for.
        step: the step.
        scale: how large, 1 being the usual size.
        heading: what stands above it, where something does.
        said_in: the number of the step that tells how to reach the same office, where one does.
    """
    title = [Span(f"{step.number}. {step.title}")]
    if step.done:
        title.append(Span(f" ({text('done', sheet.language)})", muted=True))
    return Part(
        step.done,
        sheet.block(heading, _HEADING.scaled(scale), ROOM) if heading else None,
        sheet.block(title, _TITLE.scaled(scale), ROOM - GUTTER),
        _Setter(sheet, step, scale, said_in).body(),
        scale,
    )


class _Column:
    """Paragraphs one below the other.

    Attributes:
        items: the paragraphs.
        end: where the last one ends, mm from the foot of the title.
    """

    def __init__(self, sheet: Sheet, start: float, room: float, top: float = 0.0) -> None:
        """A column `room` mm wide, `start` mm from the margin where reading starts and `top` mm below the title."""
        self.items: list[_Item] = []
        self.end = top
        self._sheet, self._start, self._room = sheet, start, room
        self._used, self._baseline, self._wide = room, top, start + room >= ROOM and start <= GUTTER

    def add(self, spans: Sequence[Span] | str, kind: Type, before: float = 0.0, *, sign: str = "", indent: float = 0.0) -> None:
        """A paragraph with `before` mm above it, behind a sign or `indent` mm."""
        indent = _INDENT if sign else indent
        block = self._sheet.block(spans, kind, self._room - indent)
        if block.lines:
            self._put(block, indent, self.end + before, sign)

    def label(self, words: str, kind: Type, before: float, beside: Type) -> None:
        """A label: what is added next stands beside it, set in `beside`, with `before` mm above both."""
        self.items.append(_Item(self._sheet.block(words, kind, self._room), self._start, self.end + before + beside.baseline - kind.baseline))

    def boxes(self, texts: Sequence[str], kind: Type, before: float, *, ticked: bool, indent: float) -> None:
        """Texts with a small box each, as many side by side as there is room for."""
        top, across = self.end + before, indent
        for words in texts:
            block = self._sheet.block(words, kind, self._room - indent - _INDENT)
            if across > indent and across + _INDENT + block.width > self._room:
                top, across = self.end + 0.2, indent
            self._put(block, across + _INDENT, top, "ticked" if ticked else "box")
            across += _INDENT + block.width + _BETWEEN_BOXES if len(block.lines) == 1 else self._room

    def small(self, words: str, kind: Type) -> None:
        """Small print at the end of the last line, where there is room, or below it."""
        block = self._sheet.block(words, kind, self._room)
        beside = len(block.lines) == 1 and self._used + _BEFORE_SOURCE + block.width <= self._room
        top = self._baseline - kind.baseline if beside else self.end + 0.4
        self.items.append(_Item(block, self._start, top, align="end" if len(block.lines) == 1 and self._wide else "start"))
        self.end = max(self.end, top + block.height)

    def _put(self, block: Block, indent: float, top: float, sign: str) -> None:
        self.items.append(_Item(block, self._start + indent, top, sign))
        self.end = top + block.height
        self._used = indent + block.lines[-1].width * block.type.em if block.lines else 0.0
        self._baseline = self.end - block.type.leading + block.type.baseline


class _Setter:
    """Sets what is below the title of a step in each form it can have."""

    def __init__(self, sheet: Sheet, step: ShownStep, scale: float, said_in: int | None) -> None:
        self._sheet, self._step, self._language = sheet, step, sheet.language
        self._text, self._warning = _BODY.scaled(scale, LEAST_BODY), _WARNING.scaled(scale, LEAST_BODY)
        self._aside, self._name = _ASIDE.scaled(scale, LEAST_BODY), _NAME.scaled(scale, LEAST_BODY)
        self._label, self._small = _LABEL.scaled(scale, LEAST_SMALL), _SMALL.scaled(scale, LEAST_SMALL)
        self._contacts: list[list[Span]] = []
        if step.office and said_in:
            self._contacts = [[Span(text("see_step", self._language, number=said_in))]]
        elif step.office:
            self._contacts = list(_contacts(step.office, self._language))
        self._hang = max(sheet.block(text(name, self._language), self._label, ROOM).width for name in ("where", "bring")) + _AFTER_LABEL

    def body(self) -> _Body:
        """The form that takes the least room; the office stands beside the rest unless that takes much more."""
        in_line = self._with_office_in_line()
        if len(self._contacts) < 2:
            return in_line
        beside = min((self._with_office_beside(below, source) for below in (False, True) for source in (True, False)), key=lambda body: round(body.height, 1))
        return in_line if in_line.height + _WORTH_A_LINE < beside.height else beside

    def _with_office_in_line(self) -> _Body:
        column = _Column(self._sheet, GUTTER, ROOM - GUTTER)
        self._what_to_do(column)
        if self._office_name:
            column.label(text("where", self._language), self._label, 0.5, self._text)
            spans = [Span(self._office_name, bold=True)]
            for contact in self._contacts:
                spans += [Span(" · "), *contact]
            column.add(spans, self._text, 0.5, indent=self._hang)
        self._what_to_bring(column)
        self._terms(column, self._text, 0.5)
        column.small(_source(self._step.source), self._small)
        return _Body(tuple(column.items), column.end)

    def _with_office_beside(self, below: bool, source: bool) -> _Body:
        """With the office in a column of its own; what to bring below both columns or not, the source below the office or not."""
        aside = _Column(self._sheet, ROOM - _ASIDE_ROOM, _ASIDE_ROOM)
        aside.add(text("where", self._language), self._label)
        aside.add(self._office_name, self._name)
        for spans in self._packed():
            aside.add(spans, self._aside)
        self._terms(aside, self._aside, 0.8)
        if source:
            aside.small(_source(self._step.source), self._small)
        main = _Column(self._sheet, GUTTER, ROOM - GUTTER - _ASIDE_ROOM - _BETWEEN)
        self._what_to_do(main)
        if not below:
            self._what_to_bring(main)
        if not (source or below):
            main.small(_source(self._step.source), self._small)
        end = max(main.end, aside.end)
        if not below:
            return _Body((*main.items, *aside.items), end, end)
        foot = _Column(self._sheet, GUTTER, ROOM - GUTTER, end)
        self._what_to_bring(foot)
        if not source:
            foot.small(_source(self._step.source), self._small)
        return _Body((*main.items, *aside.items, *foot.items), foot.end, end)

    @property
    def _office_name(self) -> str:
        return self._step.office.name.get(self._language) if self._step.office else self._step.office_title or ""

    def _packed(self) -> list[list[Span]]:
        """The contacts by paragraph: short ones that follow each other share a line."""
        packed: list[list[Span]] = []
        for spans in self._contacts:
            together = [*packed[-1], Span(" · "), *spans] if packed else []
            if together and len(self._sheet.block(together, self._aside, _ASIDE_ROOM).lines) == 1:
                packed[-1] = together
            else:
                packed.append(spans)
        return packed

    def _what_to_do(self, column: _Column) -> None:
        if self._step.warning:
            column.add(self._step.warning, self._warning, 0.2, sign="warning")
        for line in filter(None, map(str.strip, self._step.do.split("\n"))):
            if line.startswith("•"):
                column.add(line[1:].strip(), self._text, 0.2, sign="dot")
            else:
                column.add(line, self._text, 0.2)

    def _what_to_bring(self, column: _Column) -> None:
        if self._step.documents:
            column.label(text("bring", self._language), self._label, 0.5, self._text)
            column.boxes(self._step.documents, self._text, 0.5, ticked=self._step.done, indent=self._hang)

    def _terms(self, column: _Column, kind: Type, before: float) -> None:
        """Cost and delay."""
        spans: list[Span] = []
        for label, value in (("cost", self._step.cost), ("delay", self._step.delay)):
            if value:
                spans += [Span(" · ")] if spans else []
                spans += [Span(f"{labelled(label, self._language)} ", bold=True), Span(own_direction(value) if self._sheet.rtl else value)]
        column.add(spans, kind, before)


def _contacts(office: Office, language: str) -> Iterator[list[Span]]:
    """A paragraph for each contact that a source gives."""
    if office.address:
        yield [Span(left_to_right(office.address))]
    if not any(office.town.fr in said for said in (office.address or "", office.name.fr)):
        yield [Span(office.town.get(language))]
    if office.phones:
        spans = [Span(f"{labelled('phone', language)}\u00a0")]
        for number, phone in enumerate(office.phones):
            if number:
                spans.append(Span(" / "))
            spans.append(Span(left_to_right(phone), link=f"tel:+212{phone[1:]}", pairs=True))
        if office.phone_of:
            spans.append(Span(f" ({office.phone_of.get(language)})"))
        yield spans
    if office.email:
        yield [Span(left_to_right(office.email), link=f"mailto:{office.email}")]
    if office.website:
        yield [Span(left_to_right(office.website), link=office.website if "//" in office.website else f"https://{office.website}")]
    if remark := office.remarked(language):
        yield [Span(remark, muted=True)]


def _source(line: str) -> str:
    """The source line, of which no part mixes with its neighbours where their directions differ."""
    label, colon, rest = line.partition(": ")
    return f"{label}{colon}{' · '.join(own_direction(part) for part in rest.split(' · '))}"


def put(sheet: Sheet, part: Part, top: float, gap: float, *, ruled: bool) -> float:
    """Put a step on the page.

    Args:
        sheet: the pages.
        part: the step.
        top: from the top of the page, mm.
        gap: the space above it and below it, mm.
        ruled: whether a hairline tells it from what is above.

    Returns:
        Where it ends, mm from the top of the page.
    """
    end = top + part.height(gap)
    if part.heading:
        if ruled:
            sheet.rule(0, top, ROOM)
        top = sheet.put(part.heading, 0, top + _ABOVE_HEADING) + _BELOW_HEADING
    elif ruled:
        sheet.rule(GUTTER, top, ROOM - GUTTER)
    top += gap
    box = _BOX * part.scale
    sheet.tick_box(0.3, top + (part.title.type.leading - box) / 2, box, part.done)
    top = sheet.put(part.title, GUTTER, top)
    if part.body.divider:
        sheet.upright(ROOM - _ASIDE_ROOM - _BETWEEN / 2, top + 0.8, part.body.divider - 0.8)
    for item in part.body.items:
        _put_item(sheet, replace(item, top=top + item.top))
    return end


def _put_item(sheet: Sheet, item: _Item) -> None:
    leading, em, start = item.block.type.leading, item.block.type.em, item.start - _INDENT
    if item.sign == "dot":
        sheet.dot(start + 1.2, item.top + (leading - 1.1) / 2, 1.1)
    elif item.sign == "warning":
        sheet.warning_sign(start, item.top + (leading - em) / 2, em)
    elif item.sign:
        sheet.tick_box(start + 0.2, item.top + (leading - em * 0.8) / 2, em * 0.8, item.sign == "ticked")
    sheet.put(item.block, item.start, item.top, item.align)
