"""The search learns beside Rasa's other components, in a process of its own: it needs nothing of them, and is half of the work.

`begin` is called before Rasa is imported. The component takes what was made (`take`), if it was learnt from the very same lines; where it was not,
or nothing was begun, it learns by itself.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import astuple
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.knowledge.ranking import Example
    from bot.nlu.lines import Line

_MARK = "examples.sha256"
_begun: tuple[BaseProcess, tempfile.TemporaryDirectory[str]] | None = None


def begin() -> None:
    """Start learning. To be called before numpy is imported: the process is a fork of this one."""
    global _begun
    folder = tempfile.TemporaryDirectory(prefix="dalil-search-")
    process = multiprocessing.get_context("fork").Process(target=_learn, args=(Path(folder.name),), daemon=True)
    process.start()
    _begun = process, folder


def take(examples: Iterable[Example], folder: Path) -> bool:
    """Wait for what was begun and copy it into a folder.

    Args:
        examples: what the search is to be learnt from.
        folder: where it goes.

    Returns:
        Whether there was one that was learnt from these examples.
    """
    global _begun
    if _begun is None:
        return False
    (process, made), _begun = _begun, None
    with made:
        process.join()
        mark = Path(made.name) / _MARK
        if process.exitcode != 0 or mark.read_text(encoding="ascii") != _digest(examples):
            return False
        shutil.copytree(made.name, folder, ignore=shutil.ignore_patterns(_MARK), dirs_exist_ok=True)
    return True


def search_examples(lines: Iterable[Line]) -> list[Example]:
    """What the search learns from: all questions of the records, the lines of `data/nlu`, what was learnt from corrections.

    Generated copies are left out: they would give away the left-out scores.
    """
    from bot.knowledge.ranking import Example
    from bot.knowledge.search import record_examples
    from bot.knowledge.store import load
    from bot.language.courtesy import without_courtesy

    used = (line for line in lines if not line.generated and (line.learnt or not line.record))
    return [*record_examples(load()), *(Example(without_courtesy(line.text), line.intent, line.record) for line in used)]


def _learn(folder: Path) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from bot.knowledge.search import Ranker
    from bot.knowledge.store import load
    from bot.nlu.lines import training_lines

    examples = search_examples(training_lines())
    Ranker.train(load(), examples).save(folder)
    (folder / _MARK).write_text(_digest(examples), encoding="ascii")


def _end_with_parent() -> None:
    """Nobody waits any more when the parent process was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _digest(examples: Iterable[Example]) -> str:
    return hashlib.sha256(json.dumps([astuple(example) for example in examples]).encode()).hexdigest()
