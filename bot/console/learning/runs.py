"""Runs: started, given up for dead, promoted, discarded, taken back.

Whatever exchanges the files that the servers use holds them (files.py). They are copied before a transaction is open, and renamed last in it:
where that is interrupted the database still says what was before, and the next decision brings the files in step with it.
"""

from __future__ import annotations

import subprocess
import sys
import threading

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.console.accounts.models import Staff
from bot.console.learning import files
from bot.console.learning.corrections import learnable, waiting
from bot.console.learning.models import ACTIVE, SILENT, Correction, Extent, Reason, Run, RunState
from bot.environment import rasa_environment
from bot.learnt import LearntLine
from bot.nlu.fingerprint import training_hash
from bot.paths import ROOT
from bot.settings import settings
from bot.training import exchange, in_use, is_current, keep, stage

#: The files of so many runs are kept.
_KEPT = 5


class Refused(Exception):
    """It cannot be done now; the message says why, for staff."""


def lines_of(run: Run) -> list[LearntLine]:
    """The lines that a run learns beside those that are learnt already."""
    return [LearntLine(**{name: value for name, value in line.items() if name != "correction"}) for line in run.lines]


def give_up_the_dead() -> None:
    """Call runs failed whose process was not heard of for a while."""
    dead = Run.objects.filter(state__in=ACTIVE, heard_at__lt=timezone.now() - SILENT)
    dead.update(state=RunState.FAILED, reason=Reason.DIED, ended_at=timezone.now())


def start(staff: Staff, extent: int) -> Run:
    """Begin a run with all approved lines, in a process of its own.

    Raises:
        Refused: see `begin`.
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    run = begin(staff, extent)
    _spawn(run.pk)
    return run


def begin(staff: Staff, extent: int = Extent.ALL) -> Run:
    """A run with all approved lines, whose work is still to be done.

    One that waits for its decision is discarded: the new one learns its lines too.

    Args:
        staff: who begins it.
        extent: one in how many questions both models are asked.

    Raises:
        Refused: one is under way, nothing is approved, or the model in use is out of date.
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    with files.alone():
        give_up_the_dead()
        for number in Run.objects.filter(state=RunState.READY).values_list("pk", flat=True):
            files.mend(number)
        if not is_current(settings()):
            raise Refused(_("Le modèle en service n'est pas à jour. Redémarrez Dalil, puis réessayez."))
        corrections = learnable(waiting())
        if not corrections:
            raise Refused(_("Aucune phrase approuvée n'attend d'être apprise."))
        lines = [{**correction.line.dict(exclude_none=True), "correction": correction.pk} for correction in corrections]
        try:
            with transaction.atomic():
                run = Run.objects.create(started_by=staff, extent=extent, lines=lines, inputs=training_hash())
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


def _ready(run: int) -> Run:
    """A run that waits for its decision, its files in step with the database.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: it is not ready.
    """
    found = Run.objects.get(pk=run)
    if found.state != RunState.READY:
        raise Refused(_("Ce modèle n'attend plus de décision."))
    files.mend(run)
    return found


def _approved(run: Run) -> QuerySet[Correction]:
    """The corrections of a run that wait to be learnt."""
    return Correction.objects.filter(pk__in=[line["correction"] for line in run.lines], state=Correction.State.APPROVED)


def _check(run: Run) -> None:
    """Refuse a model where what it was trained on, or compared with, has changed.

    Raises:
        Refused: it has.
    """
    if not files.made_by(run.pk).fit:
        raise Refused(_("Dalil a été mis à jour depuis cet entraînement. Entraînez un nouveau modèle."))
    if training_hash(in_use(settings()).lines) != run.inputs:
        raise Refused(_("Ce que Dalil a appris a changé depuis cet entraînement. Entraînez un nouveau modèle."))
    if _approved(run).count() != len(run.lines):
        raise Refused(_("Une phrase de cet entraînement a été retirée. Entraînez un nouveau modèle."))
    # What was trained may have become a question that every model is asked: with this one its answer would measure nothing.
    theirs = {line["correction"] for line in run.lines}
    for entry in waiting():
        if entry.fault and entry.correction.pk in theirs:
            values = {"text": entry.correction.text, "fault": entry.fault}
            raise Refused(_("« %(text)s » ne peut plus être apprise. %(fault)s Entraînez un nouveau modèle.") % values)


def promote(run: int, staff: Staff) -> Run:
    """Have the servers use a run's model.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: it is not ready, or what it was trained on or compared with has changed.
    """
    with files.alone():
        found, used = _ready(run), in_use(settings())
        _check(found)
        keep(used, files.previous(run).model.parent)
        staged = stage(files.made_by(run), used)
        with transaction.atomic():
            _check(found)  # again: copying took a while
            if _approved(found).update(state=Correction.State.LEARNT, run=found) != len(found.lines):
                raise Refused(_("Une phrase de cet entraînement a été retirée. Entraînez un nouveau modèle."))
            _decide(found, RunState.PROMOTED, staff)
            exchange(staged, used)
    return found


def discard(run: int, staff: Staff) -> Run:
    """Leave a run's model aside; its lines stay approved.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: it is not ready.
    """
    with files.alone():
        found = _ready(run)
        _decide(found, RunState.DISCARDED, staff)
    return found


def last_promoted() -> Run | None:
    """The run whose model is in use; None where that is the release's own."""
    return Run.objects.filter(state=RunState.PROMOTED).order_by("-id").first()


def take_back(run: int, staff: Staff) -> Run:
    """Have the servers use the model before a run's again; its lines are approved and not learnt.

    Raises:
        Run.DoesNotExist: there is no such run.
        Refused: its model is not the one in use, or the one before does not fit any more.
    """
    with files.alone():
        found, last = Run.objects.get(pk=run), last_promoted()
        if last is None or last.pk != run:
            raise Refused(_("Ce modèle n'est pas celui qui est en service."))
        before, used = files.previous(run), in_use(settings())
        if not before.fit:
            raise Refused(_("Dalil a été mis à jour depuis : le modèle précédent ne lui convient plus."))
        if training_hash(used.lines) not in (training_hash(files.made_by(run).lines), training_hash(before.lines)):
            raise Refused(_("Les phrases apprises ont été changées à la main depuis : un retour en arrière les perdrait."))
        staged = stage(before, used)
        with transaction.atomic():
            found.corrections.update(state=Correction.State.APPROVED, run=None)
            _decide(found, RunState.ROLLED_BACK, staff)
            exchange(staged, used)
    return found


def _decide(run: Run, state: RunState, staff: Staff) -> None:
    run.state, run.decided_by, run.decided_at = state, staff, timezone.now()
    run.save()


def tidy() -> None:
    """Delete the files of all runs but the latest; those of the model in use stay, for the way back."""
    with files.alone():
        used = last_promoted()
        files.tidy({*Run.objects.order_by("-id").values_list("pk", flat=True)[:_KEPT], *([used.pk] if used else [])})
