"""Several workers on one machine as operators run them: what they tell of themselves, and what they keep to themselves."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.paths import ROOT
from tests.tools import Running, environment, free_port, ports_in_a_row, redis_server, started

pytestmark = [pytest.mark.server, pytest.mark.model]

QUESTION = "Combien de personnes faut-il pour une coopérative ? mon numéro est 0661234567"


@pytest.fixture(scope="module")
def two(model: Path, tmp_path_factory: pytest.TempPathFactory, postgres_server: Any) -> Iterator[Running]:
    """Two Rasa processes on one PostgreSQL and one Redis, with meters and JSON logs."""
    postgres_server.psql("CREATE DATABASE two_workers")
    folder = tmp_path_factory.mktemp("two")
    variables = {
        "DALIL_WORKERS": "2",
        "DALIL_RASA_PORT": str(ports_in_a_row(2)),
        "DALIL_METRICS_PORT": str(ports_in_a_row(2)),
        "DALIL_LOG_FORMAT": "json",
        "DATABASE_URL": str(postgres_server.get_uri("two_workers")),
        "DALIL_CHAT_MESSAGES_PER_MINUTE": "6",
    }
    with (
        redis_server(tmp_path_factory.mktemp("redis"), free_port()) as redis,
        started(model, folder / "var", ["rasa"], REDIS_URL=redis, **variables) as running,
    ):
        yield running


def meters(running: Running, worker: int) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What Prometheus reads of a worker: (name, labels) -> value."""
    with urllib.request.urlopen(f"http://127.0.0.1:{running.settings.metrics_port + worker}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for family in families for sample in family.samples}


def ask(running: Running, worker: int, sender: str, message: str) -> list[dict[str, Any]]:
    url = f"http://127.0.0.1:{running.settings.rasa_port + worker}/webhooks/rest/webhook"
    body = json.dumps({"sender": sender, "message": message}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=60) as answer:
        found: list[dict[str, Any]] = json.loads(answer.read())
        return found


def test_a_conversation_goes_on_whichever_worker_it_reaches(two: Running) -> None:
    assert "5" in ask(two, 0, "somebody", QUESTION)[0]["text"]
    assert "capital" in ask(two, 1, "somebody", "et le capital ?")[0]["text"].lower()


def test_turns_are_counted_with_channel_variety_and_outcome(two: Running) -> None:
    labels = (("channel", "rest"), ("outcome", "answered"), ("variety", "ary-Latn"))
    before = meters(two, 0).get(("dalil_turns_total", labels), 0.0)
    ask(two, 0, "another", "ch7al khass dyal nass f ta3awniya")
    after = meters(two, 0)
    assert after["dalil_turns_total", labels] == before + 1
    assert after["dalil_turn_seconds_count", (("channel", "rest"),)] >= 1
    assert after["dalil_database_up", ()] == 1
    for name in ("dalil_inbox_waiting", "dalil_outbox_waiting", "dalil_outbox_oldest_seconds", "dalil_dead_letters", "dalil_cases_waiting"):
        assert after[name, ()] == 0, name
    assert meters(two, 1)["process_resident_memory_bytes", ()] > 0


def test_labels_hold_nothing_of_a_person(two: Running) -> None:
    ask(two, 1, "fatima-zahra", QUESTION)
    values = {value for _, labels in meters(two, 1) for _, value in labels}
    assert not [value for value in values if "fatima" in value or "0661" in value or ":" in value]


def test_meters_stand_on_a_port_of_their_own(two: Running) -> None:
    assert two.request("/metrics")[0] == 404


def test_the_limit_of_the_page_holds_over_both_workers(two: Running) -> None:
    """Six a minute, whichever worker they reach."""
    _, body, _ = two.request("/chat/session", b"")
    session = json.loads(body)["session"]
    answers = []
    for number in range(12):
        url = f"http://127.0.0.1:{two.settings.rasa_port + number % 2}/chat/message"
        request = urllib.request.Request(url, json.dumps({"text": "merci"}).encode(), {"X-Dalil-Session": session})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answers.append(answer.status)
        except urllib.error.HTTPError as error:
            answers.append(error.code)
    assert answers[:6] == [200] * 6
    assert answers.count(200) <= 7  # one more where a tenth of a minute passed
    assert answers[-1] == 429


def test_a_worker_that_is_killed_comes_back_and_the_other_goes_on(two: Running) -> None:
    victim = next(service for service in two.supervisor._services if service.name == "rasa-2")
    assert victim.process is not None
    os.kill(victim.process.pid, signal.SIGKILL)
    assert ask(two, 0, "meanwhile", "merci")
    deadline = time.monotonic() + 90
    two.supervisor.watch(lambda: time.monotonic() < deadline and not _is_up(victim.health))
    assert ask(two, 1, "meanwhile", "merci")


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_health_tells_that_the_database_is_away_and_living_goes_on(two: Running, postgres_server: Any) -> None:
    """The proxy stops sending; the process need not be started again."""
    assert two.request("/health")[0] == 200
    postgres_server.psql("ALTER DATABASE two_workers WITH ALLOW_CONNECTIONS false")
    postgres_server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'two_workers'")
    try:
        status, body, _ = two.request("/health")
        assert (status, json.loads(body)["database"], json.loads(body)["model"]) == (503, False, True)
        assert two.request("/health/live")[0] == 200
        assert meters(two, 0)["dalil_database_up", ()] == 0
        with pytest.raises(urllib.error.HTTPError, match="500"):
            ask(two, 0, "fatima-zahra", QUESTION)
    finally:
        postgres_server.psql("ALTER DATABASE two_workers WITH ALLOW_CONNECTIONS true")
    deadline = time.monotonic() + 30
    while two.request("/health")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert "5" in ask(two, 0, "after", QUESTION)[0]["text"]


def test_logs_are_lines_of_json_without_what_people_wrote(two: Running) -> None:
    """Once the process listens; what libraries warn of while they are imported comes before, as they print it."""
    ask(two, 0, "fatima-zahra", QUESTION)
    text = "\n".join(path.read_text(encoding="utf-8") for path in (two.settings.data_dir / "log").glob("*.log"))
    assert "0661234567" not in text
    assert "fatima" not in text
    lines = (two.settings.data_dir / "log" / "rasa.log").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("{"))  # the database was away
    for line in lines[first:]:
        assert {"time", "level", "logger", "message"} <= json.loads(line).keys(), line


def test_the_console_too_writes_lines_of_json_without_the_words_of_an_error(tmp_path: Path) -> None:
    script = """
import logging
from bot.console.start import set_up
set_up()
try:
    raise ValueError("fatima 0661234567")
except ValueError:
    logging.getLogger("bot.console").exception("The projection stopped")
"""
    with environment(DALIL_DATA_DIR=str(tmp_path), DALIL_LOG_FORMAT="json"):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    line = json.loads(done.stderr.splitlines()[-1])
    assert (line["logger"], line["message"], line["error"]) == ("bot.console", "The projection stopped", "ValueError")
    assert "0661234567" not in done.stdout + done.stderr
