"""A chamber with a code, in the tables that the console makes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from bot.chambers import store
from bot.storage.database import Database

VALUES: dict[str, Any] = {
    "kind": "crafts",
    "name_fr": "Chambre d'artisanat de Fès-Meknès",
    "name_ar": "غرفة الصناعة التقليدية لجهة فاس مكناس",
    "region": "03",
    "welcome_fr": "Nos conseillers vous reçoivent le mardi.",
    "welcome_ar": "مستشارونا يستقبلونكم كل ثلاثاء.",
    "welcome_ary": "",
    "phone": "0535 00 00 00",
    "email": "",
    "website": "",
    "address_fr": "Place de la Résistance, Fès",
    "address_ar": "ساحة المقاومة، فاس",
    "hours_fr": "du lundi au vendredi, 9 h à 16 h",
    "hours_ar": "من الاثنين إلى الجمعة، من 9 إلى 16",
    "sites": "https://chambre.example\nhttps://www.chambre.example",
    "logo": b"",
}


def share(database: Database, code: str = "souk", **values: Any) -> int:
    """Have a chamber share Dalil with a code. Returns the chamber's number."""

    def insert(connection: Connection) -> int:
        store._console.create_all(connection)
        number = connection.execute(store._chambers.insert().values({**VALUES, **values})).inserted_primary_key[0]
        connection.execute(store._campaigns.insert().values(code=code, title="Souk", chamber_id=number))
        return int(number)

    return database.now(insert)
