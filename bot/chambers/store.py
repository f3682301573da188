"""Chambers as the console keeps them (bot/console/chambers/models.py), for the assistant, which reads them only.

Before the console has made its tables there are no chambers.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text, inspect, select
from sqlalchemy.engine import Connection

from bot.chambers.chamber import CODE, Campaign, Chamber, Contacts

_console = MetaData()  # Django makes these tables
_chambers = Table(
    "chambers_chamber",
    _console,
    Column("id", Integer, primary_key=True),
    *(Column(name, String) for name in ("kind", "name_fr", "name_ar", "region", "welcome_fr", "welcome_ar", "welcome_ary", "phone", "email", "website")),
    *(Column(name, Text) for name in ("address_fr", "address_ar", "hours_fr", "hours_ar", "sites")),
    Column("logo", LargeBinary),
)
_campaigns = Table("chambers_campaign", _console, Column("code", String), Column("title", String), Column("chamber_id", Integer))


def campaign(connection: Connection, code: str | None) -> Campaign | None:
    """The campaign of a code; None where there is none, or no such code."""
    code = (code or "").lower()
    if not CODE.fullmatch(code) or not inspect(connection).has_table(_chambers.name):
        return None
    joined = select(_chambers, _campaigns.c.code, _campaigns.c.title).join(_campaigns, _campaigns.c.chamber_id == _chambers.c.id)
    row = connection.execute(joined.where(_campaigns.c.code == code)).mappings().first()
    return Campaign(row["code"], row["title"], _chamber(row)) if row else None


def _chamber(row: Any) -> Chamber:
    def texts(name: str, *languages: str) -> dict[str, str]:
        return {language: row[f"{name}_{language}"] for language in languages if row[f"{name}_{language}"]}

    contacts = Contacts(row["phone"], row["email"], row["website"], texts("address", "fr", "ar"), texts("hours", "fr", "ar"))
    return Chamber(
        id=row["id"],
        kind=row["kind"],
        names=texts("name", "fr", "ar"),
        region=row["region"],
        welcome=texts("welcome", "fr", "ar", "ary"),
        contacts=contacts,
        sites=tuple(row["sites"].split()),
        logo=bytes(row["logo"] or b""),
    )
