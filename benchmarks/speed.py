"""How fast is the whole product? Dalil beside a bare Rasa 3.6 bot (benchmarks/bare.py), real servers over REST, in one run.

Rounds alternate between the two, so that a machine that becomes slower slows both. Ratios are what counts; a time is this machine's.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from benchmarks import bare
from benchmarks.load import Load, ask
from bot import learnt
from bot.evaluation import read_questions
from bot.language.completeness import is_complete
from bot.settings import Settings, settings
from bot.supervisor import Supervisor
from bot.training import model_path, train, train_into
from tests.connected import KEY, telegram_settings
from tests.tools import free_port, ports_in_a_row, redis_server
from tests.vendors.telegram import FakeTelegram

ROUNDS = 3
_MESSAGES = 500
_AT_ONCE = 200
SMALL_TALK = ("bonjour", "merci", "salam", "شكرا")


def questions() -> list[str]:
    """What is asked: the open questions on cooperatives, all varieties."""
    return [question.text for question in read_questions("open") if question.area == "cooperative"]


@contextmanager
def prepared(folder: Path, **values: str) -> Iterator[None]:
    """A data directory of its own with the trained model, and free ports, for what is started inside."""
    (folder / "models").mkdir(parents=True)
    for path in (model_path(settings()), model_path(settings()).with_name("dalil.inputs")):
        shutil.copy(path, folder / "models")
    variables = {"DALIL_DATA_DIR": str(folder), "DALIL_RASA_PORT": str(ports_in_a_row(2)), "DALIL_CONSOLE_PORT": str(free_port()), **values}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def dalil(folder: Path, only: Sequence[str] = (), **values: str) -> Iterator[tuple[Supervisor, list[str]]]:
    """Dalil's processes, or some of their parts; their supervisor, the REST channels."""
    with prepared(folder, **values):
        own = Settings()
        supervisor = Supervisor(own, print, only)
        with supervisor.running():
            yield supervisor, [f"http://127.0.0.1:{own.rasa_port + number}/webhooks/rest/webhook" for number in range(own.workers)]


