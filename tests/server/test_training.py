"""Training, where several processes want it at once."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from bot.settings import settings
from bot.training import TRAINING, alone, in_use, is_current, train
from tests.tools import environment

SECONDS = 20


def test_of_two_processes_one_trains_and_the_other_uses_what_it_made(model: Path, tmp_path: Path) -> None:
    trained = in_use(settings())
    with environment(DALIL_DATA_DIR=str(tmp_path)):
        waits, said, results = threading.Event(), [], []

        def second() -> None:
            results.append(train(settings(), lambda line: (said.append(line), waits.set())))

        with alone(settings(), TRAINING):
            thread = threading.Thread(target=second)
            thread.start()
            assert waits.wait(SECONDS)
            made = in_use(settings())
            shutil.copyfile(trained.model, made.model)
            shutil.copyfile(trained.mark, made.mark)
        thread.join(SECONDS)
        assert results == [False]
        assert said == ["  another process is at it; waiting for it ..."]
        assert is_current(settings())
