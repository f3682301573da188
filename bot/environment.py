"""The environment Rasa's processes need, derived from Dalil's settings: nothing calls out, logs hold no message texts."""

from __future__ import annotations

import gc
import importlib
import os
import warnings

from bot.paths import ROOT
from bot.settings import Settings
from bot.without_tensorflow import leave_out

#: endpoints.yml has to name some address for the action server; nothing is ever sent to this one (bot/local_actions.py).
NO_SERVER = "http://actions.invalid/webhook"


def rasa_environment(settings: Settings) -> dict[str, str]:
    """Environment variables for a Rasa or action server process, on top of the current ones."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "SANIC_HOST": settings.actions_host,
        # Behind the reverse proxy the visitor's address is the last one that it names.
        **({"SANIC_PROXIES_COUNT": "1"} if settings.public_url else {}),
        "DALIL_ACTIONS_URL": settings.actions_url,
        "DALIL_ACTIONS_ADDRESS": settings.actions_url or NO_SERVER,
        "DATABASE_URL": settings.database,
    }


def collect_seldom() -> None:
    """Have Python look for dead cycles of objects less often: while Rasa is imported and a model read, hundreds of thousands are made that stay.

    Looking through them again and again took a seventh of the start, and a fifteenth of the tests.
    """
    gc.set_threshold(50_000, 20, 100)


def hush() -> None:
    """Let no library warn of itself: neither those that ask for it when they are imported, nor one that warns after Rasa has asked for it."""
    for name in ("pyparsing", "sanic.app"):
        importlib.import_module(name)
    warnings.simplefilter("ignore")
    importlib.import_module("matplotlib")


def quiet() -> None:
    """The same for this process, before it imports Rasa, whose libraries warn about themselves at length."""
    hush()
    os.environ.update(
        {
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "0",
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        }
    )
    leave_out()
