"""What is handed out as files: nothing is calculated, nothing is left unseen, nobody is named, everything is noted."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.db import connection

from bot.console.accounts.models import AuditEntry
from bot.console.chambers.models import Campaign, Chamber
from bot.console.conversations.models import Turn
from bot.console.figures import sheets
from bot.console.figures.export import turn_rows, turns_of
from bot.console.figures.scope import Scope
from bot.console.figures.summary import figure_rows
from tests.console.test_figures import WEEK, everybody, somebody
from tests.console.tools import project

#: What people may type, and the sign that each cell of a CSV file must begin with.
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+212 6",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "\u00a0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "\u202e=1",
    "﹢1",
    "\x00=1",
]
HARMLESS = [
    "<script>alert(1)</script>",
    "abc \u202e gpj.exe",
    "👩🏽‍🌾 تعاونية",
    "x" * 4000,
    "a;b\"c'd,e",
    "deux\nlignes",
    "1=1",
    "#N/A",
    "_x000D_",
    "5 - 3",
    "",
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_csv(content: bytes) -> list[list[str]]:
    """A file as Excel reads it."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> list[list[Any]]:
    """The cells of a workbook's sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows()]


def body(answer: Any) -> bytes:
    """The whole file of an answer."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


# Cells


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_is_no_formula_in_csv(text: str) -> None:
    (cell,) = read_csv(b"".join(sheets.csv_pieces([[text]])))[0]
    assert cell == "'" + text.replace("\x00", "␀")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are_in_csv(text: str) -> None:
    assert read_csv(b"".join(sheets.csv_pieces([[text, "next"]])))[0] == [text, "next"]


def test_texts_in_xlsx_are_texts_and_stay_so_when_edited() -> None:
    file = io.BytesIO()
    sheets.write_xlsx(file, "t", [[text] for text in [*FORMULAS, *HARMLESS]])
    found = [row[0] for row in read_xlsx(file.getvalue())]
    for text, cell in zip([*FORMULAS, *HARMLESS], found):
        expected = text.replace("\x00", "␀").replace("\r", "\n")
        assert (cell.value or "") == expected
        assert cell.data_type in ("s", "n" if not text else "s")
        assert cell.quotePrefix == (text in FORMULAS or text == "#N/A")
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 't="e"' not in sheet
    assert "alert(1)</script>" not in sheet


