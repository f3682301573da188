"""Runs: started, given up for dead, promoted, discarded, taken back; and their files.

The files of a run are below `models/runs/<number>/` of the data directory: the new model with its mark and its learnt lines, and in `previous/`
those that it replaced. What the servers use is exchanged in one place only (bot/training.py).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.console.accounts.models import Staff
from bot.console.learning.corrections import learnable, waiting
from bot.console.learning.models import ACTIVE, SILENT, Correction, Reason, Run, RunState
from bot.environment import rasa_environment
from bot.learnt import LearntLine
from bot.nlu.fingerprint import training_hash
from bot.paths import ROOT
from bot.settings import settings
from bot.training import ModelFiles, in_use, is_current, keep, kept_in, put_in_place

#: The files of so many runs are kept.
_KEPT = 5


class Refused(Exception):
    """It cannot be done now; the message says why, for staff."""


def folder(run: int) -> Path:
    """Where the files of a run are."""
    return settings().models_dir / "runs" / str(run)


def previous(run: int) -> ModelFiles:
    """The files that a run's model replaced."""
    return kept_in(folder(run) / "previous")


def lines_of(run: Run) -> list[LearntLine]:
    """The lines that a run learns beside those that are learnt already."""
    return [LearntLine(**{name: value for name, value in line.items() if name != "correction"}) for line in run.lines]


def give_up_the_dead() -> None:
    """Call runs failed whose process was not heard of for a while."""
    dead = Run.objects.filter(state__in=ACTIVE, heard_at__lt=timezone.now() - SILENT)
    dead.update(state=RunState.FAILED, reason=Reason.DIED, ended_at=timezone.now())


def start(staff: Staff) -> Run:
    """Begin a run with all approved lines, in a process of its own.

    Raises:
        Refused: see `begin`.
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    run = begin(staff)
    _spawn(run.pk)
    return run


def begin(staff: Staff) -> Run:
    """A run with all approved lines, whose work is still to be done.

    One that waits for its decision is discarded: the new one learns its lines too.

    Raises:
        Refused: one is under way, nothing is approved, or the model in use is out of date.
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    give_up_the_dead()
    if not is_current(settings()):
        raise Refused(_("Le modèle en service n'est pas à jour. Redémarrez Dalil, puis réessayez."))
    corrections = learnable(waiting())
    if not corrections:
        raise Refused(_("Aucune phrase approuvée n'attend d'être apprise."))
    lines = [{**correction.line.dict(exclude_none=True), "correction": correction.pk} for correction in corrections]
    try:
        with transaction.atomic():
            run = Run.objects.create(started_by=staff, lines=lines, inputs=training_hash())
            older = Run.objects.filter(state=RunState.READY)
            older.update(state=RunState.DISCARDED, reason=Reason.REPLACED, decided_by=staff, decided_at=timezone.now())
    except IntegrityError as error:
        raise Refused(_("Un entraînement est déjà en cours.")) from error
    tidy()
    return run


def _spawn(run: int) -> None:
    """Start the process of a run; it outlives this one."""
    current = settings()
    log = current.data_dir / "log" / "learning.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**rasa_environment(current), "DALIL_DATA_DIR": str(current.data_dir)}
    command = [sys.executable, "-m", "bot.console.learning.run", str(run)]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    threading.Thread(target=process.wait, name=f"run {run}", daemon=True).start()  # else it stays as a zombie


def promote(run: int, staff: Staff) -> Run:
    """Have the servers use a run's model.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: it is not ready, or what it was compared with has changed.
    """
    with transaction.atomic():
        found = Run.objects.select_for_update().get(pk=run)
        if found.state != RunState.READY:
            raise Refused(_("Ce modèle n'attend plus de décision."))
        made, used, begun = kept_in(folder(run)), in_use(settings()), previous(run)
        if not made.fit:
            raise Refused(_("Dalil a été mis à jour depuis cet entraînement. Entraînez un nouveau modèle."))
        # Where a promotion was interrupted between the files and the database, it is done again.
        if not begun.model.exists() and training_hash(used.lines) != found.inputs:
            raise Refused(_("Ce que Dalil a appris a changé depuis cet entraînement. Entraînez un nouveau modèle."))
        corrections = Correction.objects.filter(pk__in=[line["correction"] for line in found.lines], state=Correction.State.APPROVED)
        if corrections.count() != len(found.lines):
            raise Refused(_("Une phrase de cet entraînement a été retirée. Entraînez un nouveau modèle."))
        keep(used, begun.model.parent)
        put_in_place(made, used)
        corrections.update(state=Correction.State.LEARNT, run=found)
        return _decided(found, RunState.PROMOTED, staff)


def discard(run: int, staff: Staff) -> Run:
    """Leave a run's model aside; its lines stay approved.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: it is not ready.
    """
    with transaction.atomic():
        found = Run.objects.select_for_update().get(pk=run)
        if found.state != RunState.READY:
            raise Refused(_("Ce modèle n'attend plus de décision."))
        if (begun := previous(run)).model.exists():  # a promotion that was interrupted
            put_in_place(begun, in_use(settings()))
        return _decided(found, RunState.DISCARDED, staff)


def last_promoted() -> Run | None:
    """The run whose model is in use; None where that is the release's own."""
    return Run.objects.filter(state=RunState.PROMOTED).order_by("-id").first()


def take_back(run: int, staff: Staff) -> Run:
    """Have the servers use the model before a run's again; its lines are approved and not learnt.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: its model is not the one in use, or the one before does not fit any more.
    """
    with transaction.atomic():
        found = Run.objects.select_for_update().get(pk=run)
        last = last_promoted()
        if last is None or last.pk != run:
            raise Refused(_("Ce modèle n'est pas celui qui est en service."))
        before, used, made = previous(run), in_use(settings()), kept_in(folder(run))
        if not before.fit:
            raise Refused(_("Dalil a été mis à jour depuis : le modèle précédent ne lui convient plus."))
        if training_hash(used.lines) not in (training_hash(made.lines), training_hash(before.lines)):
            raise Refused(_("Les phrases apprises ont été changées à la main depuis : un retour en arrière les perdrait."))
        put_in_place(before, used)
        found.corrections.update(state=Correction.State.APPROVED, run=None)
        return _decided(found, RunState.ROLLED_BACK, staff)


def _decided(run: Run, state: RunState, staff: Staff) -> Run:
    run.state, run.decided_by, run.decided_at = state, staff, timezone.now()
    run.save()
    return run


def tidy() -> None:
    """Delete the files of all runs but the latest; those of the model in use stay, for the way back."""
    used = last_promoted()
    kept = set(Run.objects.order_by("-id").values_list("pk", flat=True)[:_KEPT]) | ({used.pk} if used else set())
    runs = settings().models_dir / "runs"
    for path in runs.iterdir() if runs.exists() else ():
        if path.name.isdecimal() and int(path.name) not in kept:
            shutil.rmtree(path, ignore_errors=True)
