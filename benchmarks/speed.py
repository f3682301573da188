"""How fast is a turn? Dalil beside a bare Rasa bot with the same pipeline, both real servers over REST, in one run.

The bare bot has the same model with Rasa's own REST channel and responses; "action" is its action turn (Dalil's actions server without the
guard, the signatures and the web page), "response" a plain response turn. Figures are medians; ratios are what counts.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.environment import rasa_environment
from bot.evaluation import read_questions
from bot.paths import ROOT
from bot.settings import Settings, settings
from bot.supervisor import Supervisor
from bot.training import model_path, train
from tests.tools import free_port

WARM, TURNS = 20, 150


def _post(url: str, sender: str, message: str) -> None:
    body = json.dumps({"sender": sender, "message": message}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"}), timeout=30) as answer:
        answer.read()


def _median_ms(url: str, messages: list[str]) -> tuple[float, float]:
    """Median and 95th percentile of one turn in milliseconds; a new sender every ten turns."""
    for number, message in enumerate(messages[:WARM]):
        _post(url, f"warm-{number}", message)
    times = []
    for number in range(TURNS):
        began = time.perf_counter()
        _post(url, f"person-{number // 10}", messages[number % len(messages)])
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


@contextmanager
def _bare(own: Settings, folder: Path) -> Iterator[str]:
    """Rasa's own server with the same model, its built-in REST channel, Dalil's action server."""
    port = free_port()
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    environment = {**rasa_environment(own), "DATABASE_URL": f"sqlite:///{folder / 'bare.db'}"}
    command = [sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--model", str(model_path(own))]
    command += ["--endpoints", "endpoints.yml", "--credentials", str(folder / "credentials.yml")]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/")
        print(f"bare Rasa: start to ready {time.perf_counter() - began:.1f} s")
        yield f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def _memory(supervisor: Supervisor) -> dict[str, int]:
    """Resident memory of each process in MiB."""
    found = {}
    for service in supervisor._services:
        status = Path(f"/proc/{service.process.pid}/status").read_text(encoding="utf-8") if service.process else ""
        lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
        found[service.name] = int(lines[0].split()[1]) // 1024 if lines else 0
    return found


def main() -> None:
    """Print turn times, ratios, start times and memory."""
    print("== speed, one question after another over REST")
    train(settings(), print)
    questions = [question.text for question in read_questions("open") if question.area == "cooperative"]
    talk: Callable[[int], list[str]] = lambda n: ["bonjour", "merci", "salam", "شكرا"][:n]  # noqa: E731
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = Settings(data_dir=folder, rasa_port=free_port(), actions_port=free_port())
        (folder / "models").mkdir()
        os.link(model_path(settings()), model_path(own)) if os.stat(folder).st_dev == os.stat(model_path(settings())).st_dev else model_path(own).write_bytes(
            model_path(settings()).read_bytes()
        )
        os.environ.update({"DALIL_DATA_DIR": name, "DALIL_RASA_PORT": str(own.rasa_port), "DALIL_ACTIONS_PORT": str(own.actions_port)})
        supervisor = Supervisor(own, print)
        began = time.perf_counter()
        with supervisor.running():
            print(f"Dalil: start to ready {time.perf_counter() - began:.1f} s")
            url = f"http://127.0.0.1:{own.rasa_port}/webhooks/rest/webhook"
            answer, talked = _median_ms(url, questions), _median_ms(url, talk(4))
            print(f"Dalil: memory {_memory(supervisor)} MiB")
            with _bare(own, folder) as bare_url:
                bare_answer, bare_talked = _median_ms(bare_url, questions), _median_ms(bare_url, talk(4))
    print(f"question answered   Dalil {answer[0]:6.1f} ms (p95 {answer[1]:.1f})   bare Rasa {bare_answer[0]:6.1f} ms (p95 {bare_answer[1]:.1f})")
    print(f"  ratio {answer[0] / bare_answer[0]:.2f}")
    print(f"small talk          Dalil {talked[0]:6.1f} ms (p95 {talked[1]:.1f})   bare Rasa {bare_talked[0]:6.1f} ms (p95 {bare_talked[1]:.1f})")
    print(f"  ratio {talked[0] / bare_talked[0]:.2f}")


if __name__ == "__main__":
    main()
