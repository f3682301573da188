"""The files of a month: rows, data dictionary, zip."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile

from bot.knowledge.store import load
from bot.observatory.archive import archive
from bot.observatory.dictionary import dictionary
from bot.observatory.labels import labels
from bot.observatory.months import Month
from bot.observatory.rows import COLUMNS, rows
from bot.observatory.tables import DIMENSIONS, Figure, Part

SEPTEMBER = Month(2026, 9)
MADE = dt.datetime(2026, 10, 8, 6, 30, tzinfo=dt.timezone.utc)


def test_a_row_has_codes_and_labels_in_both_languages() -> None:
    (row,) = rows(SEPTEMBER, [Figure(Part(region="09", outcome="answered", area="creation", subject="cooperative"), 10, 25)])
    assert list(row) == [column.name for column in COLUMNS]
    assert (row["month"], row["table"], row["people"], row["questions"]) == ("2026-09", "region_outcome_area_subject", 10, 25)
    assert (row["region"], row["region_fr"], row["region_ar"]) == ("09", "Souss-Massa", labels("region")["09"].ar)
    assert (row["variety"], row["variety_fr"], row["variety_ar"]) == ("all", "Ensemble", "المجموع")
    assert (row["subject"], row["subject_fr"], row["subject_ar"]) == ("cooperative", "La coopérative", "التعاونية")


def test_a_code_that_there_is_no_more_stands_for_itself() -> None:
    (row,) = rows(SEPTEMBER, [Figure(Part(outcome="answered", area="gone"), 5, 5)])
    assert (row["area_fr"], row["area_ar"]) == ("gone", "gone")


def test_the_dictionary_names_every_column_and_code_in_french_and_arabic() -> None:
    told = dictionary(SEPTEMBER, MADE, b"csv", b"json")
    assert told["profile"] == "tabular-data-package"
    assert told["name"] == "dalil-observatory-2026-09"
    assert {"title", "title_ar", "description", "description_ar", "sources", "licence_note", "licence_note_ar"} <= told.keys()
    fields = {field["name"]: field for field in told["resources"][0]["schema"]["fields"]}
    assert list(fields) == [column.name for column in COLUMNS]
    assert all(field["title"] and field["title_ar"] and field["type"] in ("string", "integer") for field in fields.values())
    assert fields["people"]["unit"] == "personnes"
    assert fields["people"]["constraints"] == {"required": True, "minimum": 5}
    for dimension in DIMENSIONS:
        codes = fields[dimension]["codes"]
        assert all(label["fr"] and label["ar"] for label in codes.values())
        assert "all" in codes
    assert set(fields["subject"]["codes"]) == {"all", "none", *load().subjects}
    assert len(fields["region"]["codes"]) == 14


def test_the_dictionary_says_how_large_the_files_are_and_what_they_hash_to() -> None:
    csv, as_json = dictionary(SEPTEMBER, MADE, b"csv", b"json")["resources"]
    assert (csv["path"], csv["bytes"], csv["hash"]) == ("dalil-observatory-2026-09.csv", 3, f"sha256:{hashlib.sha256(b'csv').hexdigest()}")
    assert (as_json["path"], as_json["bytes"]) == ("dalil-observatory-2026-09.json", 4)


def test_the_zip_holds_everything_and_is_the_same_each_time() -> None:
    content = archive(SEPTEMBER, MADE, b"csv", b"json")
    assert content == archive(SEPTEMBER, MADE, b"csv", b"json")
    packed = zipfile.ZipFile(io.BytesIO(content))
    names = ["dalil-observatory-2026-09.csv", "dalil-observatory-2026-09.json", "datapackage.json", "README.fr.md", "README.ar.md"]
    assert packed.namelist() == names
    assert json.loads(packed.read("datapackage.json"))["created"] == "2026-10-08T06:30:00+00:00"
    for language, word in (("fr", "multiple de 5"), ("ar", "مضاعف 5")):
        text = packed.read(f"README.{language}.md").decode()
        assert "2026-09" in text
        assert word in text
        assert "{" not in text
