"""All files of a month in one."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

from bot.observatory.dictionary import ABSENT, LICENCE, METHOD, SOURCE, dictionary, file_name
from bot.observatory.months import Month

_HERE = Path(__file__).parent


def dictionary_file(month: Month, made_at: dt.datetime, csv: bytes, json_: bytes) -> bytes:
    """The data dictionary as a file."""
    return json.dumps(dictionary(month, made_at, csv, json_), ensure_ascii=False, indent=2).encode()


def archive(month: Month, made_at: dt.datetime, csv: bytes, json_: bytes) -> bytes:
    """A zip of the tables in both forms, the data dictionary, and what to know of them in French and in Arabic.

    The same tables make the same zip, byte for byte.
    """
    name = file_name(month)
    files = {f"{name}.csv": csv, f"{name}.json": json_, "datapackage.json": dictionary_file(month, made_at, csv, json_)}
    files |= {f"README.{language}.md": _readme(month, language).encode() for language in ("fr", "ar")}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for path, data in files.items():
            packed.writestr(zipfile.ZipInfo(path, made_at.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _readme(month: Month, language: str) -> str:
    said = {"method": METHOD, "absent": ABSENT, "source": SOURCE, "licence": LICENCE}
    text = (_HERE / f"about.{language}.md").read_text(encoding="utf-8")
    return text.format(month=month, name=file_name(month), **{place: getattr(label, language) for place, label in said.items()})
