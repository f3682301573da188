"""Rasa without TensorFlow answers what Rasa with it answers, and says what is missing where somebody needs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.paths import ROOT

MESSAGES = [
    "Combien de personnes faut-il pour une coopérative ?",
    "كم عدد الأعضاء في التعاونية؟",
    "شحال خاص ديال الناس باش نديرو تعاونية",
    "ch7al khass dyal nass f ta3awniya",
    "w chhal f l'association?",
    "bonjour",
    "quel temps fera-t-il demain à Oujda",
    "بغيت نعرف شنو يناسبني",
    "😀",
]

_TOLD = """
import asyncio, json, sys
from pathlib import Path
from bot.environment import quiet
quiet()
from bot.assistant import Assistant
assistant = Assistant.load(Path(sys.argv[1]))

async def told():
    turns = [await assistant.say("somebody", message) for message in json.loads(sys.argv[2])]
    return [{"parsed": {name: turn.parsed[name] for name in ("intent", "intent_ranking", "entities")}, "replies": turn.replies} for turn in turns]

turns = asyncio.run(told())
print(json.dumps({"turns": turns, "library": getattr(sys.modules["tensorflow"], "__version__", None)}, default=str))
"""


def run(code: str, *arguments: str, wanted: bool) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DALIL_TENSORFLOW": "1" if wanted else "", "PYTHONWARNINGS": "ignore", "LOG_LEVEL": "ERROR"}
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def told(model: Path, *, wanted: bool) -> dict[str, Any]:
    done = run(_TOLD, str(model), json.dumps(MESSAGES), wanted=wanted)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.model
def test_every_score_and_every_reply_is_the_same(model: Path) -> None:
    without, real = told(model, wanted=False), told(model, wanted=True)
    assert without["library"] is None
    assert real["library"].startswith("2.")
    assert without["turns"] == real["turns"]


@pytest.mark.parametrize(
    "component",
    [
        "from rasa.nlu.classifiers.diet_classifier import DIET as Model",
        "from rasa.core.policies.ted_policy import TED as Model",
        "from rasa.utils.tensorflow.layers import DenseForSparse as Model",
    ],
)
def test_a_component_that_needs_it_says_how_to_get_it(component: str) -> None:
    done = run(f"from bot.without_tensorflow import leave_out\nleave_out()\n{component}\nModel()", wanted=False)
    assert done.returncode == 1
    assert "needs TensorFlow, which is left out: set DALIL_TENSORFLOW=1 to use it." in done.stderr
