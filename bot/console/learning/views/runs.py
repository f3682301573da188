"""Runs: begun, watched, decided upon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.accounts.models import Staff
from bot.console.conversations.models import VARIETIES
from bot.console.learning import files, runs
from bot.console.learning.forms import StartForm
from bot.console.learning.meaning import meant_by
from bot.console.learning.models import Run, RunState
from bot.console.learning.refusals import broken
from bot.console.learning.results import OUTCOME_LABELS, OUTCOMES, Share, judgement
from bot.knowledge.records import KnowledgeError
from bot.model_use import is_taken
from bot.settings import settings

#: Runs on the page of all runs.
_MOST = 50


@requires(roles.TRAIN)
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    """All runs, the latest first."""
    runs.give_up_the_dead()
    found = [(run, judgement(run.results) if run.results else None) for run in Run.objects.select_related("started_by", "decided_by")[:_MOST]]
    return render(request, "learning/runs.html", {"runs": found, "used": runs.last_promoted(), "taken": is_taken(settings()), "tab": "runs"})


@requires(roles.TRAIN)
@require_POST
def start(request: StaffRequest) -> HttpResponseBase:
    """Begin a run with all approved lines."""
    form = StartForm(request.POST)
    try:
        run = runs.start(request.user, form.extent_wanted())
    except runs.Refused as refused:
        messages.error(request, str(refused))
        return redirect("learning_next")
    except KnowledgeError as error:
        messages.error(request, broken(error))
        return redirect("learning_next")
    audit.record(request.user, "run.started", str(run.pk), lines=len(run.lines), extent=run.extent)
    return redirect("learning_run", run.pk)


def _context(number: int) -> dict[str, Any]:
    runs.give_up_the_dead()
    run = get_object_or_404(Run.objects.select_related("started_by", "decided_by"), pk=number)
    used = runs.last_promoted()
    is_used = used is not None and used.pk == run.pk
    became = run.results.get("lines") or [None] * len(run.lines)
    lines = [(line, *meant_by(line), outcomes) for line, outcomes in zip(runs.lines_of(run), became)]
    context = {"run": run, "lines": lines, "in_use": is_used, "tab": "runs"}
    taken = is_taken(settings())
    context |= {"taken": taken, "waits": is_used and taken is False, "back": is_used and files.previous(run.pk).model.exists()}
    if run.results:
        context |= {"judgement": judgement(run.results), "tables": _tables(run.results["shares"])}
        context |= {name: [_labelled(change) for change in run.results[name]] for name in ("better", "worse")}
    return context


def _labelled(change: dict[str, Any]) -> dict[str, Any]:
    """A question whose outcome changed, with the outcomes in words."""
    return {**change, **{model: {**change[model], "label": OUTCOME_LABELS[change[model]["outcome"]]} for model in ("old", "new")}}


def _tables(shares: dict[str, Any]) -> list[dict[str, Any]]:
    """The counts of each share, over all varieties and for each."""
    columns = list(reversed(OUTCOMES))
    found = []
    for share in Share.values:
        if share in shares:
            counts = shares[share]
            rows = [(VARIETIES.get(variety, variety), counted) for variety, counted in counts["varieties"].items()]
            cells = [{"title": title, "n": row["n"], "cells": [(row["old"][name], row["new"][name]) for name in columns]} for title, row in rows]
            total = {"title": _("Toutes"), "n": counts["n"], "cells": [(counts["old"][name], counts["new"][name]) for name in columns]}
            found.append({"title": Share(share).label, "share": share, "columns": [OUTCOME_LABELS[name] for name in columns], "rows": [total, *cells]})
    return found


@requires(roles.TRAIN)
@require_GET
def one(request: StaffRequest, number: int) -> HttpResponseBase:
    """A run: how far it is, then what came out."""
    context = _context(number)
    audit.record(request.user, "run.read", str(number))
    return render(request, "learning/run.html", context)


@requires(roles.TRAIN)
@require_GET
def state(request: StaffRequest, number: int) -> HttpResponseBase:
    """The part of a run's page that changes by itself."""
    return render(request, "learning/_run.html", _context(number))


def _decision(request: StaffRequest, number: int, decide: Callable[[int, Staff], Run], done: dict[str, str]) -> HttpResponseBase:
    try:
        run = decide(number, request.user)
    except Run.DoesNotExist as missing:
        raise Http404 from missing
    except runs.Refused as refused:
        messages.error(request, str(refused))
    else:
        audit.record(request.user, f"run.{run.state}", str(number), lines=len(run.lines))
        messages.success(request, done[run.state])
    return redirect("learning_run", number)


@requires(roles.PROMOTE)
@require_POST
def promote(request: StaffRequest, number: int) -> HttpResponseBase:
    """Have the bot use a run's model."""
    done = {RunState.PROMOTED.value: _("Le nouveau modèle est en service : le bot le prend en quelques secondes, sans s'arrêter.")}
    return _decision(request, number, runs.promote, done)


@requires(roles.PROMOTE)
@require_POST
def discard(request: StaffRequest, number: int) -> HttpResponseBase:
    """Leave a run's model aside."""
    return _decision(request, number, runs.discard, {RunState.DISCARDED.value: _("Le modèle est écarté. Ses phrases restent approuvées.")})


@requires(roles.PROMOTE)
@require_POST
def take_back(request: StaffRequest, number: int) -> HttpResponseBase:
    """Have the bot use the model before a run's again."""
    done = {RunState.ROLLED_BACK.value: _("Le modèle précédent est de nouveau en service. Les phrases de cet entraînement restent approuvées.")}
    return _decision(request, number, runs.take_back, done)
