"""The tracker store on SQLite: write-ahead logging, nothing that identifies a person."""

import sqlite3

import pytest

from tests.tools import Running

pytestmark = [pytest.mark.server, pytest.mark.model]


def test_conversations_are_in_a_database_with_write_ahead_logging(dalil: Running) -> None:
    dalil.say("somebody", "Combien de personnes faut-il pour une coopérative ?")
    with sqlite3.connect(dalil.settings.data_dir / "dalil.db") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT count(*) FROM events WHERE type_name = 'user'").fetchone()[0] >= 1


def test_neither_name_nor_number_of_a_person_is_stored(dalil: Running) -> None:
    dalil.say("fatima-zahra", "mon numéro est 0661234567 et ma CIN AB123456, combien de membres pour une coopérative ?")
    with sqlite3.connect(dalil.settings.data_dir / "dalil.db") as database:
        stored = "\n".join(f"{sender} {data}" for sender, data in database.execute("SELECT sender_id, data FROM events"))
    assert "[tel]" in stored
    logs = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in (dalil.settings.data_dir / "log").glob("*.log"))
    for secret in ("fatima-zahra", "0661234567", "AB123456"):
        assert secret not in stored
        assert secret not in logs
