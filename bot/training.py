"""Training the model, when something it learns from has changed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.environment import rasa_environment
from bot.nlu.fingerprint import training_hash
from bot.paths import ROOT
from bot.settings import Settings

MODEL = "dalil"
_STEP = re.compile(r"Starting to train component '(\w+)'")


class TrainingError(Exception):
    """Training failed; the message says where the log is."""


def model_path(settings: Settings) -> Path:
    """Where the trained model is."""
    return settings.models_dir / f"{MODEL}.tar.gz"


def _mark(settings: Settings) -> Path:
    return settings.models_dir / f"{MODEL}.inputs"


def is_current(settings: Settings) -> bool:
    """Whether the model was trained on the files as they are now."""
    mark = _mark(settings)
    return model_path(settings).exists() and mark.exists() and mark.read_text(encoding="utf-8") == training_hash()


def train(settings: Settings, say: Callable[[str], None], force: bool = False) -> bool:
    """Train if needed.

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
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    log = settings.data_dir / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    inputs = training_hash()
    command = [sys.executable, "-m", "rasa", "train", "--domain", "domain", "--data", "data/nlu", "data/stories"]
    command += ["--out", str(settings.models_dir), "--fixed-model-name", MODEL, "--skip-validation"]
    environment = {**rasa_environment(settings), "LOG_LEVEL": "INFO", "OMP_NUM_THREADS": "2"}
    began = time.monotonic()
    command += ["--force"] if force else []
    with (
        log.open("w", encoding="utf-8") as lines,
        subprocess.Popen(  # noqa: S603 - our own interpreter
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            lines.write(line)
            if step := _STEP.search(line):
                say(f"  {time.monotonic() - began:4.0f} s  {step.group(1)}")
    if process.returncode != 0 or not model_path(settings).exists():
        raise TrainingError(f"training failed; the reason stands at the end of {log}")
    _mark(settings).write_text(inputs, encoding="utf-8")
    say(f"  {time.monotonic() - began:4.0f} s  done")
    return True
