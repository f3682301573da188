"""How fast are the console's pages with half a year of conversations? On SQLite and on PostgreSQL, through Django's test client.

The rows go straight into the console's tables (there are no events behind them): 200,000 turns of 25,000 senders over 180 days, in three
channels and four varieties. What people ask are the example questions of the knowledge base, drawn with a fixed seed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.hours import TIME_ZONE
from bot.knowledge.records import Record
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
#: What is said where no record is shown.
_SHORT = {"refused": "Je ne sais pas répondre à cela.", "talk": "Avec plaisir.", "rated": "Merci.", "handoff": "Votre demande est notée."}
_LANGUAGE = {"fr": "fr", "ar": "ar", "ary-Arab": "ary", "ary-Latn": "ary"}
_RECORDS = list(load().records)
_CAMPAIGNS = (["", "ccis-marrakech", "artisanat-fes", "agri-souss"], [85, 6, 5, 4])


@dataclass
class _Person:
    """A sender, and their row in the list; empty before the first turn."""

    sender: str
    channel: str
    region: str
    campaign: str
    row: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Question:
    """An example question of a record, with all that is the same each time it is asked."""

    variety: str
    text: str
    record: str
    subject: str
    area: str
    intent: str
    words: str
    skeletons: str
    said: str


def _build() -> str:
    """Fill the tables. Returns a word that only few turns hold."""
    from django.db import connection

    from bot.console.chambers.models import Campaign, Chamber

    chance = random.Random(SEED)
    regions = [place.id for place in places().values() if place.kind == "region"]
    for code, region in zip(_CAMPAIGNS[0][1:], regions):
        Campaign.objects.create(code=code, title=code, chamber=Chamber.objects.create(name_fr=code, name_ar=code, region=region))
    people = [_person(number, chance, regions) for number in range(SENDERS)]
    questions = _questions()
    chance.shuffle(questions)
    ends = dt.datetime.now(dt.timezone.utc)
    moments = sorted(ends - dt.timedelta(seconds=chance.random() * DAYS * 86_400) for _ in range(TURNS))
    batch: list[dict[str, Any]] = []
    for number, at in enumerate(moments, 1):
        person, asked = chance.choice(people), chance.choice(questions)
        batch.append(_turn(number, at, person, asked, chance))
        person.row = _conversation(person, batch[-1])
        if len(batch) == _BATCH or number == TURNS:
            _insert("conversations_turn", batch)
            batch = []
    _insert("conversations_conversation", [person.row for person in people if person.row])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it does by itself in time; SQLite does not
    return _rare_word(questions)


def _rare_word(questions: list[_Question]) -> str:
    """A word that the fewest questions hold, in any spelling."""
    counted = Counter(bones for asked in questions for bones in set(asked.skeletons.split()))
    words = {word for asked in questions for word in asked.words.split() if word.isalpha() and len(skeleton(word)) >= 5 and counted[skeleton(word)]}
    return min(words, key=lambda word: (counted[skeleton(word)], word))


def _person(number: int, chance: random.Random, regions: list[str]) -> _Person:
    channel = chance.choices(*_CHANNELS)[0]
    region = chance.choice(regions) if chance.random() < 0.4 else ""
    return _Person(f"{channel}:{number:032x}", channel, region, chance.choices(*_CAMPAIGNS)[0])


def _questions() -> list[_Question]:
    """Every example question."""
    knowledge = load()

    def said(record: Record, variety: str) -> str:
        related = [knowledge.records[name] for name in record.related[:3] if name in knowledge.records]
        buttons = [[each.title.get(_LANGUAGE[variety]), f'/show{{"record": "{each.id}"}}'] for each in related]
        return json.dumps([{"text": shown(record, _LANGUAGE[variety]), "buttons": buttons, "document": ""}], ensure_ascii=False)

    texts = {(record.id, variety): said(record, variety) for record in knowledge.records.values() for variety in _LANGUAGE}
    return [
        _Question(
            variety,
            text,
            record.id,
            record.subject,
            knowledge.subjects[record.subject].area,
            f"ask_{record.aspect}",
            " ".join(tokens(text)),
            skeleton(text),
            texts[record.id, variety],
        )
        for record in knowledge.records.values()
        for variety, text in record.questions.by_variety()
    ]


def _turn(number: int, at: dt.datetime, person: _Person, asked: _Question, chance: random.Random) -> dict[str, Any]:
    """A turn as it stands in the table."""
    outcome = chance.choices(*_OUTCOMES)[0]
    typed = outcome not in ("shown", "rated")
    found = outcome in ("answered", "offered", "shown")
    rating = chance.choices(["", "up", "down"], [85, 11, 4])[0] if found else ""
    ranking = [[asked.record, round(0.5 + chance.random() / 2, 3)], *([chance.choice(_RECORDS), round(chance.random() / 5, 3)] for _ in range(4))]
    return {
        "id": number * 12,  # a turn is about a dozen events
        "conversation_id": person.sender,
        "at": at.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "day": at.astimezone(TIME_ZONE).date().isoformat(),
        "channel": person.channel,
        "kind": "text" if typed else "button",
        "text": asked.text,
        "variety": asked.variety if typed else "",
        "language": _LANGUAGE[asked.variety],
        "intent": asked.intent,
        "confidence": round(0.4 + chance.random() * 0.6, 3),
        "certainty": round(0.4 + chance.random() * 0.6, 3),
        "entities": json.dumps([["subject", asked.subject]]),
        "outcome": outcome,
        "record": asked.record if found else "",
        "second": "",
        "probability": ranking[0][1] if found else None,
        "candidates": json.dumps(ranking if typed else []),
        "area": asked.area if found else "",
        "place": person.region,
        "region": person.region,
        "campaign": person.campaign,
        "said": asked.said if outcome not in _SHORT else json.dumps([{"text": _SHORT[outcome], "buttons": [], "document": ""}]),
        "latency": round(chance.lognormvariate(-0.5, 0.8), 3),
        "inbox_id": number,
        "rating": rating,
        "reason": chance.choice(["other_question", "unclear", "incomplete", "wrong", ""]) if rating == "down" else "",
        "slots": json.dumps({"language": _LANGUAGE[asked.variety], "last_record": asked.record}),
        "words": asked.words if typed else "",
        "skeletons": asked.skeletons if typed else "",
    }


def _conversation(person: _Person, turn: dict[str, Any]) -> dict[str, Any]:
    """The row of the list with one turn more, as bot/console/conversations/projection.py sums them up."""
    before = person.row
    return {
        "sender": person.sender,
        "channel": person.channel,
        "first_at": before.get("first_at", turn["at"]),
        "last_at": turn["at"],
        "turns": before.get("turns", 0) + 1,
        "refused": before.get("refused", 0) + (turn["outcome"] == "refused"),
        "thumbs_down": before.get("thumbs_down", 0) + (turn["rating"] == "down"),
        "handed_over": before.get("handed_over", 0) + (turn["outcome"] == "handoff"),
        "last_text": turn["text"],
        "variety": turn["variety"] or before.get("variety", ""),
        "language": turn["language"],
        "region": turn["region"],
        "campaign": turn["campaign"],
    }


def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    """Write rows as they are: Django's models would take most of the time."""
    from django.db import connection, transaction

    columns = ", ".join(rows[0])
    values = [tuple(row.values()) for row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", values, page_size=500)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(rows[0]))})", values)


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
    from bot.console.figures.pieces import PIECES

    pages = ["/conversations/", "/conversations/?q=ta3awniya", f"/conversations/?q={rare}", "/figures/?period=30"]
    pages += [f"/figures/{name}/?period=30" for name in (*PIECES, "refused")]  # what the page asks for after it is shown
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
