"""A conversation of any length costs the same: after a while a new session begins, and the language and the subject stay."""

import sqlite3
import statistics
import time
from collections.abc import Callable

import pytest

from bot.channels.turn import SESSION_TURNS, Sessions
from tests.tools import Running


def test_a_session_is_full_after_its_turns() -> None:
    sessions = Sessions()
    full = [sessions.is_full("somebody") for _ in range(2 * SESSION_TURNS + 1)]
    assert [turn for turn, is_full in enumerate(full) if is_full] == [SESSION_TURNS, 2 * SESSION_TURNS]
    assert not sessions.is_full("somebody else")


@pytest.mark.server
@pytest.mark.model
def test_a_long_conversation_is_cut_into_sessions_and_keeps_its_language(dalil: Running, measured: Callable[[str], None]) -> None:
    sender, times = "long-talker", []
    for turn in range(4 * SESSION_TURNS + 20):
        began = time.perf_counter()
        replies = dalil.say(sender, "Combien de personnes faut-il pour créer une coopérative ?" if turn % 2 else "Quel capital ?")
        times.append(time.perf_counter() - began)
        assert replies
    with sqlite3.connect(dalil.settings.data_dir / "dalil.db") as database:
        query = "SELECT sender_id, count(*) FROM events WHERE type_name = 'session_started' GROUP BY sender_id ORDER BY 2 DESC"
        sender_id, sessions = database.execute(query).fetchone()
        assert sessions == 5
        # What a session begins with does not grow with those before it.
        slots = "SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'slot' AND id > ? AND id < ?"
        starts = [row[0] for row in database.execute("SELECT id FROM events WHERE sender_id = ? AND type_name = 'session_started' ORDER BY id", (sender_id,))]
        counts = [database.execute(slots, (sender_id, start, start + 20)).fetchone()[0] for start in starts[1:]]
        assert max(counts) <= 20
    assert "Source" in dalil.say(sender, "w chhal?")[0]["text"] or "المصدر" in dalil.say(sender, "w chhal?")[0]["text"]
    first, last = statistics.median(times[5:20]), statistics.median(times[-15:])
    measured(f"a long conversation: turns 5-20: {first * 1000:.0f} ms, turns {len(times) - 15}-{len(times)}: {last * 1000:.0f} ms, ratio {last / first:.2f}")


@pytest.mark.server
@pytest.mark.model
def test_who_asks_for_it_on_the_web_is_forgotten(dalil: Running) -> None:
    asked = dalil.say("forget-me", "supprimez toutes mes données")
    dalil.say("forget-me", next(button["payload"] for button in asked[0]["buttons"] if "effacer" in button["title"]))
    with sqlite3.connect(dalil.settings.data_dir / "dalil.db") as database:
        texts = [row[0] for row in database.execute("SELECT data FROM events WHERE type_name = 'user'")]
    assert not any("supprimez toutes mes" in text for text in texts)
