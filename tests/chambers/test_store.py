"""Chambers as the assistant reads them, and what it says in their name."""

from __future__ import annotations

import pytest

from bot.chambers import store
from bot.chambers.text import reached, welcome
from bot.storage.database import Database
from tests.chambers.tools import share


def test_before_the_console_has_made_its_tables_there_is_no_chamber(database: Database) -> None:
    assert database.now(store.campaign, "souk") is None


@pytest.mark.parametrize(("code", "found"), [("souk", "souk"), ("SOUK", "souk"), ("autre", None), ("", None), (None, None), ("so uk", None), ("x" * 50, None)])
def test_a_code_finds_its_campaign_however_it_is_written(database: Database, code: str | None, found: str | None) -> None:
    share(database)
    campaign = database.now(store.campaign, code)
    assert (campaign.code if campaign else None) == found


def test_the_chamber_speaks_the_language_of_the_conversation(database: Database) -> None:
    share(database)
    chamber = database.now(store.campaign, "souk").chamber
    assert chamber.sites == ("https://chambre.example", "https://www.chambre.example")
    assert [chamber.name(language) for language in ("fr", "ar", "ary")] == [chamber.names["fr"], chamber.names["ar"], chamber.names["ar"]]
    assert welcome(chamber, "ary") == "مستشارونا يستقبلونكم كل ثلاثاء."
    assert reached(chamber, "fr") == (
        "Votre chambre : Chambre d'artisanat de Fès-Meknès\n"
        "Téléphone : 0535 00 00 00\nAdresse : Place de la Résistance, Fès\nHoraires : du lundi au vendredi, 9 h à 16 h"
    )
    assert "العنوان: ساحة المقاومة، فاس" in str(reached(chamber, "ary"))


def test_a_chamber_that_did_not_say_how_to_reach_it_has_no_card(database: Database) -> None:
    share(database, phone="", address_fr="", hours_fr="")
    assert reached(database.now(store.campaign, "souk").chamber, "fr") is None
