"""The files of runs, and who may exchange those that the servers use: one at a time.

The files of a run are below `models/runs/<number>/` of the data directory: the new model with its mark and its learnt lines, and in `previous/`
those that it replaced. What the servers use is exchanged in one place only (bot/training.py).
"""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from bot import training
from bot.nlu.fingerprint import training_hash
from bot.settings import settings
from bot.training import ModelFiles, in_use, kept_in, put_in_place


def folder(run: int) -> Path:
    """Where the files of a run are."""
    return settings().models_dir / "runs" / str(run)


def made_by(run: int) -> ModelFiles:
    """The files that a run made."""
    return kept_in(folder(run))


def previous(run: int) -> ModelFiles:
    """The files that a run's model replaced."""
    return kept_in(folder(run) / "previous")


def alone() -> AbstractContextManager[None]:
    """Hold the files, so that nobody else exchanges them meanwhile; who comes second waits.

    Consoles on several machines must share the models' folder anyway.
    """
    return training.alone(settings(), training.FILES)


def mend(run: int) -> None:
    """Undo a promotion that was interrupted between the files and the database: the servers use again what the database says.

    Learnt lines that were written by hand since are left as they are. Only for a run that is not promoted, and only while the files are held.

    Args:
        run: the run that was being promoted; where it was not, nothing is done.
    """
    before, used = previous(run), in_use(settings())
    if not before.model.exists():
        return
    lines = training_hash(used.lines)
    halfway = lines == training_hash(before.lines) and not used.mark.exists()
    if halfway or lines == training_hash(made_by(run).lines):
        put_in_place(before, used)
    shutil.rmtree(before.model.parent)


def tidy(kept: set[int]) -> None:
    """Delete the files of all runs but some."""
    runs = settings().models_dir / "runs"
    for path in runs.iterdir() if runs.exists() else ():
        if path.name.isdecimal() and int(path.name) not in kept:
            shutil.rmtree(path, ignore_errors=True)
