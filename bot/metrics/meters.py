"""The meters of one process. Labels have few values each, all known beforehand: no sender, no text, no place."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

#: Seconds from the arrival of a message to the last word of its answer; a burst waits up to a second and a half for its other pieces.
_LATENCY = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 60.0)

TURNS = Counter("dalil_turns", "Turns, by channel, variety of what was typed, and outcome.", ("channel", "variety", "outcome"))
TURN_SECONDS = Histogram("dalil_turn_seconds", "Seconds from the arrival of a message to the last word of its answer.", ("channel",), buckets=_LATENCY)
TURNS_FAILED = Counter("dalil_turns_failed", "Turns that ended in an error and were, or will be, tried again.", ("channel",))
DELIVERIES = Counter("dalil_deliveries", "Attempts to send a reply: sent, later (another try), refused, blocked, given_up.", ("channel", "result"))
RECEIPTS = Counter("dalil_messages_received", "Messages brought by vendors: taken, repeated, flood, silent, full, not_kept.", ("channel", "result"))
REFUSED = Counter("dalil_webhook_refused", "Requests to a webhook without the vendor's secret or signature.", ("channel",))
