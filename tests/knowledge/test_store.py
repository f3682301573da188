"""Reading the knowledge base: what is wrong is named by file, record and field."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from bot.knowledge.records import KnowledgeError
from bot.knowledge.store import Knowledge, read
from bot.knowledge.text import figure, filled, shown, source_line, sources_text

RECORD = {
    "id": "coop-members",
    "subject": "cooperative",
    "aspect": "members",
    "title": {"fr": "Membres", "ar": "الأعضاء", "ary": "الأعضاء"},
    "values": {"min_members": 5, "law": "112-12", "from_date": dt.date(2014, 12, 18), "amount": 1000000, "rate": 2.5},
    "answer": {"fr": "Il faut {min_members} personnes.", "ar": "يجب {min_members} أشخاص.", "ary": "خاص {min_members} د الناس."},
    "questions": {name: ["combien de membres", "membres minimum"] for name in ("fr", "ar", "ary", "ary_latn")},
    "legal_basis": "loi 112-12, art. 14",
    "sources": [{"url": "https://example.org/loi", "publisher": "Ministère", "title": "Loi", "date": "2017-08"}],
    "as_of": "2017-08",
    "checked": dt.date(2026, 11, 24),
    "review_by": dt.date(2027, 11, 30),
    "status": "in_force",
    "confidence": "verified",
}
ASPECTS = [{"id": "members", "title": RECORD["title"], "note": "how many"}]
SUBJECTS = [{"id": "cooperative", "area": "creation", "title": RECORD["title"], "names": ["coopérative"]}]


def _base(folder: Path, *records: object) -> Path:
    (folder / "aspects.yml").write_text(yaml.safe_dump(ASPECTS, allow_unicode=True), encoding="utf-8")
    (folder / "subjects.yml").write_text(yaml.safe_dump(SUBJECTS, allow_unicode=True), encoding="utf-8")
    (folder / "areas.yml").write_text(yaml.safe_dump([{"id": "creation", "title": RECORD["title"]}], allow_unicode=True), encoding="utf-8")
    (folder / "facts.yml").write_text(yaml.safe_dump(list(records), allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture
def one(tmp_path: Path) -> Knowledge:
    return read(_base(tmp_path, RECORD))


def test_a_valid_record_is_read(one: Knowledge) -> None:
    assert one.records["coop-members"].values["min_members"] == 5


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "Coop Members"}, "field id"),
        ({"subject": "moon"}, "field subject: 'moon'"),
        ({"aspect": "colour"}, "field aspect: 'colour'"),
        ({"title": {**RECORD["title"], "fr": "Un titre bien trop long pour un bouton"}}, "field title.fr"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "ar": ""}}, "field answer.ar"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "fr": "Il faut 7 personnes."}}, "answer.fr holds the figure '7'"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "ary": "خاص ٧ د الناس"}}, "answer.ary holds the figure"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "fr": "Il faut {persons} personnes."}}, "uses {persons}, which is not in values"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "fr": "Il faut {min_members personnes."}}, "a brace that is no placeholder"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "fr": "كلمة"}}, "fr holds Arabic words"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "ar": "seulement du français"}}, "ar holds no Arabic word"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "ar": "نص\u200f"}}, "invisible"),  # type: ignore[dict-item]
        ({"answer": {**RECORD["answer"], "fr": "x" * 901}}, "has 901 characters"),  # type: ignore[dict-item]
        ({"sources": []}, "field sources"),
        ({"as_of": "last summer"}, "field as_of"),
        ({"status": "perhaps"}, "field status"),
        ({"related": ["nowhere"]}, "there is no record 'nowhere'"),
        ({"values": {"Min Members": 5}}, "field values"),
        ({"colour": "red"}, "field colour"),
        ({"questions": {**RECORD["questions"], "ary_latn": []}}, "field questions.ary_latn"),  # type: ignore[dict-item]
    ],
)
def test_a_broken_record_is_named_with_its_file_and_field(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        read(_base(tmp_path, {**RECORD, **change}))
    assert "facts.yml" in str(error.value)
    assert complaint in str(error.value)


def test_a_second_record_of_the_same_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"facts.yml: record coop-members: field id: also stands in facts.yml"):
        read(_base(tmp_path, RECORD, RECORD))


@pytest.mark.parametrize("content", ["- id: [", "just text", "\x00"])
def test_a_file_that_is_no_list_is_named(tmp_path: Path, content: str) -> None:
    folder = _base(tmp_path, RECORD)
    (folder / "broken.yml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"broken\.yml"):
        read(folder)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as error:
        read(_base(tmp_path, {**RECORD, "status": "perhaps"}, {**RECORD, "id": "other", "as_of": "soon"}))
    assert len(str(error.value).splitlines()) == 2


def test_stale_records_are_those_past_their_date(one: Knowledge) -> None:
    assert one.stale(dt.date(2027, 11, 30)) == []
    assert [record.id for record in one.stale(dt.date(2027, 12, 1))] == ["coop-members"]


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (5, "fr", "5"),
        (5_000_000, "fr", "5\u00a0000\u00a0000"),
        (2.5, "fr", "2,5"),
        (dt.date(2019, 12, 31), "fr", "31/12/2019"),
        ("2017", "fr", "2017"),
        ("112-12", "fr", "112-12"),
        ("112-12", "ar", "112.12"),  # between Arabic words a hyphen would show the parts in the wrong order
        ("2025-11-06", "fr", "06/11/2025"),
        ("2025-11-06", "ar", "06/11/2025"),
        ("2023-2026", "fr", "2023-2026"),
        ("2023-2026", "ary", "2023/2026"),
        ("2-15-617", "ary", "2.15.617"),
    ],
)
def test_figures_are_written_for_the_reader(value: object, language: str, text: str) -> None:
    assert figure(value, language) == text


def test_an_answer_has_its_figures_and_ends_with_source_and_dates(one: Knowledge) -> None:
    record = one.records["coop-members"]
    assert filled(record, "fr") == "Il faut 5 personnes."
    assert shown(record, "fr").splitlines()[-1] == "Source : loi 112-12, art. 14 · texte de 08/2017 · vérifié le 24/11/2026"
    assert source_line(record, "ar").startswith("المصدر: القانون 112.12، المادة 14")
    assert "https://example.org/loi" in sources_text(record, "ary")


@pytest.mark.parametrize(("status", "opening"), [("closed", "Fermé à ce jour."), ("to_confirm", "À confirmer avant de vous déplacer.")])
def test_what_is_closed_or_unsure_is_said_first(tmp_path: Path, status: str, opening: str) -> None:
    record = read(_base(tmp_path, {**RECORD, "status": status})).records["coop-members"]
    assert shown(record, "fr").startswith(opening)
