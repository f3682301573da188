"""The outbox: in order, marked once, nothing lost, dead letters for staff; the same on SQLite and on PostgreSQL."""

import time

import pytest

from bot.delivery import leases, outbox
from bot.delivery.messages import Reply
from bot.privacy import erasure
from bot.storage.database import Database
from bot.storage.tables import contacts

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


def test_a_process_that_lost_its_lease_may_not_write(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.now(leases.take, WHO, "a")
    database.now(leases.check, WHO, "a")
    now = time.time()
    monkeypatch.setattr(leases.time, "time", lambda: now + leases.SECONDS + 1)
    database.now(leases.take, WHO, "b")
    for work in (leases.check, leases.release_if_idle):
        with pytest.raises(leases.LeaseLost):
            database.now(work, WHO, "a")


def test_what_was_given_up_while_it_was_being_sent_stays_given_up(database: Database) -> None:
    _say(database, "one")
    row = database.now(outbox.next_unsent, WHO).id
    database.now(outbox.bury_all, WHO, "stopped by the user")
    database.now(outbox.again, row, 0.0, False, "busy")
    assert [letter.error for letter in database.now(outbox.dead_letters)] == ["stopped by the user"]


def test_dead_letters_are_not_sent_to_whoever_said_stop(database: Database) -> None:
    contact = {"sender": WHO, "channel": "telegram", "address": "x", "first_seen": 0.0, "last_inbound": 0.0, "greeted": True}
    database.now(lambda c: c.execute(contacts.insert().values(**contact, opted_out_at=1.0)))
    _say(database, "one")
    database.now(outbox.bury_all, WHO, "stopped by the user")
    assert database.now(outbox.revive, None) == 0


def test_a_number_is_never_used_again(database: Database) -> None:
    _say(database, "one")
    first = database.now(outbox.next_unsent, WHO).id
    database.now(erasure.erase, WHO)
    _say(database, "two")
    assert database.now(outbox.next_unsent, WHO).id > first


def test_a_reply_behind_one_that_waits_is_not_due_before_it(database: Database) -> None:
    _say(database, "one")
    database.now(outbox.again, database.now(outbox.next_unsent, WHO).id, time.time() + 60, False, "busy")
    _say(database, "two")
    assert database.now(outbox.senders_with_work, ["telegram"]) == []


def test_senders_of_a_paused_channel_do_not_crowd_out_the_others(database: Database) -> None:
    for number in range(600):
        database.now(outbox.answer, f"telegram:{number}", "telegram", [], [Reply("x")])
    database.now(outbox.answer, "whatsapp:1", "whatsapp", [], [Reply("x")])
    assert database.now(outbox.senders_with_work, ["whatsapp"]) == [("whatsapp:1", "whatsapp")]
    assert len(database.now(outbox.senders_with_work, ["telegram", "whatsapp"])) == 500
