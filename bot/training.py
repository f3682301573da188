"""Training the model, when something it learns from has changed; putting another one in its place."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import learnt
from bot.environment import rasa_environment
from bot.knowledge.records import KnowledgeError
from bot.language.normal import TEXTS_VARIABLE
from bot.nlu.fingerprint import training_hash
from bot.paths import ROOT
from bot.settings import Settings

MODEL = "dalil"
#: How many texts training remembers (bot/language/normal.py): more than there are lines.
_REMEMBERED = "100000"
#: The locks of the models' folder.
FILES, TRAINING = ".lock", ".training.lock"
_STEP = re.compile(r"Starting to train component '(\w+)'")


class TrainingError(Exception):
    """Training failed; the message says where the log is."""


@dataclass(frozen=True)
class ModelFiles:
    """What belongs together: a model, the mark of what it was trained on, the learnt lines among that (there may be none)."""

    model: Path
    mark: Path
    lines: Path

    @property
    def fit(self) -> bool:
        """Whether the model was trained on these lines and on the checkout as it is."""
        return self.model.exists() and self.mark.exists() and self.mark.read_text(encoding="utf-8") == training_hash(self.lines)


def model_path(settings: Settings) -> Path:
    """Where the trained model is."""
    return settings.models_dir / f"{MODEL}.tar.gz"


def mark_of(model: Path) -> Path:
    """Where it stands what a model was trained on."""
    return model.with_name(f"{MODEL}.inputs")


def in_use(settings: Settings) -> ModelFiles:
    """The files that the servers use."""
    model = model_path(settings)
    return ModelFiles(model, mark_of(model), learnt.file(settings))


def kept_in(folder: Path) -> ModelFiles:
    """The files of a model that is kept in a folder."""
    model = folder / f"{MODEL}.tar.gz"
    return ModelFiles(model, mark_of(model), folder / learnt.FILE)


def is_current(settings: Settings) -> bool:
    """Whether the model was trained on the files as they are now."""
    return in_use(settings).fit


@contextmanager
def alone(settings: Settings, lock: str, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold a lock of the models' folder; who comes second waits.

    It holds apart all threads and processes of a machine. Machines that share the folder need a file system that knows locks (NFS 4 does).

    Args:
        settings: where the folder is.
        lock: `FILES` for who puts other files in the servers' hands, `TRAINING` for who trains what they use.
        say: told when somebody else holds it.
    """
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    with (settings.models_dir / lock).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if say:
                say("  another process is at it; waiting for it ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def train(settings: Settings, say: Callable[[str], None], force: bool = False) -> bool:
    """Train if needed; of several processes one trains, the others wait and use what it made.

    Args:
        settings: where the model goes.
        say: told each step.
        force: train although nothing changed.

    Returns:
        Whether there was anything to train.

    Raises:
        TrainingError: when Rasa could not train.
    """
    if is_current(settings) and not force:
        return False
    # Rasa writes a model bit by bit: it is made elsewhere, for servers that look at the one in use (bot/model_switch.py).
    with alone(settings, TRAINING, say), tempfile.TemporaryDirectory(dir=settings.models_dir, prefix=".training-") as folder:
        if is_current(settings) and not force:
            return False  # it was made while this one waited
        used, made = in_use(settings), kept_in(Path(folder))
        train_into(settings, Path(folder), used.lines, settings.data_dir / "log" / "train.log", say)
        with alone(settings, FILES):
            used.mark.unlink(missing_ok=True)
            made.model.replace(used.model)
            made.mark.replace(used.mark)
    return True


def train_into(settings: Settings, folder: Path, lines: Path, log: Path, say: Callable[[str], None]) -> None:
    """Train a model in a folder, with its mark; the one in use is not touched.

    Args:
        settings: what Rasa is told.
        folder: where the model goes.
        lines: the file of learnt lines; there need not be one.
        log: where Rasa's words go.
        say: told each step.

    Raises:
        TrainingError: when the learnt lines are broken, or Rasa could not train.
    """
    try:
        learnt.read(lines)
    except KnowledgeError as error:
        raise TrainingError(f"the learnt lines are not valid:\n{error}") from error
    log.parent.mkdir(parents=True, exist_ok=True)
    made = kept_in(folder)
    inputs = training_hash(lines)
    command = [sys.executable, "-m", "bot.without_tensorflow", "train", "--domain", "domain", "--data", "data/nlu", "data/stories"]
    command += ["--out", str(folder), "--fixed-model-name", MODEL, "--skip-validation", "--force"]
    # Whether to train was decided by `training_hash`; Rasa's own cache would take a tenth of the time and half a gigabyte.
    own = {"RASA_MAX_CACHE_SIZE": "0", TEXTS_VARIABLE: _REMEMBERED, learnt.VARIABLE: str(lines), "LOG_LEVEL": "INFO", "OMP_NUM_THREADS": "1"}
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="dalil-train-") as scratch,
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(  # noqa: S603 - our own interpreter
            command,
            cwd=ROOT,
            env={**rasa_environment(settings), **own, "TMPDIR": scratch},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                output.write(line)
                if step := _STEP.search(line):
                    say(f"  {time.monotonic() - began:4.0f} s  {step.group(1)}")
        except BaseException:
            process.kill()  # whoever was told wants no more
            raise
    if process.returncode != 0 or not made.model.exists():
        raise TrainingError(f"training failed; the reason stands at the end of {log}")
    made.mark.write_text(inputs, encoding="utf-8")
    say(f"  {time.monotonic() - began:4.0f} s  done")


def keep(files: ModelFiles, folder: Path) -> None:
    """Copy files into a folder, whole or not at all; a folder that is there already is left as it is."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    copy = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    kept = kept_in(copy)
    for one, other in ((files.model, kept.model), (files.mark, kept.mark), (files.lines, kept.lines)):
        if one.exists():
            shutil.copyfile(one, other)
    copy.replace(folder)


def put_in_place(files: ModelFiles, used: ModelFiles) -> None:
    """Have the servers use other files; the given ones stay where they are."""
    exchange(stage(files, used), used)


def stage(files: ModelFiles, used: ModelFiles) -> ModelFiles:
    """Copies of files beside those that the servers use, safe on the disk: what takes long about an exchange."""
    return ModelFiles(_beside(files.model, used.model), _beside(files.mark, used.mark), _beside(files.lines, used.lines))


def exchange(staged: ModelFiles, used: ModelFiles) -> None:
    """Have the servers use files that were staged.

    Each file is exchanged whole. The mark goes first and comes last: where this is interrupted there is none, and `dalil run` trains anew on
    the lines that are there.
    """
    used.mark.unlink(missing_ok=True)
    if staged.lines.exists():
        staged.lines.replace(used.lines)
    else:
        used.lines.unlink(missing_ok=True)
    staged.model.replace(used.model)
    staged.mark.replace(used.mark)


def _beside(file: Path, place: Path) -> Path:
    """A copy of a file beside the place where it shall go, safe on the disk; none where there is no such file."""
    beside = place.with_name(f".{place.name}.new")
    beside.unlink(missing_ok=True)  # of a time when this was interrupted
    if file.exists():
        with file.open("rb") as content, beside.open("wb") as copy:
            shutil.copyfileobj(content, copy)
            copy.flush()
            os.fsync(copy.fileno())
    return beside
