"""How a new model answers the questions of the evaluation, beside the one in use. Pure: what was asked and answered in, plain data out.

Of the sealed share only counts are kept: its questions are shown nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bot.console.learning.results import OUTCOMES, SHOWN, Share
from bot.evaluation import OUTSIDE, Result, Verdict


def outcome(result: Result) -> str:
    """What became of a question: outside the scope a refusal is right, elsewhere whatever gives no record counts as a refusal."""
    if result.verdict is Verdict.RIGHT or (result.verdict is Verdict.REFUSED and result.question.area in OUTSIDE):
        return "right"
    return {Verdict.WRONG_FACT: "wrong", Verdict.OFFERED: "offered"}.get(result.verdict, "refused")


def compare(old: Mapping[str, Sequence[Result]], new: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """The results of a run.

    Args:
        old: share -> what the model in use made of its questions.
        new: the same of the new model, in the same order.

    Returns:
        `shares`: share -> counts of outcomes, how many questions came to be or ceased to be right or wrong, and the counts of each variety;
        `better` and `worse`: the questions whose outcome changed, of the shares whose questions may be shown; `lines`: what became of each
        learnt line before and after.
    """
    shares = {share: _share(old[share], new[share]) for share in old if old[share]}
    changed: dict[str, list[dict[str, Any]]] = {"better": [], "worse": []}
    for before, after in ((before, after) for share in SHOWN for before, after in zip(old.get(share, ()), new.get(share, ()))):
        step = OUTCOMES.index(outcome(after)) - OUTCOMES.index(outcome(before))
        if step:
            changed["better" if step > 0 else "worse"].append(_change(before, after))
    lines = [{"old": outcome(before), "new": outcome(after)} for before, after in zip(old.get(Share.LEARNT, ()), new.get(Share.LEARNT, ()))]
    return {"shares": shares, "lines": lines, **changed}


def _share(old: Sequence[Result], new: Sequence[Result]) -> dict[str, Any]:
    varieties: dict[str, list[tuple[Result, Result]]] = defaultdict(list)
    for before, after in zip(old, new):
        varieties[before.question.variety].append((before, after))
    counted = {variety: _counts(*zip(*pairs)) for variety, pairs in sorted(varieties.items())}
    changed = {name: sum((outcome(before) == name) != (outcome(after) == name) for before, after in zip(old, new)) for name in ("right", "wrong")}
    return {**_counts(old, new), "changed": changed, "varieties": counted}


def _counts(old: Sequence[Result], new: Sequence[Result]) -> dict[str, Any]:
    return {"n": len(old), "old": _outcomes(old), "new": _outcomes(new)}


def _outcomes(results: Sequence[Result]) -> dict[str, int]:
    found = [outcome(result) for result in results]
    return {name: found.count(name) for name in OUTCOMES}


def _change(before: Result, after: Result) -> dict[str, Any]:
    question = before.question
    return {
        "text": question.text,
        "variety": question.variety,
        "expect": question.expect[0],
        "old": {"outcome": outcome(before), "got": before.got[0]},
        "new": {"outcome": outcome(after), "got": after.got[0]},
    }
