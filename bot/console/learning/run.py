"""A run's own process: `python -m bot.console.learning.run NUMBER`. It trains, asks both models the questions, and writes down what came out.

It shows every few seconds that it lives; once it was given up for dead, or decided upon, it stops.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import learnt
from bot.environment import quiet
from bot.knowledge.records import KnowledgeError
from bot.settings import settings
from bot.training import TrainingError, in_use, is_current, train_into

if TYPE_CHECKING:
    from bot.console.learning.asking import Questions

logger = logging.getLogger(__name__)

#: It shows so often that it lives, in seconds.
_EVERY = 2.0
#: Staff can go on working meanwhile, and the bot answering.
_NICE = 10
#: So many seconds it waits for a database that is away at the end, rather than lose the results.
_PATIENCE = 1800.0
#: How much of a run training is, and how many steps training has.
_TRAINING = 0.4
_STEPS = 6


class GivenUp(Exception):
    """The run is over for everybody else."""


class Reporter:
    """Writes how far a run is, from a thread of its own: within an event loop the database may not be used.

    Args:
        run: its number.
    """

    def __init__(self, run: int) -> None:
        self._run = run
        self._values: dict[str, Any] = {}
        self._over = threading.Event()
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._report, name="report", daemon=True)

    def __enter__(self) -> Reporter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, progress: float, **values: Any) -> None:
        """Say how far it is, 0 to 1, and which state and step that is.

        Raises:
            GivenUp: when nobody waits for it any more.
        """
        if self._given_up.is_set():
            raise GivenUp
        self._values = {**self._values, **values, "progress": progress}

    def _report(self) -> None:
        from django.db import DatabaseError, connection
        from django.utils import timezone

        from bot.console.learning.models import ACTIVE, Run

        while not self._given_up.is_set():
            over = self._over.wait(_EVERY)
            try:
                known = Run.objects.filter(pk=self._run, state__in=ACTIVE).update(heard_at=timezone.now(), **self._values)
            except DatabaseError:
                connection.close()  # away, or busy: later
            else:
                if not known:
                    self._given_up.set()
            if over:
                break
        connection.close()


def perform(number: int, questions: Callable[[], Questions]) -> None:
    """Do the work of a run: to the results, or to the reason why there are none.

    Args:
        number: the run.
        questions: gives what both models are asked.
    """
    from bot.console.learning.models import Reason, Run, RunState

    ends: dict[str, Any]
    try:
        with Reporter(number) as reporter:
            ends = {"state": RunState.READY, "step": "done", "progress": 1.0, "results": _results(Run.objects.get(pk=number), questions, reporter)}
    except GivenUp:
        return
    except (TrainingError, KnowledgeError) as error:
        ends = {"state": RunState.FAILED, "reason": Reason.TRAINING, "message": str(error)}
    except Exception as error:  # staff must learn of it, whatever it is; its words stay in the log: they may quote a sealed question
        logger.exception("Run %s failed", number)
        ends = {"state": RunState.FAILED, "reason": Reason.FAULT, "message": f"{error.__class__.__name__}; the rest stands in log/learning.log"}
    end(number, ends)


def end(number: int, ends: dict[str, Any]) -> None:
    """Write down how a run ended; while the database is away, try again.

    Who was not heard of meanwhile may have been taken for dead; a run that is over for another reason stays as it is.

    Args:
        number: the run.
        ends: the values of its row.

    Raises:
        django.db.DatabaseError: when the database is away for too long.
    """
    from django.db import DatabaseError, connection
    from django.db.models import Q
    from django.utils import timezone

    from bot.console.learning.models import ACTIVE, Reason, Run, RunState

    waited_for = Q(state__in=ACTIVE) | Q(state=RunState.FAILED, reason=Reason.DIED)
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            Run.objects.filter(waited_for, pk=number).update(ended_at=timezone.now(), heard_at=timezone.now(), **{"reason": "", **ends})
        except DatabaseError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(_EVERY)
        else:
            return


def _results(run: Any, questions: Callable[[], Questions], reporter: Reporter) -> dict[str, Any]:
    """Train, ask, compare."""
    from bot.console.learning.files import made_by
    from bot.console.learning.models import RunState, Step
    from bot.console.learning.results import Share
    from bot.console.learning.runs import lines_of

    current, lines = settings(), lines_of(run)
    if not is_current(current):
        raise TrainingError("the model in use is not that of this release: start Dalil again")
    made, used = made_by(run.pk), in_use(current)
    made.lines.parent.mkdir(parents=True, exist_ok=True)
    made.lines.write_text(learnt.written([*learnt.read(used.lines), *lines]), encoding="utf-8")
    steps = 0

    def trained(line: str) -> None:
        nonlocal steps
        steps = min(steps + 1, _STEPS)
        print(line, flush=True)  # noqa: T201 - into the log
        reporter.tell(_TRAINING * steps / _STEPS)

    reporter.tell(0.0, step=Step.TRAINING)
    train_into(current, made.model.parent, made.lines, current.data_dir / "log" / "learning-train.log", trained)
    from bot.console.learning.asking import ask, of_lines, some_of  # Rasa comes with them: after the run has shown that it lives
    from bot.console.learning.comparison import compare

    asked = {**some_of(questions(), run.extent, run.pk), Share.LEARNT.value: of_lines(lines)}
    share = (1.0 - _TRAINING) / 2
    reporter.tell(_TRAINING, state=RunState.EVALUATING, step=Step.OLD)
    old = ask(used.model, asked, lambda done: reporter.tell(_TRAINING + share * done))
    reporter.tell(_TRAINING + share, step=Step.NEW)
    new = ask(made.model, asked, lambda done: reporter.tell(_TRAINING + share + share * done))
    return compare(old, new)


def main(number: int) -> None:
    """Do the work of a run, and leave the machine to others first."""
    quiet()
    os.nice(_NICE)
    from bot.console.start import set_up

    set_up()
    perform(number, _all_questions)


def _all_questions() -> Questions:
    from bot.console.learning.asking import all_questions

    return all_questions()


if __name__ == "__main__":
    main(int(sys.argv[1]))
