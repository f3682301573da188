"""Rasa without TensorFlow: half of Rasa's start and a third of its memory is a library that Dalil's pipeline never calls.

Rasa 3.6.21 imports TensorFlow wherever a policy or a component is imported, to define the classes of DIET, TED and the like
(`rasa/utils/tensorflow/`). Nothing of it runs unless such a component stands in `config.yml`. Here its modules are found, but empty: a
name asked of them is a class that can be subclassed, called as a decorator and named in annotations. A component that does need
TensorFlow fails with `ImportError` when it is made, and says why. `DALIL_TENSORFLOW=1` brings the real one back.

The answers are the same with and without (tests/server/test_without_tensorflow.py).
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: The libraries left out, with all that is in them.
LEFT_OUT = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})


class _Absent(type):
    """The class of the classes that stand for what is not there."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__module__}.{cls.__qualname__}.{name}")

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        if cls.__module__ in LEFT_OUT:  # a decorator, or a value made while a class is defined
            return _decorator
        raise ImportError(f"{cls.__name__} needs TensorFlow, which is left out: set DALIL_TENSORFLOW=1 to use it.")


def _decorator(decorated: Callable[..., Any]) -> Callable[..., Any]:
    return decorated


def _absent(name: str) -> _Absent:
    library, _, within = name.partition(".")
    return _Absent(name.rsplit(".", 1)[-1], (), {"__module__": library, "__qualname__": within})


class _EmptyModule(ModuleType):
    """A module in which every name is found."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _absent(f"{self.__name__}.{name}")
        setattr(self, name, found)
        return found


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in LEFT_OUT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def leave_out() -> None:
    """From here on this process imports no TensorFlow; without effect where it was imported already, or where it is wanted."""
    if os.environ.get("DALIL_TENSORFLOW") == "1" or LEFT_OUT & sys.modules.keys():
        return
    sys.meta_path.insert(0, _Finder())


def main() -> None:
    """Rasa's own command line."""
    from bot.environment import collect_seldom, hush

    leave_out()
    collect_seldom()
    trains = "train" in sys.argv[1:2]
    if trains:
        from bot.nlu import beside

        beside.begin()
    if os.environ.get("PYTHONWARNINGS") == "ignore":
        hush()
    if trains:
        from bot import rasa_adjustments

        rasa_adjustments.apply_to_training()
    runpy.run_module("rasa", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
