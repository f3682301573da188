"""Finding a person by an address as people write it, and erasing them alone; where there is no console too."""

import time

import pytest

from bot.delivery import leases
from bot.delivery.messages import Inbound
from bot.delivery.receipt import Reception
from bot.privacy import access, copies, erasure, people
from bot.privacy.people import NoAddress
from bot.storage.database import Database

KEY = b"k" * 32
RECEPTION = Reception(KEY, 200, 100)
HERS = Inbound("whatsapp", "1", "+212661234567", "combien de membres ?")


@pytest.mark.parametrize(
    "written", ["+212661234567", "whatsapp:+212661234567", "06 61 23 45 67", "06.61.23.45.67", "00212 661-234567", "212661234567", "٠٦٦١٢٣٤٥٦٧"]
)
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert people.find("whatsapp", written, KEY) == RECEPTION.sender(HERS)


@pytest.mark.parametrize(("channel", "address"), [("telegram", "77"), ("telegram", "-1001234567890"), ("whatsapp", "+33612345678")])
def test_other_addresses_stay_as_they_are(channel: str, address: str) -> None:
    assert people.find(channel, f" {address} ", KEY) == RECEPTION.sender(Inbound(channel, "1", address))


@pytest.mark.parametrize(("channel", "address"), [("whatsapp", "Fatima"), ("whatsapp", ""), ("whatsapp", "0661"), ("telegram", "@fatima"), ("telegram", "")])
def test_what_is_no_address_is_refused(channel: str, address: str) -> None:
    with pytest.raises(NoAddress):
        people.find(channel, address, KEY)


def test_who_has_written_is_known_until_they_are_erased(database: Database) -> None:
    sender = RECEPTION.sender(HERS)
    assert not database.now(people.is_known, sender)
    database.now(RECEPTION.take, HERS)
    assert database.now(people.is_known, sender)
    assert people.erase(database.now, sender).kinds == {"inbox": 1, "contacts": 1}
    assert not database.now(people.is_known, sender)


def test_while_somebody_works_for_a_person_they_are_not_erased(database: Database) -> None:
    sender = RECEPTION.sender(HERS)
    database.now(RECEPTION.take, HERS)
    database.now(leases.take, sender, "worker")
    assert people.erase(database.now, sender, patience=0.0) is None
    assert database.now(people.is_known, sender)
    database.now(leases.release, sender, "worker")
    assert people.erase(database.now, sender, patience=0.0).total == 2


def test_where_there_is_no_console_there_is_nothing_of_it(database: Database) -> None:
    assert database.now(copies.copies) == []
    database.now(RECEPTION.take, HERS)
    stored = database.now(access.everything, RECEPTION.sender(HERS))
    assert (stored.known.start_code, stored.received, stored.noted) == ("", 1, ())


def test_each_deletion_of_old_data_is_remembered_for_a_year(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.now(RECEPTION.take, HERS)
    database.now(lambda connection: connection.exec_driver_sql("UPDATE inbox SET state = 'done'"))
    now = time.time()
    monkeypatch.setattr(erasure.time, "time", lambda: now + 181 * 86_400)
    database.now(erasure.purge, 180, 365)
    database.now(erasure.purge, 180, 365)
    assert [purge.kinds for purge in database.now(erasure.last_purges, 5)] == [{}, {"inbox": 1}]
    monkeypatch.setattr(erasure.time, "time", lambda: now + 600 * 86_400)
    database.now(erasure.purge, 180, 365)
    assert [purge.kinds for purge in database.now(erasure.last_purges, 5)] == [{"contacts": 1}]
