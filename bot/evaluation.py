"""How well does Dalil answer? The questions of `tests/questions/`, asked through the real pipeline.

The questions were written from the facts alone. Those below `open/` may be looked at while tuning; those below `sealed/` are never looked
at: only their counts are printed, and the figure quoted is theirs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from bot.knowledge.answer import Outcome
from bot.knowledge.store import load
from bot.language.conversation import conversation_language
from bot.language.variety import Variety, reply_language
from bot.paths import QUESTIONS
from bot.places.asking import FIND_OFFICE
from bot.places.text import SAID
from bot.yaml_files import read_yaml

if TYPE_CHECKING:  # the console compares texts with the questions: that needs no Rasa
    from bot.assistant import Assistant, Turn

SHARES = ("open", "sealed")
#: The record that a button leads to.
_RECORD = re.compile(r'"record": "([^"]+)"')
#: Areas whose questions must be refused.
OUTSIDE = ("out_of_scope", "near_miss")
#: The outcome of a message that only names a subject: its menu, which is an offer.
MENU = "menu"
#: The area of the questions where an office is.
OFFICES = "offices"
#: Intents of a journey: before one was begun such a message is looked up when the knowledge base knows it.
ON_THE_WAY = ("why_not", "resume", "leave", "step_done", "useful", "not_useful")
#: Questions of fact in shapes that are hard to read: what each looks like is told in docs/evaluation.md.
SHAPES = ("double", "comparison", "story", "word", "typo", "mixed", "amount")
#: The area of messages written by people who thought of what they wanted first, and looked for a record that answers it afterwards.
SENT = "sent"
#: Intents that begin a journey: it asks on where a record is not enough.
_BEGINS = ("seek_", "choose_form", "checklist")


@dataclass(frozen=True)
class Question:
    """One question and what is right.

    Attributes:
        text: what is asked.
        variety: what it is written in.
        area: what it is about.
        expect: record or office ids any of which is right; for small talk an intent; `refuse` outside the scope; nothing where a place has to be
            asked for.
        language: the reply language expected where it is not that of the question.
        also: record ids any of which answers the second of two questions in one message.
        written: the round in which it was written: `first`; `fresh` for those put aside from 29 November 2026 on before they were ever counted;
            `sent` for the messages of people who thought of what they wanted first.
    """

    text: str
    variety: str
    area: str
    expect: tuple[str, ...]
    language: str | None = None
    also: tuple[str, ...] = ()
    written: str = "first"


class Verdict(str, Enum):
    """What became of a question."""

    RIGHT = "right"
    WRONG_FACT = "wrong-fact"
    OFFERED = "offered"
    REFUSED = "refused"
    OTHER = "other"


@dataclass(frozen=True)
class Result:
    """A question with its verdict and what was said instead.

    Attributes:
        question: what was asked.
        verdict: what became of it.
        got: the records said or offered, else the intent.
        right_language: whether the reply was in the language expected.
        second: the record announced as the answer to a second question.
        both: whether of two questions one was answered and the other announced, or both were offered.
        within_reach: whether at least a button under the answer leads to the other one.
        nearest: the records shown as the nearest to a question that was refused.
    """

    question: Question
    verdict: Verdict
    got: tuple[str, ...]
    right_language: bool
    second: str | None = None
    both: bool = False
    within_reach: bool = False
    nearest: tuple[str, ...] = ()

    @property
    def among(self) -> bool:
        """Whether a right record is among those offered."""
        return self.verdict is Verdict.OFFERED and bool({*self.question.expect, *self.question.also}.intersection(self.got))

    @property
    def begun(self) -> bool:
        """Whether a journey was begun in place of an answer."""
        return self.verdict in (Verdict.REFUSED, Verdict.OTHER) and self.got[0].startswith(_BEGINS)


def read_questions(share: str, folder: Path = QUESTIONS) -> list[Question]:
    """The questions of one share, with every record that answers each: those named, those merged with them, those that say the same."""
    widened = widening(folder)
    found = []
    for path in sorted((folder / share).glob("*.yml")):
        written = next((name for name in ("fresh", SENT) if path.name.startswith(f"{name}-")), "first")
        for entry in read_yaml(path):
            expect = widened(entry["expect"])
            found.append(Question(entry["q"], entry["variety"], entry["area"], expect, entry.get("language"), widened(entry.get("also", [])), written))
    return found


def widening(folder: Path = QUESTIONS) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """What makes of some records all that are as right: those merged with them, those that say the same."""
    same: dict[str, set[str]] = defaultdict(set)
    for one, other in read_yaml(folder / "equivalents.yml"):
        same[one].add(other)
        same[other].add(one)
    for record in load().records.values():
        for merged in record.merges:
            same[merged].add(record.id)

    def widened(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*ids, *(other for name in ids for other in sorted(same[name]))]))

    return widened


def judge(question: Question, turn: Turn) -> Result:
    """Say whether the turn was right.

    An office is right when one of those said is the one wanted; a question for the place is right when none was named, else an offer.
    Outside the scope, small talk in place of a refusal counts as refused: no fact was given. An offer counts as offered, not as right.
    """
    intent = str((turn.parsed.get("intent") or {}).get("name", ""))
    decision = turn.slots.get("decision") or {}
    office = intent == FIND_OFFICE
    asked = (
        office or intent.startswith("ask_") and intent != "ask_source" or intent in ("out_of_scope", "nlu_fallback", *ON_THE_WAY) or intent.startswith("seek_")
    )
    outcome = decision.get("outcome") if asked else None
    records = tuple(decision.get("records", ())) if asked else ()
    expected = question.language or reply_language(Variety(question.variety))
    right_language = conversation_language(turn.slots) == expected
    if outcome == Outcome.ANSWER.value:
        verdict = Verdict.RIGHT if records[0] in question.expect + question.also else Verdict.WRONG_FACT
    elif office and records:
        verdict = Verdict.RIGHT if set(records[:SAID]) & set(question.expect) else Verdict.WRONG_FACT
    elif office and question.area == OFFICES:
        verdict = Verdict.REFUSED if question.expect else Verdict.RIGHT
    elif office or outcome in (Outcome.OFFER.value, MENU):
        verdict = Verdict.OFFERED
    elif question.area in OUTSIDE:
        verdict = Verdict.REFUSED
    elif question.area == "smalltalk":
        verdict = Verdict.RIGHT if intent in question.expect else Verdict.REFUSED if asked else Verdict.OTHER
    else:
        verdict = Verdict.REFUSED if asked else Verdict.OTHER
    second = decision.get("second") if asked else None
    said = {*(records if outcome == Outcome.OFFER.value else records[:1]), second}
    buttons = {record for button in turn.buttons for record in _RECORD.findall(button["payload"])}
    within_reach = _answers_both(question, said | buttons) if verdict in (Verdict.RIGHT, Verdict.OFFERED) else False
    nearest = tuple(decision.get("nearest", ())) if verdict is Verdict.REFUSED and outcome == Outcome.REFUSE.value else ()
    return Result(question, verdict, records or (intent,), right_language, second, _answers_both(question, said), within_reach, nearest)


def _answers_both(question: Question, records: Collection[str | None]) -> bool:
    """Whether the records answer both of two questions in one message."""
    return any(record in records for record in question.expect) and any(record in records for record in question.also)


async def ask_all(assistant: Assistant, questions: Iterable[Question]) -> list[Result]:
    """Ask each question in a conversation of its own."""
    results = []
    for number, question in enumerate(questions):
        turn = await assistant.say(f"evaluation-{number}-{question.text[:20]}", question.text)
        results.append(judge(question, turn))
    return results


def _table(results: Sequence[Result], key: str) -> list[str]:
    groups = sorted({getattr(result.question, key) for result in results})
    lines = [f"{key:16}{'n':>5}" + "".join(f"{verdict.value:>12}" for verdict in Verdict) + f"{'language':>10}"]
    for group in [*groups, "all"]:
        members = [result for result in results if group in ("all", getattr(result.question, key))]
        counts = Counter(result.verdict for result in members)
        shares = "".join(f"{counts[verdict] / len(members):12.1%}" for verdict in Verdict)
        lines.append(f"{group:16}{len(members):5}{shares}{sum(r.right_language for r in members) / len(members):10.1%}")
    return lines


def _right_by_area_and_variety(results: Sequence[Result]) -> list[str]:
    varieties = sorted({result.question.variety for result in results})
    lines = [f"{'area':16}" + "".join(f"{variety:>16}" for variety in varieties)]
    for area in sorted({result.question.area for result in results}):
        cells = []
        for variety in varieties:
            members = [result for result in results if (result.question.area, result.question.variety) == (area, variety)]
            right = sum(result.verdict is Verdict.RIGHT for result in members)
            cells.append(f"{right / len(members):.1%} of {len(members)}" if members else "-")
        lines.append(f"{area:16}" + "".join(f"{cell:>16}" for cell in cells))
    return lines


def _second_questions(results: Sequence[Result]) -> list[str]:
    """How many of two questions in one message were both found, and how many single questions were given a second one that they do not ask."""
    double = [result for result in results if result.question.also]
    single = [result for result in results if not result.question.also]
    stray = [result.second for result in single if result.second and result.second not in result.question.expect]
    both, within_reach = sum(result.both for result in double), sum(result.within_reach for result in double)
    return [
        f"two questions in one message: both found {both} of {len(double)}, with the buttons under the answer {within_reach}",
        f"one question, a second one announced that is not expected: {len(stray)} of {len(single)}",
    ]


def report(results: Sequence[Result], share: str) -> str:
    """The figures of one share, per area and, for questions of fact, per variety; for the open share also what went wrong."""
    lines = [f"== {share} share: {len(results)} questions", *_table(results, "area"), ""]
    facts = [result for result in results if result.question.area not in (*OUTSIDE, *SHAPES, OFFICES, SENT, "smalltalk")]
    if facts:
        lines += ["questions of fact by when they were written:", *_table(facts, "written"), ""]
        lines += ["questions of fact by variety:", *_table(facts, "variety"), ""]
        lines += ["right, by area and variety:", *_right_by_area_and_variety(facts), ""]
    offices = [result for result in results if result.question.area == OFFICES]
    if offices:
        lines += ["where an office is, by variety:", *_table(offices, "variety"), ""]
    shapes = [result for result in results if result.question.area in SHAPES]
    if shapes:
        lines += ["hard shapes by when they were written:", *_table(shapes, "written"), ""]
        lines += ["hard shapes, by variety:", *_table(shapes, "variety"), ""]
    sent = [result for result in results if result.question.area == SENT]
    if sent:
        among, begun = sum(result.among for result in sent), sum(result.begun for result in sent)
        lines += ["messages as people send them, by variety:", *_table(sent, "variety")]
        near = sum(bool(set(result.question.expect).intersection(result.nearest)) for result in sent)
        lines += [f"with a right record among those offered: {among}; refused with a right one among the nearest: {near}"]
        lines += [f"in place of an answer a journey was begun (refused or other): {begun} (of {len(sent)})", ""]
    lines += [*_second_questions(results), ""]
    outside = [result for result in results if result.question.area in OUTSIDE]
    if outside:
        lines += ["outside the scope by when they were written:", *_table(outside, "written"), ""]
        lines += ["outside the scope by variety:", *_table(outside, "variety"), ""]
        lines += [f"refused, with a record shown as the nearest: {sum(bool(result.nearest) for result in outside)} of {len(outside)}", ""]
    if share == "open":
        lines.append("what went wrong (open share only):")
        for result in results:
            right = Verdict.REFUSED if result.question.area in OUTSIDE else Verdict.RIGHT
            if result.verdict is not right:
                wanted, got = ",".join(result.question.expect), ",".join(result.got)
                lines.append(f"  {result.verdict.value:10} {result.question.variety:8} {result.question.text!r} wanted {wanted} got {got}")
    return "\n".join(lines)
