"""Write the databases that a release leaves behind, for the tests of the releases after it.

Before the first change of a table after a release, in a checkout of that release: `python -m tests.upgrade.write 0.1.0`. It holds a few
conversations over a played Telegram and stops Dalil in the middle of them; the databases are written beside this file.
"""

from __future__ import annotations

import contextlib
import gzip
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from bot.delivery.messages import Inbound
from bot.delivery.receipt import Reception
from bot.settings import settings
from bot.storage.database import Database
from bot.training import model_path, train
from tests.connected import KEY, telegram_settings
from tests.tools import free_port, started
from tests.vendors.telegram import FakeTelegram

FOLDER = Path(__file__).parent

#: Somebody in the middle of a journey, somebody who waits for a person, whose answer waits, whose message waits.
JOURNEY, CASE, ANSWER, MESSAGE = 9001, 9002, 9003, 9004
QUESTION = "Combien de personnes faut-il pour créer une coopérative ?"

_STAFF = """
from bot.console.start import migrate
migrate()
from bot.console.accounts.models import Staff
from bot.console.chambers.models import Campaign, Chamber
chamber = Chamber.objects.create(name_fr="Chambre d'artisanat de Fès", name_ar="غرفة الصناعة التقليدية بفاس", region="03")
Campaign.objects.create(code="souk-fes", title="Souk de Fès", chamber=chamber)
amina = Staff(username="amina", role="manager")
amina.set_unusable_password()
amina.save()
"""


def _talk(telegram: FakeTelegram) -> None:
    journey, case = telegram.user(JOURNEY), telegram.user(CASE)
    for number, text in enumerate([QUESTION, "quelle forme juridique me convient ?"], 2):
        journey.text(text)
        journey.wait_for(number, seconds=30)
    for number, text in enumerate([QUESTION, "je veux parler à une personne"], 2):
        case.text(text)
        case.wait_for(number, seconds=30)
    case.press(next(choice["id"] for choice in case.sent[-1].choices))
    case.wait_for(4, seconds=30)
    telegram.faults.down_for(60)
    telegram.user(ANSWER).text(QUESTION)
    time.sleep(5)


def _leave(model: Path, url: str) -> None:
    """A database as a Dalil leaves it that was stopped in the middle of its work."""
    port = str(free_port())
    with tempfile.TemporaryDirectory() as name, FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook") as telegram:
        variables = {**telegram_settings(telegram), "DATABASE_URL": url, "DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": KEY}
        with started(model, Path(name) / "var", **variables) as running:
            running.command("telegram", "set-webhook")
            subprocess.run([sys.executable, "-c", _STAFF], env=running.environment, check=True)
            _talk(telegram)
            running.command("console", "rebuild")
        database = Database(url)
        database.now(Reception(KEY.encode(), 1000, 100).take, Inbound("telegram", str(MESSAGE), str(MESSAGE), QUESTION))
        database.close()


def main(release: str) -> None:
    """Write both databases of a release."""
    train(settings(), print)
    model = model_path(settings())
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "dalil.db"
        _leave(model, f"sqlite:///{file}")
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (FOLDER / f"{release}.sqlite.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pgserver

            server: Any = pgserver.get_server(Path(name) / "postgres", cleanup_mode="stop")
        server.psql("CREATE DATABASE release")
        url = str(server.get_uri("release"))
        _leave(model, url)
        program = Path(pgserver.__file__).with_name("pginstall") / "bin" / "pg_dump"
        done = subprocess.run([program, "--no-owner", "--no-privileges", "--inserts", url], check=True, capture_output=True, text=True)
        (FOLDER / f"{release}.postgresql.gz").write_bytes(gzip.compress(done.stdout.encode(), mtime=0))
        server.cleanup()


if __name__ == "__main__":
    main(sys.argv[1])
