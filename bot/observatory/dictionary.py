"""The data dictionary: a tabular data package (https://specs.frictionlessdata.io/tabular-data-package/) that describes a month's files.

The standard knows one language; what is said in Arabic stands beside it, under the same name with `_ar`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from bot.observatory.groups import FEWEST
from bot.observatory.labels import Label, labels
from bot.observatory.months import Month
from bot.observatory.rows import COLUMNS, Column
from bot.observatory.tables import DIMENSIONS

METHOD = Label(
    f"Une ligne est donnée si au moins {FEWEST} personnes sont derrière, si aucune n'a posé plus de la moitié des questions, et si elle ne permet pas de "
    f"retrouver par soustraction une ligne qui n'est pas donnée : celle-ci pourrait toujours concerner {FEWEST} personnes ou plus. "
    f"Tous les nombres sont arrondis vers le bas à un multiple de {FEWEST}.",
    f"يُعطى السطر إذا كان وراءه {FEWEST} أشخاص على الأقل، ولم يطرح أي منهم أكثر من نصف الأسئلة، ولم يكن ممكنا أن يُستنتج منه بالطرح سطر غير معطى: "
    f"فهذا الأخير قد يخص دائما {FEWEST} أشخاص أو أكثر. كل الأعداد مقرّبة إلى مضاعف {FEWEST} الأدنى.",
)
ABSENT = Label(
    "Une ligne absente veut dire : personne, moins de cinq personnes, ou une ligne retenue pour protéger une autre. "
    "On ne peut pas savoir qu'il y en a moins de cinq. Aucune cellule n'est vide.",
    "السطر الغائب يعني: لا أحد، أو أقل من خمسة أشخاص، أو سطر حُجب لحماية سطر آخر. ولا يمكن معرفة أنهم أقل من خمسة. لا توجد خانة فارغة.",
)
SOURCE = Label(
    "Questions posées à Dalil sur Telegram, WhatsApp et la page web : questions écrites, fiches ouvertes par un bouton, demandes d'une personne. "
    "Ni salutations, ni parcours, ni recherche de bureaux.",
    "الأسئلة المطروحة على دليل في تيليغرام وواتساب وصفحة الويب: أسئلة مكتوبة، وبطاقات فُتحت بزر، وطلبات التحدث إلى شخص. "
    "لا تُحسب التحيات ولا المسارات ولا البحث عن المكاتب.",
)
LICENCE = Label("À choisir par qui publie ces données.", "يختارها من ينشر هذه البيانات.")
_TITLE = Label(
    "Ce que demandent les porteurs de projet de l'économie sociale et solidaire, {month}",
    "ما يسأل عنه حاملو مشاريع الاقتصاد الاجتماعي والتضامني، {month}",
)
_UNITS = {"people": Label("personnes", "أشخاص"), "questions": Label("questions", "أسئلة")}


def dictionary(month: Month, made_at: dt.datetime, csv: bytes, json: bytes) -> dict[str, Any]:
    """The content of `datapackage.json`.

    Args:
        month: which month the files are of.
        made_at: when they were made.
        csv: the tables as one file.
        json: the same in the other form.
    """
    name = file_name(month)
    fields = [_field(column) for column in COLUMNS]
    schema = {"fields": fields, "primaryKey": ["month", *DIMENSIONS], "missingValues": [""], "note": ABSENT.fr, "note_ar": ABSENT.ar}
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": _TITLE.fr.format(month=month),
        "title_ar": _TITLE.ar.format(month=month),
        "description": f"{METHOD.fr} {ABSENT.fr}",
        "description_ar": f"{METHOD.ar} {ABSENT.ar}",
        "created": made_at.isoformat(timespec="seconds"),
        "languages": ["fr", "ar"],
        "sources": [{"title": SOURCE.fr, "title_ar": SOURCE.ar}],
        "licence_note": LICENCE.fr,
        "licence_note_ar": LICENCE.ar,
        "resources": [
            {
                **_resource("figures", f"{name}.csv", csv),
                "profile": "tabular-data-resource",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
                "schema": schema,
            },
            {**_resource("figures-json", f"{name}.json", json), "profile": "data-resource", "mediatype": "application/json", "encoding": "utf-8"},
        ],
    }


def file_name(month: Month) -> str:
    """How the files of a month are called, without their ending."""
    return f"dalil-observatory-{month}"


def _resource(name: str, path: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "path": path, "format": path.rpartition(".")[2], "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.title.fr, "title_ar": column.title.ar}
    if column.note.fr:
        field |= {"description": column.note.fr, "description_ar": column.note.ar}
    field["constraints"] = {"required": True}
    if column.name == "month":
        field["constraints"]["pattern"] = r"\d{4}-\d{2}"
    if column.name in _UNITS:
        field["constraints"]["minimum"] = FEWEST
        field |= {"unit": _UNITS[column.name].fr, "unit_ar": _UNITS[column.name].ar}
    if column.name in DIMENSIONS:
        field["codes"] = {code: label._asdict() for code, label in labels(column.name).items()}
    return field
