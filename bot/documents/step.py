"""A step of a checklist on paper: a box, what to do and which papers to bring on one side, where to go on the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.lines import Span, left_to_right, own_direction
from bot.documents.page import ACCENT, GREY, ROOM, Block, Sheet, Type
from bot.documents.texts import labelled, text
from bot.guidance.checklist import ShownStep
from bot.places.offices import Office

_HEADING = Type(13, 6.4, ACCENT, bold=True)
_TITLE = Type(11.5, 5.6, bold=True)
_BODY = Type(9.4, 4.6)
_WARNING = Type(9.4, 4.6, bold=True)
_ASIDE = Type(8.8, 4.3)
_NAME = Type(8.8, 4.3, bold=True)
_LABEL = Type(7.8, 4.4, ACCENT, bold=True)
_SMALL = Type(7.2, 3.6, GREY)

#: Measures in mm.
_BOX = 5.2
_GUTTER = 10.0
_INDENT = 4.4
_ASIDE_ROOM = 62.0
_BETWEEN = 7.0
_GAP = 3.4
_ABOVE_HEADING, _BELOW_HEADING = 4.0, 1.0


@dataclass(frozen=True)
class _Item:
    """A paragraph in a column.

    Attributes:
        block: the paragraph.
        before: the space above it, mm.
        sign: what stands before it: nothing, `dot`, `box`, `ticked` or `warning`.
    """

    block: Block
    before: float = 0.0
    sign: str = ""


@dataclass(frozen=True)
class Part:
    """A step set in type: it is not torn apart at the foot of a page, nor from the heading above it.

    Attributes:
        done: whether its box is ticked.
        heading: the heading above it, where there is one.
        title: the number and the title.
        main: what to do.
        aside: where to go.
        scale: of all that is in it.
    """

    done: bool
    heading: Block | None
    title: Block
    main: tuple[_Item, ...]
    aside: tuple[_Item, ...]
    scale: float

    @property
    def height(self) -> float:
        """In mm, with the space around it."""
        heading = self.heading.height + _ABOVE_HEADING + _BELOW_HEADING if self.heading else 0.0
        return heading + self.title.height + self.body_height + 2 * _GAP * self.scale

    @property
    def body_height(self) -> float:
        """Of what is below the title, mm."""
        return max(sum(item.before + item.block.height for item in column) for column in (self.main, self.aside))


def lay_out(sheet: Sheet, step: ShownStep, scale: float, heading: str | None, said_in: int | None) -> Part:
    """Set a step in type.

    Args:
        sheet: what it is for.
        step: the step.
        scale: how large, 1 being the usual size.
        heading: what stands above it, where something does.
        said_in: the number of the step that tells how to reach the same office, where one does.
    """
    aside = tuple(_aside(sheet, step, scale, said_in))
    room = ROOM - _GUTTER - (_ASIDE_ROOM + _BETWEEN if aside else 0.0)
    title = [Span(f"{step.number}. {step.title}")]
    if step.done:
        title.append(Span(f" ({text('done', sheet.language)})", muted=True))
    return Part(
        step.done,
        sheet.block(heading, _HEADING.scaled(scale), ROOM) if heading else None,
        sheet.block(title, _TITLE.scaled(scale), ROOM - _GUTTER),
        tuple(_main(sheet, step, scale, room)),
        aside,
        scale,
    )


def _main(sheet: Sheet, step: ShownStep, scale: float, room: float) -> Iterator[_Item]:
    body = _BODY.scaled(scale)
    if step.warning:
        yield _Item(sheet.block(step.warning, _WARNING.scaled(scale), room - _INDENT), 0.4, "warning")
    for line in filter(None, map(str.strip, step.do.split("\n"))):
        if line.startswith("•"):
            yield _Item(sheet.block(line[1:].strip(), body, room - _INDENT), 0.2, "dot")
        else:
            yield _Item(sheet.block(line, body, room), 0.4)
    if step.documents:
        yield _Item(sheet.block(text("bring", sheet.language), _LABEL.scaled(scale), room), 1.2)
    for document in step.documents:
        yield _Item(sheet.block(document, body, room - _INDENT), 0.3, "ticked" if step.done else "box")
    if not _has_office(step):
        yield from _terms(sheet, step, body, room, 0.8)
    yield _Item(sheet.block(_source(step.source), _SMALL.scaled(scale), room), 1.2)


def _has_office(step: ShownStep) -> bool:
    return bool(step.office or step.office_title)


def _aside(sheet: Sheet, step: ShownStep, scale: float, said_in: int | None) -> Iterator[_Item]:
    """Where to go, and what it costs and takes there; nothing for a step that leads nowhere."""
    if not _has_office(step):
        return
    kind, language = _ASIDE.scaled(scale), sheet.language
    name = step.office.name.get(language) if step.office else str(step.office_title)
    yield _Item(sheet.block(text("where", language), _LABEL.scaled(scale), _ASIDE_ROOM))
    yield _Item(sheet.block(name, _NAME.scaled(scale), _ASIDE_ROOM))
    if step.office and said_in:
        yield _Item(sheet.block(text("see_step", language, number=said_in), kind, _ASIDE_ROOM))
    elif step.office:
        for spans in _contacts(step.office, language):
            yield _Item(sheet.block(spans, kind, _ASIDE_ROOM))
    yield from _terms(sheet, step, kind, _ASIDE_ROOM, 1.4)


def _terms(sheet: Sheet, step: ShownStep, kind: Type, room: float, before: float) -> Iterator[_Item]:
    """Cost and delay; the first with space above it, mm."""
    for label, value in (("cost", step.cost), ("delay", step.delay)):
        if value:
            yield _Item(sheet.block([Span(f"{labelled(label, sheet.language)} ", bold=True), Span(value)], kind, room), before)
            before = 0.0


def _contacts(office: Office, language: str) -> Iterator[list[Span]]:
    """A paragraph for each contact that a source gives."""
    if office.address:
        yield [Span(left_to_right(office.address))]
    if not office.address or office.town.fr not in office.address:
        yield [Span(office.town.get(language))]
    if office.phones:
        spans = [Span(f"{labelled('phone', language)} ")]
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


def put(sheet: Sheet, part: Part, top: float, spread: float, *, ruled: bool) -> float:
    """Put a step on the page.

    Args:
        sheet: the pages.
        part: the step.
        top: from the top of the page, mm.
        spread: space to add to that around it, mm.
        ruled: whether a hairline tells it from what is above.

    Returns:
        Where it ends, mm from the top of the page.
    """
    end = top + part.height + spread
    if part.heading:
        if ruled:
            sheet.rule(0, top, ROOM)
        top = sheet.put(part.heading, 0, top + _ABOVE_HEADING) + _BELOW_HEADING
    elif ruled:
        sheet.rule(_GUTTER, top, ROOM - _GUTTER)
    top += _GAP * part.scale + spread / 2
    box = _BOX * part.scale
    sheet.tick_box(0.3, top + (part.title.type.leading - box) / 2, box, part.done)
    top = sheet.put(part.title, _GUTTER, top)
    if part.aside:
        sheet.upright(ROOM - _ASIDE_ROOM - _BETWEEN / 2, top + 0.8, part.body_height - 0.8)
        _put_column(sheet, part.aside, ROOM - _ASIDE_ROOM, top)
    _put_column(sheet, part.main, _GUTTER, top)
    return end


def _put_column(sheet: Sheet, column: Sequence[_Item], start: float, top: float) -> None:
    for item in column:
        top += item.before
        leading, em = item.block.type.leading, item.block.type.em
        if item.sign == "dot":
            sheet.dot(start + 1.2, top + (leading - 1.1) / 2, 1.1)
        elif item.sign == "warning":
            sheet.warning_sign(start, top + (leading - em) / 2, em)
        elif item.sign:
            sheet.tick_box(start + 0.2, top + (leading - em * 0.8) / 2, em * 0.8, item.sign == "ticked")
        top = sheet.put(item.block, start + (_INDENT if item.sign else 0.0), top)
