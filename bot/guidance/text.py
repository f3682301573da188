"""From a journey's result to the text a person reads, in the three reply languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.guidance.checklist import Checklist, ShownStep
from bot.guidance.choosing import Advice, Effect, Rule
from bot.guidance.journeys import Journey
from bot.guidance.matching import Condition, Match
from bot.guidance.profile import NUMBERS, Profile
from bot.guidance.questions import SKIP, questions, title_of
from bot.guidance.values import number_of, said
from bot.guidance.words import BOUNDS, BULLET, COMMA, CREATED, JOURNEYS, KINDS, SHARING, TEXTS, UNITS
from bot.knowledge.store import Knowledge
from bot.knowledge.text import figure, source_line, status_line
from bot.places.regions import places
from bot.places.text import reach

#: How many reasons are said for and against a form.
REASONS = 3
#: How many choices of a condition are named.
_NAMED = 4
_AND_MORE = "..."


def form_name(knowledge: Knowledge, form: str, language: str) -> str:
    """What a legal form is called."""
    return title_of(questions()["form"], knowledge, form, language) or knowledge.subjects[form].title.get(language)


def reasons(knowledge: Knowledge, rules: Sequence[Rule], language: str, most: int = REASONS) -> list[str]:
    """The first reasons, a line each."""
    return [BULLET + said(knowledge, rule.text, language) for rule in rules[:most]]


def advice_text(knowledge: Knowledge, advice: Sequence[Advice], language: str) -> str:
    """The recommendation: the best form with reasons for and against, the next ones, the impossible ones, what it rests on."""
    t = TEXTS[language]
    best, possible = advice[0], [each for each in advice if not each.excluded]
    lines = [t["advice"].format(form=form_name(knowledge, best.form, language))]
    if best.reasons_for:
        lines += [t["for"], *reasons(knowledge, best.reasons_for, language)]
    if best.reasons_against:
        lines += [t["against"], *reasons(knowledge, best.reasons_against, language, REASONS - 1)]
    names = COMMA[language].join(form_name(knowledge, each.form, language) for each in possible[1:3] if each.score >= 0)
    out = COMMA[language].join(form_name(knowledge, each.form, language) for each in advice if each.excluded)
    lines += [t["then"].format(forms=names)] * bool(names) + [t["impossible"].format(forms=out)] * bool(out)
    return "\n".join([*lines, "", _basis(knowledge, [*best.reasons_for, *best.reasons_against], language)])


def why_text(knowledge: Knowledge, advice: Advice, language: str) -> str:
    """Why a form was or was not advised."""
    t = TEXTS[language]
    lines = [t["why"].format(form=form_name(knowledge, advice.form, language))]
    impossible = [rule for rule in advice.reasons_against if rule.effect is Effect.EXCLUDES]
    drawbacks = [rule for rule in advice.reasons_against if rule.effect is not Effect.EXCLUDES]
    if impossible:
        lines += [t["excluded"], *reasons(knowledge, impossible, language)]
    if drawbacks:
        lines += [t["against"], *reasons(knowledge, drawbacks, language)]
    if advice.reasons_for:
        lines += [t["for"], *reasons(knowledge, advice.reasons_for, language)]
    if len(lines) == 1:
        lines.append(t["no_reason"])
    return "\n".join([*lines, "", _basis(knowledge, [*advice.reasons_against, *advice.reasons_for], language)]).strip()


def _basis(knowledge: Knowledge, rules: Sequence[Rule], language: str) -> str:
    """The source line of the first record that the reasons rest on."""
    return source_line(knowledge.records[rules[0].record], language) if rules else ""


def condition_text(condition: Condition, knowledge: Knowledge, language: str) -> str:
    """What a condition asks, in a few words."""
    if condition.field in NUMBERS:
        both, least, most = BOUNDS[condition.field][language]
        low = _number(knowledge, condition.min, language)
        high = _number(knowledge, condition.max, language)
        exists = CREATED[condition.created][language] if condition.created is not None else ""
        bounds = (both if low and high else least if low else most).format(min=low, max=high) if low or high else ""
        return COMMA[language].join(part for part in (exists, bounds) if part)
    values = condition.one_of or []
    if condition.field == "place":
        names = [places()[value].name(language) for value in values]
    else:
        names = [title_of(questions()[condition.field], knowledge, value, language) or value for value in values]
    return " / ".join(names[:_NAMED]) + (_AND_MORE if len(names) > _NAMED else "")


def _held(condition: Condition, profile: Profile, knowledge: Knowledge, language: str) -> str:
    """A condition that holds, as what was said of oneself."""
    if condition.field in NUMBERS:
        return condition_text(condition, knowledge, language)
    return answer_text(condition.field, getattr(profile, condition.field), knowledge, language)


def _number(knowledge: Knowledge, reference: str | None, language: str) -> str:
    if reference is None:
        return ""
    number = number_of(knowledge, reference)
    return figure(int(number) if number == int(number) else number, language)


def _gives(match: Match, knowledge: Knowledge, language: str) -> str:
    """The figures of an offer in one line."""
    t, gives = TEXTS[language], match.offer.gives
    low, high = _number(knowledge, gives.min_dh, language), _number(knowledge, gives.max_dh, language)
    parts = []
    if low or high:
        parts.append(t["amount_range" if low and high else "amount_max" if high else "amount_min"].format(min=low, max=high))
    for name, key, reference in (
        ("share", "share", gives.share_pct),
        ("own", "own", gives.own_share_pct),
        ("rate", "rate", gives.rate_pct),
        ("months", "months", gives.months),
    ):
        if reference:
            parts.append(t[key].format(**{name: _number(knowledge, reference, language)}))
    if gives.price_dh:
        price = number_of(knowledge, gives.price_dh)
        parts.append(t["price"].format(price=_number(knowledge, gives.price_dh, language)) if price else t["free"])
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]


def offer_text(match: Match, profile: Profile, knowledge: Knowledge, language: str) -> str:
    """One offer: what it is, what it gives, why it fits, what is to be checked, how to apply, source and date."""
    t, offer = TEXTS[language], match.offer
    record = knowledge.records[offer.record]
    good = COMMA[language].join(dict.fromkeys(_held(condition, profile, knowledge, language) for condition in match.holds))
    open_ = COMMA[language].join(condition_text(condition, knowledge, language) for condition in match.open_)
    status = status_line(knowledge.records[offer.state or offer.record], language) or status_line(record, language)
    lines = [
        f"{offer.name.get(language)} ({KINDS[offer.kind][language]})",
        said(knowledge, offer.what, language),
        _gives(match, knowledge, language),
        t["fits"].format(reasons=good) if good else "",
        t["missing"].format(reasons=open_) if open_ else "",
        t["how"].format(apply=said(knowledge, offer.apply, language)),
    ]
    parts = [status, "\n".join(line for line in lines if line), source_line(record, language)]
    return "\n\n".join(part for part in parts if part)


def overview_text(
    matches: Sequence[Match], shut: Sequence[Match], knowledge: Knowledge, language: str, training: bool, here: Sequence[Match], before: int
) -> str:
    """The offers found, a line each; what is closed; what to do where there is none.

    Args:
        matches: all that were found.
        shut: what would fit and is closed.
        knowledge: where the figures stand.
        language: in which reply language.
        training: whether they are trainings.
        here: those of this page.
        before: how many stand on the pages before.
    """
    t = TEXTS[language]
    if not matches:
        lines = [t["nothing_training" if training else "nothing"], t["change"]]
    else:
        lines = [t["found_one"] if len(matches) == 1 else t["found"].format(count=len(matches))]
        lines += [f"{number}. {_one_line(match, knowledge, language)}" for number, match in enumerate(here, before + 1)]
    names = COMMA[language].join(match.offer.name.get(language) for match in shut[:2])
    return "\n".join([*lines, *([t["closed"].format(names=names)] if names else [])])


def _one_line(match: Match, knowledge: Knowledge, language: str) -> str:
    most = _number(knowledge, match.offer.gives.max_dh, language)
    unit = "DH" if language == "fr" else "درهم"
    about = f"{KINDS[match.offer.kind][language]}{f' ({most} {unit})' if most else ''}"
    return f"{match.offer.name.get(language)}: {about}" if language != "fr" else f"{match.offer.name.get(language)} : {about}"


def progress_text(checklist: Checklist, knowledge: Knowledge) -> str:
    """How far somebody is, and the next step in full."""
    t, language = TEXTS[checklist.language], checklist.language
    place = t["in"].format(place=places()[checklist.place].name(language)) if checklist.place in places() else ""
    form = form_name(knowledge, checklist.form, language)
    head = t["progress"].format(form=form, place=place, done=checklist.done, count=len(checklist.steps))
    return "\n\n".join([head, step_text(checklist.next, language) if checklist.next else t["all_done"]])


def step_text(step: ShownStep, language: str) -> str:
    """One step: what to do, what to bring, where, cost, delay, source."""
    t = TEXTS[language]
    lines = [t["next"].format(number=step.number, title=step.title), step.do]
    if step.documents:
        lines += [t["documents"], *(BULLET + document for document in step.documents)]
    if step.office:
        lines.append(t["where"].format(office=reach(step.office, language)))
    elif step.office_title:
        lines.append(t["where"].format(office=step.office_title))
    lines += [t["cost"].format(cost=step.cost)] * bool(step.cost) + [t["delay"].format(delay=step.delay)] * bool(step.delay)
    parts = [step.warning, "\n".join(lines), step.source]
    return "\n\n".join(part for part in parts if part)


def sector_name(sector: str | None, knowledge: Knowledge, language: str) -> str | None:
    """What a sector is called; None where none is known."""
    return title_of(questions()["sector"], knowledge, sector, language) if sector else None


def document_name(checklist: Checklist, knowledge: Knowledge) -> str:
    """What the document is called: the file's name on somebody's telephone."""
    return f"{form_name(knowledge, checklist.form, checklist.language)}.pdf"


def steps_text(checklist: Checklist) -> str:
    """All steps, a line each: ticked or not."""
    t = TEXTS[checklist.language]
    lines: list[str] = []
    for step in checklist.steps:
        if step.after and not (lines and any(earlier.after for earlier in checklist.steps[: step.number - 1])):
            lines.append(t["after"])
        lines.append(f"{'☑' if step.done else '☐'} {step.number}. {step.title}")
    return "\n".join(lines)


def journey_name(journey: Journey, language: str) -> str:
    """What a journey is called on a button."""
    return JOURNEYS[journey][language]


def resume_text(journey: Journey, answers: Mapping[str, Any], order: Sequence[str], knowledge: Knowledge, language: str) -> str:
    """Where somebody was, and what they have said so far."""
    t = TEXTS[language]
    told = [answer_text(field, answers[field], knowledge, language) for field in order if answers.get(field) not in (None, SKIP)]
    lines = [t["resume"].format(journey=journey_name(journey, language))]
    return "\n".join([*lines, t["so_far"].format(answers=COMMA[language].join(told))] if told else lines)


def answer_text(field: str, value: Any, knowledge: Knowledge, language: str) -> str:
    """An answer as it is said back: the option's title, the place's name, the number with its unit."""
    if field == "place":
        return places()[value].name(language) if value in places() else str(value)
    if title := title_of(questions()[field], knowledge, value, language):
        return title if field != "sharing" else f"{SHARING[language]}: {title}"
    unit = UNITS.get(field, {}).get(language, "")
    return f"{figure(value, language)} {unit}".strip() if isinstance(value, int) else str(value)
