"""Pieces of the trained model without Rasa: opened in a moment, for commands that need one piece only."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.language.identify import Identifier
from bot.settings import Settings
from bot.training import model_path, train


def trained_identifier(settings: Settings, say: Callable[[str], None]) -> Identifier:
    """The variety identifier inside the current model; trains first when the model is out of date."""
    train(settings, say)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model_path(settings)) as archive:
        inside = [member for member in archive.getmembers() if "VarietyDetector" in member.name]
        archive.extractall(folder, inside)  # noqa: S202 - our own model
        top = next(path for path in Path(folder).rglob("*VarietyDetector*") if path.is_dir())
        return Identifier.load(top)
