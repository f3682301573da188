"""Full-text search in what people typed, in every script.

A word is found by its normal form or by its consonant skeleton (bot/language), so that `ta3awniya` finds تعاونية. The database's own full-text
index does the rest: FTS5 in SQLite (https://www.sqlite.org/fts5.html), a GIN index over tsvectors in PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from bot.console.conversations.models import Turn
from bot.language.normal import tokens
from bot.language.skeleton import skeleton

#: Skeletons of fewer consonants match too much.
_SHORTEST = 2

SQLITE = (
    "CREATE VIRTUAL TABLE turn_search USING fts5(words, skeletons, content='conversations_turn', content_rowid='id')",
    "CREATE TRIGGER turn_search_insert AFTER INSERT ON conversations_turn BEGIN "
    "INSERT INTO turn_search(rowid, words, skeletons) VALUES (new.id, new.words, new.skeletons); END",
    "CREATE TRIGGER turn_search_delete AFTER DELETE ON conversations_turn BEGIN "
    "INSERT INTO turn_search(turn_search, rowid, words, skeletons) VALUES ('delete', old.id, old.words, old.skeletons); END",
    "CREATE TRIGGER turn_search_update AFTER UPDATE OF words, skeletons ON conversations_turn BEGIN "
    "INSERT INTO turn_search(turn_search, rowid, words, skeletons) VALUES ('delete', old.id, old.words, old.skeletons); "
    "INSERT INTO turn_search(rowid, words, skeletons) VALUES (new.id, new.words, new.skeletons); END",
)
POSTGRESQL = (
    "CREATE INDEX turn_words ON conversations_turn USING gin (to_tsvector('simple', words))",
    "CREATE INDEX turn_skeletons ON conversations_turn USING gin (to_tsvector('simple', skeletons))",
)
_FOUND = "SELECT rowid FROM turn_search WHERE turn_search MATCH %s"
_SQLITE_UNDO = ("DROP TABLE turn_search", *(f"DROP TRIGGER turn_search_{event}" for event in ("insert", "delete", "update")))
_POSTGRESQL_UNDO = ("DROP INDEX turn_words", "DROP INDEX turn_skeletons")


def make_index(_apps: Any, editor: Any) -> None:
    """Make the index, for the migration.

    Django does not know it: on SQLite a migration that makes the table of turns anew drops the triggers, and has to make them again with this.
    """
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop_index(_apps: Any, editor: Any) -> None:
    """Undo it."""
    for statement in reversed(_SQLITE_UNDO) if editor.connection.vendor == "sqlite" else _POSTGRESQL_UNDO:
        editor.execute(statement)


def matching(turns: QuerySet[Turn], text: str) -> QuerySet[Turn]:
    """The turns that hold every word of `text`, in any spelling of it; all of them where it holds none."""
    words = [(word, skeleton(word)) for word in tokens(text)]
    if connection.vendor == "sqlite":
        return turns.filter(id__in=RawSQL(_FOUND, [_sqlite(words)])) if words else turns  # noqa: S611
    for word, bones in words:
        query = "to_tsvector('simple', words) @@ plainto_tsquery('simple', %s)"
        arguments = [word]
        if len(bones) >= _SHORTEST:
            query += " OR to_tsvector('simple', skeletons) @@ plainto_tsquery('simple', %s)"
            arguments.append(bones)
        turns = turns.filter(RawSQL(query, arguments, output_field=BooleanField()))  # noqa: S611 - words are parameters
    return turns


def _sqlite(words: list[tuple[str, str]]) -> str:
    """A query of FTS5: each word quoted, so that nothing in it is taken for an operator."""

    def quoted(word: str) -> str:
        return '"' + word.replace('"', '""') + '"'

    def either(word: str, bones: str) -> str:
        found = f"words : {quoted(word)}"
        return f"({found} OR skeletons : {quoted(bones)})" if len(bones) >= _SHORTEST else f"({found})"

    return " AND ".join(either(word, bones) for word, bones in words)
