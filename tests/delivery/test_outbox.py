"""The outbox: in order, marked once, nothing lost, dead letters for staff; the same on SQLite and on PostgreSQL."""

import time

import pytest

from bot.delivery import leases, outbox
from bot.delivery.messages import Reply
from bot.storage.database import Database

WHO = "telegram:somebody"


def _say(database: Database, *texts: str) -> None:
    database.now(outbox.answer, WHO, "telegram", [], [Reply(text) for text in texts])


def test_replies_leave_in_order_and_once(database: Database) -> None:
    _say(database, "one", "two")
    for text in ("one", "two"):
        unsent = database.now(outbox.next_unsent, WHO)
        assert (unsent.reply.text, unsent.maybe_sent) == (text, False)
        database.now(outbox.sent, unsent.id, "v")
    assert database.now(outbox.next_unsent, WHO) is None


def test_the_second_waits_for_the_first(database: Database) -> None:
    _say(database, "one", "two")
    first = database.now(outbox.next_unsent, WHO)
    database.now(outbox.again, first.id, time.time() + 60, False, "busy")
    assert database.now(outbox.next_unsent, WHO) is None
    assert database.now(outbox.senders_with_work, ["telegram"]) == []


def test_what_was_being_sent_when_the_process_died_is_known_to_be_uncertain(database: Database) -> None:
    _say(database, "one")
    database.now(outbox.next_unsent, WHO)
    after_the_crash = database.now(outbox.next_unsent, WHO)
    assert after_the_crash.maybe_sent
    assert database.now(outbox.senders_with_work, ["telegram"]) == [(WHO, "telegram")]


def test_a_refused_reply_is_a_dead_letter_that_can_be_sent_again(database: Database) -> None:
    _say(database, "one")
    database.now(outbox.bury, database.now(outbox.next_unsent, WHO).id, "refused")
    (letter,) = database.now(outbox.dead_letters)
    assert (letter.error, letter.text) == ("refused", "one")
    assert database.now(outbox.next_unsent, WHO) is None
    assert database.now(outbox.revive, [letter.id]) == 1
    assert database.now(outbox.next_unsent, WHO).id == letter.id


@pytest.mark.parametrize(("words", "last"), [(["sent", "delivered", "read"], "read"), (["read", "sent"], "read"), (["sent", "failed", "sent"], "failed")])
def test_the_vendors_words_may_come_in_any_order(database: Database, words: list[str], last: str) -> None:
    _say(database, "one")
    row = database.now(outbox.next_unsent, WHO).id
    for word in words:
        assert database.now(outbox.receipt, row, "SM1", word, "Twilio error 63016" if word == "failed" else None)
    database.now(outbox.sent, row, "SM1")
    dead = database.now(outbox.dead_letters)
    assert [letter.error for letter in dead] == (["Twilio error 63016"] if last == "failed" else [])


def test_a_word_on_an_unknown_message_or_an_unknown_word_changes_nothing(database: Database) -> None:
    _say(database, "one")
    assert not database.now(outbox.receipt, 999_999, "SM1", "read", None)
    row = database.now(outbox.next_unsent, WHO).id
    assert not database.now(outbox.receipt, row, "SM1", "eaten", None)
    database.now(outbox.sent, row, "SM1")
    assert not database.now(outbox.receipt, row, "SM2", "failed", None)


def test_a_lease_belongs_to_one_until_it_runs_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert database.now(leases.take, WHO, "a")
    assert database.now(leases.take, WHO, "a")
    assert not database.now(leases.take, WHO, "b")
    now = time.time()
    monkeypatch.setattr(leases.time, "time", lambda: now + leases.SECONDS - 1)
    database.now(leases.renew, [WHO], "a")
    monkeypatch.setattr(leases.time, "time", lambda: now + leases.SECONDS + 1)
    assert not database.now(leases.take, WHO, "b")
    monkeypatch.setattr(leases.time, "time", lambda: now + 3 * leases.SECONDS)
    assert database.now(leases.take, WHO, "b")
    database.now(leases.release, WHO, "a")
    assert not database.now(leases.take, WHO, "a")
