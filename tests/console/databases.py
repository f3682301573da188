"""Databases with all tables, made once a run and given to one test after the other as if they were new."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg2
import sqlalchemy as sa
from django.db import connections

from bot.console.settings import database
from bot.console.start import migrate
from tests.tools import environment

#: Keeps the rows that the migrations themselves write.
_REMEMBER = """
CREATE SCHEMA made;
DO $$
DECLARE name text; filled boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE made.%I AS TABLE public.%I', name, name); END IF;
    END LOOP;
END $$
"""
#: Who is still connected is left over from the test before. Then tables that hold rows are emptied, all numbers begin anew, the rows of the
#: migrations are put back (without looking which refers to which), and the numbers after them.
_RENEW = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE name text; filled boolean; tables text[] = '{}'; sequence text; keys regclass; last bigint;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN tables = tables || format('public.%I', name); END IF;
    END LOOP;
    EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ') || ' CASCADE';
    FOR sequence IN SELECT format('public.%I', sequencename) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        PERFORM setval(sequence, 1, false);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'made' LOOP
        EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM made.%I', name, name);
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = format('public.%I', name)::regclass AND attname = 'id');
        keys = pg_get_serial_sequence(format('public.%I', name), 'id');
        IF keys IS NOT NULL THEN
            EXECUTE format('SELECT max(id) FROM made.%I', name) INTO last;
            PERFORM setval(keys, last);
        END IF;
    END LOOP;
END $$
"""


def use(url: str | None) -> None:
    """Point Django at a database, in this thread."""
    connections.close_all()
    if hasattr(connections._connections, "default"):
        del connections["default"]
    if url is not None:
        connections.settings["default"] = connections.configure_settings({"default": database(url)})["default"]


def make_tables(url: str) -> None:
    """Make all tables: Rasa's, the assistant's, the console's."""
    from bot.storage.tracker_store import _EVENT  # takes a while

    engine = sa.create_engine(url)
    _EVENT.__table__.create(engine)
    engine.dispose()
    with environment(DATABASE_URL=url):
        use(url)
        migrate()
        use(None)


class SQLite:
    """A file, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        make_tables(f"sqlite:///{self._template}")

    def fresh(self, folder: Path) -> str:
        """The address of a database that is as the migrations leave it."""
        shutil.copy(self._template, folder / "dalil.db")
        return f"sqlite:///{folder / 'dalil.db'}"


class PostgreSQL:
    """One database, emptied for each test: to make one of its own for each would take ten times as long."""

    def __init__(self, server: Any) -> None:
        server.psql("CREATE DATABASE console")
        self._url = str(server.get_uri("console"))
        make_tables(self._url)
        self._connection = psycopg2.connect(self._url)
        self._connection.autocommit = True
        self._run(_REMEMBER)

    def fresh(self, _folder: Path) -> str:
        """The address of a database that is as the migrations leave it."""
        self._run(_RENEW)
        return self._url

    def close(self) -> None:
        """Leave the server."""
        self._connection.close()

    def _run(self, statements: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statements)
