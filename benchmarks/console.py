"""How fast are the console's pages with half a year of conversations? On SQLite and on PostgreSQL, through Django's test client.

The rows go straight into the console's tables (there are no events behind them): 200,000 turns of 25,000 senders over 180 days, in three
channels and four varieties. What people ask are the example questions of the knowledge base, drawn with a fixed seed.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.knowledge.store import load
from bot.knowledge.text import shown
from bot.language.normal import tokens
from bot.language.skeleton import skeleton
from bot.paths import ROOT
from bot.places.regions import places

TURNS, SENDERS, DAYS = 200_000, 25_000, 180
SEED = 0
#: A page is asked for so often, for so many seconds at most.
REPEATS, LONGEST = 30, 25.0
#: Longest that one database may take, from its first row to the last figure.
TIMEOUT = 900
_BATCH = 2_000
_CHANNELS = (["telegram", "whatsapp", "web"], [5, 4, 1])
#: How often a turn ends so: as in a talk of a few questions with some buttons.
_OUTCOMES = (["answered", "offered", "refused", "shown", "office", "journey", "talk", "rated", "handoff"], [45, 10, 9, 8, 5, 8, 10, 4, 1])
_LANGUAGE = {"fr": "fr", "ar": "ar", "ary-Arab": "ary", "ary-Latn": "ary"}
_CAMPAIGNS = (["", "ccis-marrakech", "artisanat-fes", "agri-souss"], [85, 6, 5, 4])


def _build() -> str:
    """Fill the tables. Returns a word that only few turns hold."""
    from django.db import connection

    from bot.console.chambers.models import Campaign, Chamber
    from bot.console.conversations.models import Conversation, Turn
    from bot.console.conversations.projection import summarise

    chance = random.Random(SEED)
    regions = [place.id for place in places().values() if place.kind == "region"]
    for code, region in zip(_CAMPAIGNS[0][1:], regions):
        Campaign.objects.create(code=code, title=code, chamber=Chamber.objects.create(name_fr=code, name_ar=code, region=region))
    senders = [_sender(number, chance, regions) for number in range(SENDERS)]
    ends = dt.datetime.now(dt.timezone.utc)
    moments = sorted(ends - dt.timedelta(seconds=chance.random() * DAYS * 86_400) for _ in range(TURNS))
    questions = _questions()
    chance.shuffle(questions)
    batch: list[Turn] = []
    for number, at in enumerate(moments, 1):
        batch.append(_turn(number, at, chance.choice(senders), questions[chance.randrange(len(questions))], chance))
        if len(batch) == _BATCH:
            Turn.objects.bulk_create(batch)
            batch.clear()
    Turn.objects.bulk_create(batch)
    names = [sender["sender"] for sender in senders]
    for start in range(0, len(names), _BATCH):
        summarise(names[start : start + _BATCH])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it does by itself in time; SQLite does not
    assert Conversation.objects.count() > SENDERS * 0.99
    return _rare_word(Turn.objects.filter(kind="text").values_list("words", flat=True).iterator())


def _sender(number: int, chance: random.Random, regions: list[str]) -> dict[str, str]:
    channel = chance.choices(*_CHANNELS)[0]
    known = chance.random() < 0.4
    return {
        "sender": f"{channel}:{number:032x}",
        "channel": channel,
        "region": chance.choice(regions) if known else "",
        "campaign": chance.choices(*_CAMPAIGNS)[0],
    }


def _questions() -> list[tuple[str, str, str, str, str, str]]:
    """(variety, question, record, area, words, skeletons) of every example question."""
    knowledge = load()
    return [
        (variety, text, record.id, knowledge.subjects[record.subject].area, " ".join(tokens(text)), skeleton(text))
        for record in knowledge.records.values()
        for variety, text in record.questions.by_variety()
    ]


def _turn(number: int, at: dt.datetime, sender: dict[str, str], question: tuple[str, str, str, str, str, str], chance: random.Random) -> Any:
    from bot.console.conversations.models import Turn
    from bot.hours import TIME_ZONE

    variety, text, record, area, words, skeletons = question
    outcome = chance.choices(*_OUTCOMES)[0]
    typed = outcome not in ("shown", "rated")
    found = outcome in ("answered", "offered", "shown")
    rating = chance.choices(["", "up", "down"], [85, 11, 4])[0] if found else ""
    ranking = [[record, round(0.5 + chance.random() / 2, 3)], *([other, round(chance.random() / 5, 3)] for other in chance.sample(_RECORDS, 4))]
    said = shown(load().records[record], _LANGUAGE[variety]) if found else ""
    return Turn(
        id=number * 12,  # a turn is about a dozen events
        conversation_id=sender["sender"],
        at=at,
        day=at.astimezone(TIME_ZONE).date(),
        channel=sender["channel"],
        kind="text" if typed else "button",
        text=text,
        variety=variety if typed else "",
        language=_LANGUAGE[variety],
        intent=_INTENT.get(load().records[record].aspect, "ask_steps"),
        confidence=round(0.4 + chance.random() * 0.6, 3),
        certainty=round(0.4 + chance.random() * 0.6, 3),
        entities=[["subject", load().records[record].subject]],
        outcome=outcome,
        record=record if found else "",
        second="",
        probability=ranking[0][1] if found else None,
        candidates=ranking if typed else [],
        area=area if found else "",
        place=sender["region"],
        region=sender["region"],
        campaign=sender["campaign"],
        said=[{"text": said, "buttons": [[name, f'/show{{"record": "{name}"}}'] for name in _RECORDS[:3]], "document": ""}],
        latency=round(chance.lognormvariate(-0.5, 0.8), 3),
        inbox_id=number,
        rating=rating,
        reason=chance.choice(["other_question", "unclear", "incomplete", "wrong", ""]) if rating == "down" else "",
        slots={"language": _LANGUAGE[variety], "last_record": record},
        words=words if typed else "",
        skeletons=skeletons if typed else "",
    )


_RECORDS = list(load().records)
_INTENT = {aspect: f"ask_{aspect}" for aspect in load().aspects}


def _rare_word(texts: Iterator[str]) -> str:
    counted = Counter(word for text in texts for word in set(text.split()) if len(word) > 5)
    return min(counted, key=lambda word: (counted[word], word))


def _times(client: Any, path: str) -> tuple[list[float], int]:
    """Milliseconds of each answer, the first one (which fills caches) left out; the size of the page."""
    assert (answer := client.get(path)).status_code == 200, (path, answer.status_code)
    times: list[float] = []
    ends = time.monotonic() + LONGEST
    while len(times) < REPEATS and (len(times) < 3 or time.monotonic() < ends):
        began = time.perf_counter()
        size = len(client.get(path).content)
        times.append((time.perf_counter() - began) * 1000)
    return times, size


def measure() -> None:
    """Build the database that DATABASE_URL names and print how long the pages take."""
    from bot.console.start import migrate

    began = time.perf_counter()
    migrate()
    from django.test import Client

    from bot.console.accounts.models import Staff

    rare = _build()
    print(f"  built in {time.perf_counter() - began:.0f} s", flush=True)
    staff = Staff.objects.add(username="bench", role="manager", password=os.urandom(12).hex())
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    pages = ["/conversations/", "/conversations/?q=ta3awniya", f"/conversations/?q={rare}", "/figures/?period=30"]
    for path in pages:
        times, size = _times(client, path)
        high = statistics.quantiles(times, n=20)[-1]
        print(f"  {path:32} median {statistics.median(times):6.0f} ms   p95 {high:6.0f} ms   ({len(times)} times, {size / 1024:.0f} KiB)", flush=True)


def _in_a_process_of_its_own(folder: Path, url: str) -> None:
    """Django knows one database a process."""
    values = {**os.environ, "DATABASE_URL": url, "DALIL_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "benchmarks.console", "measure"], cwd=ROOT, env=values, timeout=TIMEOUT, check=True)


def main() -> None:
    """Print how fast the pages are on both databases."""
    print(f"== the console with {TURNS} turns of {SENDERS} senders over {DAYS} days", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("SQLite", flush=True)
        _in_a_process_of_its_own(folder, f"sqlite:///{folder / 'dalil.db'}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pgserver

            server = pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE bench")
            print("PostgreSQL", flush=True)
            _in_a_process_of_its_own(folder, server.get_uri("bench"))
        finally:
            server.cleanup()


if __name__ == "__main__":
    measure() if "measure" in sys.argv else main()
