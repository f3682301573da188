"""Erasing really erases, and what is too old goes; the same on SQLite and on PostgreSQL."""

import time
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, select, text

from bot.delivery import outbox
from bot.delivery.messages import Inbound, Reply
from bot.delivery.receipt import Receipt, Reception
from bot.privacy import erasure
from bot.privacy.addresses import AddressBook, UnreadableAddress
from bot.storage.database import Database
from bot.storage.tables import contacts, inbox
from bot.storage.tables import outbox as outbox_table
from bot.storage.tracker_store import DalilTrackerStore

RECEPTION = Reception(b"k" * 32, 200, 100)
OWN = Inbound("telegram", "1", "77", "combien de membres ?")
OTHER = Inbound("telegram", "2", "88", "combien de membres ?")


@pytest.fixture
async def talked(database: Database, postgres: str) -> Database:
    """Two people have talked: their messages, replies and Rasa's own record are stored."""
    url = str(database._engine.url) if database.is_sqlite else postgres
    store: SQLTrackerStore = DalilTrackerStore(Domain.empty(), host=url)
    database.now(lambda c: c.execute(text("DELETE FROM events")))
    for inbound in (OWN, OTHER):
        sender = RECEPTION.sender(inbound)
        database.now(RECEPTION.take, inbound)
        (message,) = database.now(outbox.waiting, sender)
        database.now(outbox.answer, sender, "telegram", [message.id], [Reply("cinq")])
        database.now(outbox.sent, database.now(outbox.next_unsent, sender).id, "9")
        await store.save(DialogueStateTracker.from_events(sender, [UserUttered("combien de membres ?")]))
    store.engine.dispose()
    return database


def _left(database: Database, sender: str) -> list[int]:
    def count(connection: object) -> list[int]:
        events = connection.execute(text("SELECT count(*) FROM events WHERE sender_id = :sender"), {"sender": sender}).scalar_one()
        rest = [connection.execute(select(func.count()).select_from(t).where(t.c.sender == sender)).scalar_one() for t in (inbox, outbox_table, contacts)]
        return [events, *rest]

    return database.now(count)


async def test_erasing_leaves_nothing_of_one_and_everything_of_the_other(talked: Database) -> None:
    assert _left(talked, RECEPTION.sender(OWN)) == [1, 1, 1, 1]
    assert talked.now(erasure.erase, RECEPTION.sender(OWN)).total == 4
    assert _left(talked, RECEPTION.sender(OWN)) == [0, 0, 0, 0]
    assert _left(talked, RECEPTION.sender(OTHER)) == [1, 1, 1, 1]


def test_what_was_erased_stands_in_no_byte_of_sqlite_s_files(database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's files are its own matter: autovacuum clears them")
    said = Inbound("telegram", "1", "77", "une phrase que personne d'autre n'a dite")
    database.now(RECEPTION.take, said)
    written = said.text.encode()
    assert any(written in path.read_bytes() for path in tmp_path.iterdir())
    database.now(erasure.erase, RECEPTION.sender(said))
    database.fold_log()
    assert not any(written in path.read_bytes() for path in tmp_path.iterdir())


async def test_a_replay_after_erasing_stays_without_effect(talked: Database) -> None:
    talked.now(erasure.erase, RECEPTION.sender(OWN))
    assert talked.now(RECEPTION.take, OWN) is Receipt.REPEATED
    assert talked.now(outbox.waiting, RECEPTION.sender(OWN)) == []


async def test_the_last_word_is_said_before_the_address_goes(talked: Database) -> None:
    sender = RECEPTION.sender(OWN)
    talked.now(erasure.erase_conversation, sender)
    talked.now(outbox.answer, sender, "telegram", [], [Reply("effacé")])
    talked.now(lambda c: c.execute(contacts.update().where(contacts.c.sender == sender).values(erase_at=time.time())))
    talked.now(erasure.finish, sender)
    assert _left(talked, sender)[3] == 1
    talked.now(outbox.sent, talked.now(outbox.next_unsent, sender).id, "10")
    talked.now(erasure.finish, sender)
    assert _left(talked, sender) == [0, 0, 0, 0]


async def test_purging_takes_what_is_older_than_allowed(talked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert talked.now(erasure.purge, 180, 365).total == 0
    now = time.time()
    monkeypatch.setattr(erasure.time, "time", lambda: now + 181 * 86_400)
    purged = talked.now(erasure.purge, 180, 365)
    assert (purged.events, purged.inbox, purged.outbox, purged.contacts) == (2, 2, 2, 0)
    monkeypatch.setattr(erasure.time, "time", lambda: now + 366 * 86_400)
    assert talked.now(erasure.purge, 180, 365).contacts == 2


def test_an_address_is_of_no_use_without_its_key() -> None:
    stored = AddressBook(b"a" * 32).encrypt("+212612345678")
    assert "612345678" not in stored
    with pytest.raises(UnreadableAddress):
        AddressBook(b"b" * 32).decrypt(stored)