@pytest.mark.parametrize("code", [*range(32), 127, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_every_control_character_is_written_and_seen(code: int) -> None:
    text = f"a{chr(code)}b"
    file = io.BytesIO()
    sheets.write_xlsx(file, "t", [[text]])
    in_xlsx = read_xlsx(file.getvalue())[0][0].value
    in_csv = read_csv(b"".join(sheets.csv_pieces([[text]])))[0][0]
    if chr(code) in "\t\n\r":
        assert (in_xlsx, in_csv) == (text.replace("\r", "\n"), text)
    else:
        assert in_xlsx == in_csv == sheets.visible(text)
        assert re.fullmatch("a[␀-␡\ufffd]b", in_csv)


def test_numbers_and_moments_are_numbers_and_moments() -> None:
    row: list[sheets.Cell] = [5, 0.25, -3, dt.datetime(2025, 6, 9, 12, 30), None, "texte"]
    file = io.BytesIO()
    sheets.write_xlsx(file, "t", [row])
    assert [cell.value for cell in read_xlsx(file.getvalue())[0]] == row
    assert read_csv(b"".join(sheets.csv_pieces([row])))[0] == ["5", "0.25", "-3", "2025-06-09 12:30:00", "", "texte"]


def test_a_workbook_is_written_as_openpyxl_writes_it() -> None:
    """The rows are not written by openpyxl (that takes ten times as long), but like this."""
    rows: list[list[sheets.Cell]] = [["Jour", "x"], [dt.date(2025, 6, 9), dt.datetime(2025, 6, 9, 12, 30)], [7, 0.5], ["<a & b>", " deux\nlignes "]]
    ours, theirs = io.BytesIO(), io.BytesIO()
    sheets.write_xlsx(ours, "Feuille", rows)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Feuille")
    for row in rows:
        sheet.append(row)
    book.save(theirs)
    found, wanted = (read_xlsx(file.getvalue()) for file in (ours, theirs))
    assert [[(cell.value, cell.data_type, cell.number_format) for cell in row] for row in found] == [
        [(cell.value, cell.data_type, cell.number_format) for cell in row] for row in wanted
    ]
    assert openpyxl.load_workbook(ours).active.freeze_panes == "A2"


def test_a_text_longer_than_a_cell_ends_with_a_sign() -> None:
    file = io.BytesIO()
    sheets.write_xlsx(file, "t", [["y" * 40_000]])
    value = read_xlsx(file.getvalue())[0][0].value
    assert len(value) == sheets.LONGEST
    assert value.endswith("y…")


def test_a_csv_file_is_made_as_it_is_read() -> None:
    """Rows are taken as they are sent, not all at first; none is lost."""
    taken = 0

    def rows() -> Any:
        nonlocal taken
        for number in range(20_000):
            taken += 1
            yield [number, "texte"]

    pieces = sheets.csv_pieces(rows())
    first = next(pieces)
    assert len(first) < 100_000
    assert taken < 1000
    assert sum(piece.count(b"\r\n") for piece in [first, *pieces]) == taken == 20_000


# Turns


@pytest.fixture
def typed(console_url: str) -> list[str]:
    """Two people who wrote everything that is dangerous, in the week; one before."""
    texts = [text for text in [*FORMULAS, *HARMLESS] if text and "\x00" not in text]
    for number, text in enumerate(texts):
        somebody(1 + number % 2, WEEK.first, f"12:{number:02d}", code="fes" if number == 0 else "").asks(text)
    somebody(3, WEEK.before.last).asks("avant")
    project()
    return texts


def _export(client: Any, what: str, kind: str, **query: Any) -> Any:
    address = "/figures/export/?" + "&".join(f"{name}={value}" for name, value in {"since": WEEK.first, "until": WEEK.last, **query}.items())
    return client.post(address, {"what": what, "kind": kind})


def test_turns_as_csv(browse: Any, typed: list[str]) -> None:
    answer = _export(browse("editor"), "turns", "csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="dalil-turns-2025-06-09-2025-06-15.csv"'
    header, *rows = read_csv(body(answer))
    assert header[0] == "Moment (heure du Maroc)"
    assert len({len(row) for row in [header, *rows]}) == 1
    stored = list(Turn.objects.filter(day=WEEK.first).order_by("id").values_list("text", flat=True))
    assert [row[header.index("Texte")] for row in rows] == [f"'{text}" if sheets.like_a_formula(text) else text for text in stored]
    assert set(stored) >= {text for text in typed if text.strip() == text}
    assert rows[0][0].startswith("2025-06-09 12:00")
    assert rows[0][header.index("Canal")] == "Telegram"
    assert rows[0][header.index("Campagne")] == "fes"


def test_turns_as_xlsx(browse: Any, typed: list[str]) -> None:
    answer = _export(browse("editor"), "turns", "xlsx")
    assert answer["Content-Type"] == XLSX
    header, *rows = read_xlsx(body(answer))
    column = [cell.value for cell in header].index("Texte")
    stored = list(Turn.objects.filter(day=WEEK.first).order_by("id").values_list("text", flat=True))
    assert [row[column].value for row in rows] == [text.replace("\r", "\n") for text in stored]
    assert {row[column].data_type for row in rows} == {"s"}
    assert isinstance(rows[0][0].value, dt.datetime)


def test_people_are_numbers_that_are_new_in_each_export(browse: Any, typed: list[str]) -> None:
    client = browse("manager")
    exports = [read_csv(body(_export(client, "turns", "csv"))) for _ in range(2)]
    first, second = ([row[1] for row in rows[1:]] for rows in exports)
    assert len(set(first)) == len(set(second)) == 2
    assert set(first).isdisjoint(second)
    assert [first.index(number) for number in first] == [second.index(number) for number in second]
    for number, row in zip(first, exports[0][1:]):
        assert number.isdecimal()
        assert not any(re.search(r"telegram:|0{20}", cell) for cell in row)


def test_an_export_has_no_number_of_a_turn(typed: list[str]) -> None:
    """With it two exports could be joined."""
    Turn.objects.filter(text="1=1").update(id=123_456_789)
    assert not any(123_456_789 in row for row in turn_rows(turns_of(everybody())))


def test_the_choices_of_the_page_hold_for_its_export(browse: Any, typed: list[str]) -> None:
    chamber = Chamber.objects.create(name_fr="Fès", name_ar="فاس", region="03")
    Campaign.objects.create(code="fes", chamber=chamber, title="Foire")
    somebody(9, WEEK.first, channel="web").asks("sur le web")
    project()
    client = browse("manager")
    assert len(read_csv(body(_export(client, "turns", "csv", channel="web")))) == 2
    assert len(read_csv(body(_export(client, "turns", "csv", region="03")))) == 1
    of_chamber = Turn.objects.filter(campaign="fes", day=WEEK.first).count()
    assert 0 < of_chamber < len(typed)
    assert len(read_csv(body(_export(client, "turns", "csv", chamber=chamber.pk)))) == of_chamber + 1


def test_what_is_written_meanwhile_is_not_handed_out_uncounted(typed: list[str]) -> None:
    turns = turns_of(everybody())
    count = turns.count()
    somebody(4, WEEK.first).asks("plus tard")
    project()
    assert sum(1 for _row in turn_rows(turns)) == count + 1


def test_a_text_with_nul_is_handed_out_where_the_database_holds_it(typed: list[str]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL holds no NUL")
    Turn.objects.filter(text="1=1").update(text="a\x00=1")
    rows = list(turn_rows(turns_of(everybody())))
    assert "a␀=1" in b"".join(sheets.csv_pieces(rows)).decode()
    file = io.BytesIO()
    sheets.write_xlsx(file, "t", rows)
    assert "a␀=1" in [row[5].value for row in read_xlsx(file.getvalue())]


# The figures


def test_figures_as_csv_and_xlsx_say_the_same(browse: Any, typed: list[str]) -> None:
    client = browse("editor")
    in_csv = read_csv(body(_export(client, "figures", "csv")))
    in_xlsx = [["" if cell.value is None else str(cell.value) for cell in row] for row in read_xlsx(body(_export(client, "figures", "xlsx")))]
    assert in_csv[0] == ["Partie", "Quoi", "Mesure", "Valeur", "Période d'avant"]
    assert in_csv == in_xlsx
    assert ["Ensemble", "", "messages", str(len(typed)), "1"] in in_csv
    assert ["Ensemble", "", "personnes", "2", "1"] in in_csv
    assert ["Canal", "Telegram", "messages", str(len(typed)), "1"] in in_csv
    assert ["Ce qui est compté", "Du", "", "2025-06-09", "2025-06-02"] in in_csv
    assert ["Par jour ou semaine", "2025-06-09", "messages", str(len(typed)), ""] in in_csv
    assert ["Par jour ou semaine", "2025-06-09", "messages : Répondu", str(len(typed)), ""] in in_csv


def test_figures_as_a_file_say_all_that_the_page_says(browse: Any) -> None:
    chamber = Chamber.objects.create(name_fr="Fès", name_ar="فاس", region="03")
    Campaign.objects.create(code="fes", chamber=chamber, title="Foire")
    first = somebody(1, WEEK.first, code="fes", place="03.231")
    first.asks()
    first.rates("coop-min-membres", "up")
    for number, text in enumerate(["bghit nchri tomobil", "بغيت نشري طوموبيل", "=météo"]):
        talk = somebody(number + 1, WEEK.first, code="fes", place="03.231")
        talk.says(text, intent="out_of_scope")
        talk.refuses()
    project()
    found = read_csv(body(_export(browse("editor"), "figures", "csv")))
    for part, what in (("Région", "Fès-Meknès"), ("Chambre", "Fès")):
        assert [row[2:4] for row in found if row[:2] == [part, what]] == [
            ["messages", "5"],
            ["personnes", "3"],
            ["messages : Répondu", "1"],
            ["messages : Hors sujet", "3"],
            ["messages : Pouce en haut", "1"],
            ["messages : Pouce en bas", "0"],
        ]
    assert ["Par jour ou semaine", "2025-06-09", "messages : Hors sujet", "3", ""] in found
    assert [row[1:4] for row in found if row[0] == "Questions hors sujet"] == [["bghit nchri tomobil", "messages", "2"], ["'=météo", "messages", "1"]]
    assert AuditEntry.objects.get(action="refused.read").details == {"since": "2025-06-09", "until": "2025-06-15", "texts": 3}
    assert {row[2] for row in found if row[0] == "Temps jusqu'à l'envoi"} == {"réponses", "médiane, en secondes", "95 sur 100, en secondes"}
    assert ["Envois", "", "STOP ou bot bloqué", "0", "0"] in found


def test_figures_of_nothing_are_a_file(browse: Any) -> None:
    assert len(read_csv(body(_export(browse("editor"), "figures", "csv")))) > 20
    assert len(read_xlsx(body(_export(browse("editor"), "turns", "xlsx")))) == 1


# Who may, and what is noted


def _noted() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action__endswith=".exported"))


@pytest.mark.one_database
def test_only_who_has_the_right_exports(browse: Any) -> None:
    answers = {role: _export(browse(role), "turns", "csv").status_code for role in ("reviewer", "editor", "manager", "chamber")}
    assert answers == {"reviewer": 403, "editor": 200, "manager": 200, "chamber": 403}
    assert [entry.who for entry in _noted()] == ["manager", "editor"]
    assert [role for role in ("reviewer", "editor", "chamber") if "/figures/export/" in browse(role).get("/figures/").content.decode()] == ["editor"]


@pytest.mark.one_database
def test_a_file_is_not_handed_out_by_a_link(browse: Any) -> None:
    assert browse("manager").get("/figures/export/?what=turns&kind=csv").status_code == 405


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wish", [{}, {"what": "turns"}, {"what": "addresses", "kind": "csv"}, {"what": "turns", "kind": "exe"}, {"what": "=1", "kind": "\x00"}]
)
def test_a_wish_that_is_none_is_answered_with_a_message(browse: Any, wish: dict[str, str]) -> None:
    answer = browse("manager").post("/figures/export/?since=2025-06-09&until=2025-06-15", wish, follow=True)
    assert answer.redirect_chain == [("/figures/?since=2025-06-09&until=2025-06-15", 302)]
    assert "Choisissez quoi exporter" in answer.content.decode()
    assert not _noted()


@pytest.mark.parametrize(("what", "kind"), [("turns", "csv"), ("turns", "xlsx"), ("figures", "csv"), ("figures", "xlsx")])
def test_every_export_is_noted_with_its_kind_its_days_and_its_rows(browse: Any, typed: list[str], what: str, kind: str) -> None:
    content = body(_export(browse("editor"), what, kind, channel="telegram"))
    rows = len(read_csv(content) if kind == "csv" else read_xlsx(content)) - 1
    (entry,) = _noted()
    assert (entry.who, entry.action) == ("editor", f"{what}.exported")
    assert entry.details == {"kind": kind, "rows": rows, "since": "2025-06-09", "until": "2025-06-15", "channel": "telegram"}


def test_behind_the_wall_there_is_no_file_of_figures() -> None:
    with pytest.raises(PermissionError):
        next(figure_rows(Scope(WEEK), []))
