"""A model with one line more, trained once for all tests that need a second one: by a run of the console, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.paths import ROOT
from tests.tools import exclusively

#: What the model of the release answers with another record, what it is written in, and what it asks for.
TEXT = "wach jouj d lbnat o khti kafyin l ta3awniya ?"
VARIETY = "ary-Latn"
RECORD = "coop-min-membres"


@dataclass(frozen=True)
class Candidate:
    """A run that is ready.

    Attributes:
        folder: its data directory, with the model of the release in use.
        run: the values of its row.
    """

    folder: Path
    run: dict[str, Any]

    @property
    def files(self) -> Path:
        """Where its files are."""
        return self.folder / "models" / "runs" / str(self.run["id"])


@lru_cache(maxsize=1)
def trained(model: Path, below: Path) -> Candidate:
    """A run that has trained, and has asked both models a few questions; whoever needs it first has it made for all."""
    folder = below / "candidate"
    with exclusively(below / "candidate.lock"):
        if not (folder / "run.json").exists():
            _train(model, folder)
    return Candidate(folder, json.loads((folder / "run.json").read_text(encoding="utf-8")))


def _train(model: Path, folder: Path) -> None:
    (folder / "models").mkdir(parents=True)
    for name in (model.name, "dalil.inputs"):
        shutil.copy(model.parent / name, folder / "models")
    environment = {**os.environ, "DALIL_DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'dalil.db'}", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, "-m", "tests.candidate"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr


def _make() -> None:
    """Review a turn, approve the correction, do the run: in the database and the data directory that the environment names."""
    import sqlalchemy as sa

    from bot.console.start import migrate
    from bot.environment import quiet
    from bot.settings import settings
    from bot.storage.tracker_store import _EVENT

    quiet()
    engine = sa.create_engine(settings().database)
    _EVENT.__table__.create(engine)
    engine.dispose()
    migrate()
    from django.core.serializers.json import DjangoJSONEncoder

    from bot.console.accounts.models import Staff
    from bot.console.learning import runs
    from bot.console.learning.asking import all_questions
    from bot.console.learning.models import Correction, Run
    from bot.console.learning.run import perform
    from bot.console.review.models import EvaluationQuestion

    editor = Staff.objects.create(username="editor", role="editor")
    kept = {"text": TEXT, "variety": VARIETY, "kind": "record", "target": RECORD, "state": Correction.State.APPROVED}
    Correction.objects.create(turn=1, sender="telegram:1", decided_by=editor, **kept)
    EvaluationQuestion.objects.create(text="le numéro de téléphone d'une pizzeria à Fès", variety="fr", area="", expect=[], by=editor)
    EvaluationQuestion.objects.create(text="il faut être combien pour créer une coopérative ?", variety="fr", area="creation", expect=[RECORD], by=editor)
    run = runs.begin(editor)
    perform(run.pk, lambda: {share: questions[:4] for share, questions in all_questions().items()})
    values = Run.objects.values().get(pk=run.pk)
    (settings().data_dir / "run.json").write_text(json.dumps(values, cls=DjangoJSONEncoder), encoding="utf-8")


if __name__ == "__main__":
    _make()
