"""What the channels say in a person's stead, as payloads of intents that nobody can type."""

from __future__ import annotations

import json

from bot.places.nearest import distance
from bot.places.regions import places

#: Farther than this from every province's seat is not in Morocco, or at sea.
_FARTHEST_KM = 250.0

FIRST_CONTACT = "/first_contact"
FAILED = "/failed"
SLOW_DOWN = "/slow_down"
TOO_LONG = "/too_long"
EXPIRED_BUTTON = "/expired_button"
#: A message was kept for staff, for the first time since the bot is silent.
CASE_NOTED = "/case_noted"
#: Dalil is switched off; there is a notice to everybody (bot/steering).
SWITCHED_OFF = "/switched_off"
NOTICE = "/notice"
#: Rasa's own: a new session begins.
SESSION_START = "/session_start"
VOICE = "/voice"
PICTURE = "/picture"
NOT_TEXT = "/not_text"
SHARED_CONTACT = "/shared_contact"
GROUP_CHAT = "/group_chat"
OPT_OUT = "/opt_out"
OPT_IN = "/opt_in"


def location(latitude: float, longitude: float) -> str:
    """The payload for a shared location: the province it lies in, or near; the point itself is not kept."""
    here = (latitude, longitude)
    seats = {p.id: (p.latitude, p.longitude) for p in places().values() if p.kind == "province" and p.latitude is not None and p.longitude is not None}
    near = min(seats, key=lambda place: distance(here, seats[place]))
    return f"/office{json.dumps({'place': near})}" if distance(here, seats[near]) <= _FARTHEST_KM else "/office"