def command_to_ready(folder: Path) -> tuple[float, int]:
    """The seconds from the command `dalil run` to its word that all is ready, and the MiB that the command itself takes beside its processes."""
    with prepared(folder):
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "bot.cli", "run"], stdout=subprocess.PIPE, text=True)
        try:
            if not any("Dalil is ready" in line for line in process.stdout or ()):
                raise SystemExit("dalil run did not become ready")
            return time.perf_counter() - began, bare.memory_of(process)
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def stock_server(folder: Path) -> Iterator[float]:
    """`rasa run` as it is, with Dalil's model and tracker store and its own REST channel; the seconds from start to ready."""
    port = free_port()
    (folder / "rest.yml").write_text("rest:\n", encoding="utf-8")
    environment = {**bare.quiet_environment(), "DATABASE_URL": f"sqlite:///{folder / 'stock.db'}", "DALIL_ACTIONS_ADDRESS": "http://127.0.0.1:9/webhook"}
    command = [sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--model", str(model_path(settings()))]
    command += ["--endpoints", "endpoints.yml", "--credentials", str(folder / "rest.yml")]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        bare.wait_for(f"http://127.0.0.1:{port}/")
        yield time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(20)


def memory(supervisor: Supervisor) -> dict[str, int]:
    """Resident MiB of each process."""
    return {service.name: bare.memory_of(service.process) for service in supervisor._services if service.process}


def _middle(loads: list[Load], figure: str) -> float:
    return statistics.median(getattr(load, figure) for load in loads)


def turns(folder: Path) -> None:
    """One turn, and throughput."""
    print("== a turn, Dalil beside a bare Rasa bot with one custom action; medians of three rounds")
    project = folder / "bare"
    bare.write_project(project)
    bare.train(project)
    asked = questions()
    loads: dict[tuple[str, str], list[Load]] = {}
    with dalil(folder / "dalil") as (supervisor, urls), bare.running(project) as other:
        for number in range(ROUNDS):
            for who, channel in (("Dalil", urls), ("bare Rasa", [other.url])):
                for what, messages, at_once in (("question", asked, 1), ("small talk", SMALL_TALK, 1), ("eight at once", asked, 8)):
                    loads.setdefault((what, who), []).append(ask(channel, list(messages), at_once, 150, f"{what[:1]}{number}", 20))
        resident = memory(supervisor)
    for what, figure in (("question", "median"), ("question", "p95"), ("small talk", "median"), ("eight at once", "per_second")):
        ours, theirs = _middle(loads[what, "Dalil"], figure), _middle(loads[what, "bare Rasa"], figure)
        print(f"{what:13} {figure:10}  Dalil {ours:7.1f}   bare Rasa {theirs:7.1f}   ratio {ours / theirs:.2f}")
    print(f"memory after it: {resident}, together {sum(resident.values())} MiB; bare Rasa {other.memory} MiB (two processes)")


def telegram(folder: Path) -> None:
    """A question that comes over Telegram's webhook: taken in, answered, sent through the outbox to a played Telegram in this process."""
    print("== a question over Telegram's webhook, to the arrival of the answer; a bare bot's turn over REST beside it")
    project = folder / "bare"
    bare.write_project(project)
    bare.train(project)
    asked = [question for question in questions() if is_complete(question)]  # others wait for a next piece first
    port = str(ports_in_a_row(2))
    with FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook") as played:
        values = {"DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": KEY, **telegram_settings(played)}
        with dalil(folder / "dalil", ("rasa",), **values) as (supervisor, _), bare.running(project) as other:
            subprocess.run([sys.executable, "-m", "bot.cli", "telegram", "set-webhook"], check=True, stdout=subprocess.DEVNULL)
            theirs = [ask([other.url], asked, 1, 100, f"b{number}", 20) for number in range(2)]
            waited = [_answered_after(played, question, 1000 + number // 20) for number, question in enumerate(asked[:120])]
            process = supervisor._services[0].process
            assert process is not None
            spent, began = bare.cpu_of(process), time.perf_counter()
            people = [played.user(5000 + number) for number in range(40)]
            for number in range(_AT_ONCE):
                people[number % len(people)].text(asked[number % len(asked)])
            while sum(len(person.sent) for person in people) < _AT_ONCE:
                time.sleep(0.01)
            seconds, spent = time.perf_counter() - began, bare.cpu_of(process) - spent
    ours, bare_median = statistics.median(waited) * 1000, _middle(theirs, "median")
    print(f"one at a time: Dalil over Telegram {ours:.1f} ms   bare Rasa over REST {bare_median:.1f} ms   ratio {ours / bare_median:.2f}")
    print(
        f"{_AT_ONCE} of 40 people at once: {_AT_ONCE / seconds:.1f} a second, {spent / _AT_ONCE * 1000:.1f} milliseconds of a core a message of Rasa's process"
    )


def _answered_after(played: FakeTelegram, question: str, chat: int) -> float:
    """The seconds until somebody who writes has the first message of the answer."""
    person = played.user(chat)
    before, began = len(person.sent), time.perf_counter()
    person.text(question)
    person.wait_for(before + 1)
    waited = time.perf_counter() - began
    time.sleep(0.05)  # what else belongs to the answer
    return waited


def training(folder: Path) -> None:
    """Training, each on its own lines."""
    print("== training: Dalil on all its lines, beside the bare Rasa bot on its 1,200")
    own, project = folder / "dalil", folder / "bare"
    own.mkdir()
    bare.write_project(project)
    began = time.perf_counter()
    train_into(settings(), own, learnt.file(settings()), folder / "train.log", print)
    ours = time.perf_counter() - began
    theirs = bare.train(project)
    print(f"Dalil {ours:.1f} s   bare Rasa {theirs:.1f} s   ratio {ours / theirs:.2f}")


def start(folder: Path) -> None:
    """From the start to the first possible answer."""
    print("== start to ready: the command `dalil run` with all processes, beside `rasa run` alone with the same model")
    ours, theirs = [], []
    for number in range(ROUNDS):
        ready_after, command = command_to_ready(folder / f"start-{number}")
        ours.append(ready_after)
        with stock_server(folder) as ready_after:
            theirs.append(ready_after)
    print(
        f"Dalil {statistics.median(ours):.1f} s   rasa run {statistics.median(theirs):.1f} s   ratio {statistics.median(ours) / statistics.median(theirs):.2f}"
    )
    print(f"memory of the command that watches them: {command} MiB")


def growth(folder: Path, longest: int = 5_000) -> None:
    """Long conversations, and whether one slows the others."""
    print(f"== one conversation of {longest:,} turns")
    asked = questions()
    with dalil(folder / "growth", DALIL_CHAT_MESSAGES_PER_MINUTE="100000") as (_, urls):
        times = _one_conversation(urls[0], asked, longest)
        # The same messages each time: one costs twice as much as another.
        once = len(asked)
        first = statistics.median(times[:once])
        print(f"the first {once} turns: {first:.1f} ms")
        for at in (1_000, longest):
            took = statistics.median(times[at - at % once - once : at - at % once])
            print(f"as many before turn {at}: {took:.1f} ms, {took / first:.2f} times the first ones")
        beside: dict[bool, list[Load]] = {False: [], True: []}
        for number in range(2 * ROUNDS):
            for new in (False, True) if number % 2 else (True, False):
                with _talking(urls[0], asked, new):
                    beside[new].append(ask(urls, asked, 1, 80, f"beside{number}{new}"))
    long, short = _middle(beside[False], "median"), _middle(beside[True], "median")
    print(f"somebody else's turn while that one goes on writing {long:.1f} ms, while newcomers write {short:.1f} ms: ratio {long / short:.2f}")


def _one_conversation(url: str, messages: list[str], count: int) -> list[float]:
    """Milliseconds of each turn of one sender."""
    times = []
    with requests.Session() as session:
        for number in range(count):
            began = time.perf_counter()
            session.post(url, json={"sender": "the long one", "message": messages[number % len(messages)]}, timeout=60).raise_for_status()
            times.append((time.perf_counter() - began) * 1000)
    return times


@contextmanager
def _talking(url: str, messages: list[str], new: bool = False) -> Iterator[None]:
    """Somebody who writes again as soon as the answer is there, in a process of their own: the long one, or newcomers."""
    code = "import itertools, json, sys, requests\nurl, messages, new = json.loads(sys.argv[1])\nsession = requests.Session()\n"
    code += "for n in itertools.count():\n    sender = f'newcomer {n // 10}' if new else 'the long one'\n"
    code += "    session.post(url, json={'sender': sender, 'message': messages[n % len(messages)]}, timeout=60)\n"
    process = subprocess.Popen([sys.executable, "-c", code, json.dumps([url, messages, new])])
    time.sleep(2)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def scale(folder: Path) -> None:
    """Two workers beside one, on PostgreSQL and Redis; the console is elsewhere, as where there are several workers."""
    import pgserver

    print("== two Rasa workers beside one, PostgreSQL and Redis on the same cores, sixteen senders at once")
    asked = questions()
    server: Any = pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    found: dict[int, list[Load]] = {1: [], 2: []}
    try:
        with redis_server(folder / "redis", free_port()) as redis:
            for number in range(ROUNDS):
                for workers in found:
                    name = f"scale_{number}_{workers}"
                    server.psql(f"CREATE DATABASE {name}")
                    values = {"DALIL_WORKERS": str(workers), "DATABASE_URL": str(server.get_uri(name)), "REDIS_URL": redis}
                    with dalil(folder / name, ("rasa",), **values) as (supervisor, urls):
                        ask(urls, asked, 16, 50, f"{name}-first")
                        processes = [service.process for service in supervisor._services if service.process]
                        began, worked, all_began = os.times(), sum(map(bare.cpu_of, processes)), bare.cpu_of_machine()
                        found[workers].append(ask(urls, asked, 16, _MESSAGES, name, 2))
                        ended, worked = os.times(), sum(map(bare.cpu_of, processes)) - worked
                        load = ended.user + ended.system - began.user - began.system
                        others = bare.cpu_of_machine() - all_began - worked - load
                        each = {"Rasa": worked, "the load generator": load, "PostgreSQL and all else": others}
                        told = ", ".join(f"{who} {seconds / _MESSAGES * 1000:.1f}" for who, seconds in each.items())
                        print(f"{workers} workers: {found[workers][-1]}; milliseconds of a core a message: {told}")
    finally:
        server.cleanup()
    one, two = (_middle(found[workers], "per_second") for workers in (1, 2))
    print(f"one {one:.1f} a second, two {two:.1f}: ratio {two / one:.2f} on {os.cpu_count()} cores, which all the others share")


def main() -> None:
    """Everything, one after the other."""
    train(settings(), print)
    with tempfile.TemporaryDirectory() as name:
        for part in (training, turns, telegram, start, growth, scale):
            folder = Path(name) / part.__name__
            folder.mkdir()
            part(folder)


if __name__ == "__main__":
    main()
