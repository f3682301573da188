"""A bare Rasa 3.6 bot to compare with: stock pipeline, stock servers, one custom action that says one text.

Thirty intents with forty of Dalil's own training lines each (1,200 in four varieties), word and character features, logistic regression,
rules. What it does in a turn is what any Rasa bot does; Dalil adds four varieties, 571 records, privacy and delivery.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.lines import written_lines
from tests.tools import free_port

INTENTS, LINES = 30, 40

_CONFIG = """
recipe: default.v1
assistant_id: bare
language: ar
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: LogisticRegressionClassifier
  - name: FallbackClassifier
    threshold: 0.3
policies:
  - name: RulePolicy
"""

_ACTION = """
from rasa_sdk import Action


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Il faut au moins cinq personnes.", buttons=[{"title": "Merci", "payload": "/greet"}])
        return []
"""

_ENDPOINTS = """
action_endpoint:
  url: http://127.0.0.1:{port}/webhook
  selective_domain: true
tracker_store:
  type: SQL
  dialect: sqlite
  db: {database}
"""


@dataclass(frozen=True)
class Bare:
    """The running bot.

    Attributes:
        url: of its REST channel.
        ready_after: seconds from the start of the server to its first answer.
        memory: resident MiB of its two processes.
    """

    url: str
    ready_after: float
    memory: int


def quiet_environment() -> dict[str, str]:
    """What stock Rasa needs to keep still."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1", "LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "ignore"}
    return {**os.environ, **quiet}


def _chosen() -> dict[str, list[str]]:
    """Lines by intent, the varieties mixed."""
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in written_lines():
        lines[line.intent][line.variety].append(line.text)
    largest = sorted(lines, key=lambda intent: (-min(len(texts) for texts in lines[intent].values()), intent))[:INTENTS]
    return {intent: [text for texts in zip(*(lines[intent].values())) for text in texts][:LINES] for intent in sorted(largest)}


def write_project(folder: Path) -> None:
    """Rasa's files, made of Dalil's lines."""
    chosen = _chosen()
    nlu = [{"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in chosen.items()]
    talk = {"greet": "utter_greet", "nlu_fallback": "utter_greet"}
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": talk.get(intent, "action_answer")}]} for intent in sorted({*chosen, "greet", "nlu_fallback"})
    ]
    domain = {
        "version": "3.1",
        "intents": sorted({*chosen, "greet"}),
        "actions": ["action_answer"],
        "responses": {"utter_greet": [{"text": "Bonjour, que cherchez-vous ?"}]},
    }
    if "greet" not in chosen:
        nlu.append({"intent": "greet", "examples": "".join(f"- {line.text}\n" for line in written_lines() if line.intent == "greet")})
    files = {"nlu.yml": {"version": "3.1", "nlu": nlu}, "rules.yml": {"version": "3.1", "rules": rules}, "domain.yml": domain}
    (folder / "data").mkdir(parents=True)
    for name, content in files.items():
        place = folder / name if name == "domain.yml" else folder / "data" / name
        place.write_text(yaml.safe_dump(content, allow_unicode=True, width=1000), encoding="utf-8")
    (folder / "config.yml").write_text(_CONFIG, encoding="utf-8")
    (folder / "actions.py").write_text(_ACTION, encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")


def train(folder: Path) -> float:
    """Train it with Rasa's own command; the seconds that took."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", "bare"]
    subprocess.run(command, cwd=folder, env=quiet_environment(), check=True, capture_output=True)
    return time.perf_counter() - began


@contextmanager
def running(folder: Path) -> Iterator[Bare]:
    """Serve it: Rasa's server and the action server, as `rasa run` and `rasa run actions` start them."""
    port, actions = free_port(), free_port()
    (folder / "endpoints.yml").write_text(_ENDPOINTS.format(port=actions, database=folder / "bare.db"), encoding="utf-8")
    commands = [
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)],
        [sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--model", "models/bare.tar.gz"],
    ]
    began = time.perf_counter()
    processes = [subprocess.Popen(command, cwd=folder, env=quiet_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield Bare(f"http://127.0.0.1:{port}/webhooks/rest/webhook", time.perf_counter() - began, sum(map(memory_of, processes)))
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def wait_for(url: str) -> None:
    """Wait until something answers there.

    Raises:
        TimeoutError: after two minutes.
    """
    for _ in range(2400):
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(url)


def memory_of(process: subprocess.Popen[bytes]) -> int:
    """Resident memory of a process in MiB."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def cpu_of(process: subprocess.Popen[bytes]) -> float:
    """Seconds of a core that a process has taken."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of_machine() -> float:
    """Seconds of a core that all processes together have taken."""
    user, nice, system = (int(field) for field in Path("/proc/stat").read_text(encoding="utf-8").split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")
