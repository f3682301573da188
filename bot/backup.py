"""All that must not be lost in one file, and the way back: the database as it is at one moment, the models, what was learnt from corrections.

Not in it: the secret (`DALIL_SECRET_KEY`, or `secret_key` in the data directory). Without it the addresses in a copy cannot be read, by
nobody: keep it apart, and keep it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot import learnt
from bot.settings import Settings

_MANIFEST = "manifest.json"
_SQLITE, _POSTGRES = "database.sqlite", "database.pgdump"
#: Before the names of the files of the data directory.
_DATA = "data/"
#: Of another form is refused.
_FORM = 1


class BackupError(Exception):
    """There is no copy, or it was not brought back; the message says why."""


def back_up(settings: Settings, file: Path) -> list[str]:
    """Write a copy, whole or not at all, for its owner's eyes only. Dalil may run meanwhile.

    Args:
        settings: where everything is.
        file: the copy; it must not be there yet.

    Returns:
        What is in it.

    Raises:
        BackupError: when it cannot be made.
    """
    if file.exists():
        raise BackupError(f"{file} is there already.")
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        folder = Path(name)
        database = _copy_database(settings, folder)
        files = {database.name: database, **_copy_files(settings, folder)}
        hashes = {name: _hash(path) for name, path in files.items()}
        manifest = {"form": _FORM, "made": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"), "files": hashes}
        whole = folder / "whole"
        whole.touch(mode=0o600)
        with tarfile.open(whole, "w:gz") as archive:
            listed = folder / _MANIFEST
            listed.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            for name, path in {_MANIFEST: listed, **files}.items():
                _add(archive, name, path)
        whole.replace(file)
    return sorted(files)


def restore(settings: Settings, file: Path, replace: bool = False) -> list[str]:
    """Bring a copy back. Everything in it is checked before anything is changed; Dalil must not run.

    Args:
        settings: where everything goes.
        file: the copy.
        replace: whether what is there may be lost.

    Returns:
        What was brought back.

    Raises:
        BackupError: when the copy is damaged or of another kind of database, or something is there that would be lost.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
        files = _read(file, Path(folder))
        database = next((name for name in (_SQLITE, _POSTGRES) if name in files), "")
        wanted = _SQLITE if settings.database.startswith("sqlite") else _POSTGRES
        if database != wanted:
            raise BackupError(f"The copy holds {database or 'no database'}, DATABASE_URL asks for {wanted}.")
        if not replace and _tables(settings):
            raise BackupError("There is a database already: what is in it would be lost. Say --replace if it may be.")
        _put_database(settings, files[database])
        for name, path in files.items():
            if name.startswith(_DATA):
                place = settings.data_dir / name.removeprefix(_DATA)
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
        return sorted(files)


def _copy_files(settings: Settings, folder: Path) -> dict[str, Path]:
    """Copies of the files beside the database, by their names: what is written down of them and what is packed must be the same, whatever is exchanged."""
    copies: dict[str, Path] = {}
    for path in _kept(settings):
        name = f"{_DATA}{path.relative_to(settings.data_dir)}"
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # tidied away meanwhile
            shutil.copyfile(path, copy)
            copies[name] = copy
    return copies


def _kept(settings: Settings) -> Iterator[Path]:
    """The files beside the database that are worth keeping."""
    models = settings.models_dir
    yield from (path for path in sorted(models.rglob("*")) if path.is_file() and not any(part.startswith(".") for part in path.relative_to(models).parts))
    if (lines := learnt.file(settings)).is_file() and settings.data_dir in lines.parents:
        yield lines


def _copy_database(settings: Settings, folder: Path) -> Path:
    if settings.database.startswith("sqlite"):
        source, copy = _sqlite_file(settings), folder / _SQLITE
        if not source.exists():
            raise BackupError(f"There is no database at {source}.")
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as from_, closing(sqlite3.connect(copy)) as to:
            from_.backup(to)
        return copy
    copy = folder / _POSTGRES
    _run("pg_dump", settings, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    return copy


def _put_database(settings: Settings, copy: Path) -> None:
    if settings.database.startswith("sqlite"):
        target = _sqlite_file(settings)
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        copy.replace(target)
    else:
        # What a later release has made beside it would seem to be up to date.
        left = _tables(settings) - _tables_in(copy, settings)
        _run("pg_restore", settings, "--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(copy))
        _drop(settings, left)


def _sqlite_file(settings: Settings) -> Path:
    return Path(make_url(settings.database).database or "")


def _tables(settings: Settings) -> set[str]:
    """The tables that are there."""
    if settings.database.startswith("sqlite") and not _sqlite_file(settings).exists():
        return set()
    engine = sa.create_engine(settings.database)
    try:
        return set(sa.inspect(engine).get_table_names())
    except sa.exc.SQLAlchemyError as error:
        raise BackupError(f"The database did not answer: {error.__class__.__name__}.") from error
    finally:
        engine.dispose()


def _tables_in(copy: Path, settings: Settings) -> set[str]:
    """The tables of a copy of PostgreSQL's: in its list a line "215; 1259 16385 TABLE public inbox dalil" for each."""
    lines = (line.split() for line in _run("pg_restore", settings, "--list", str(copy)).splitlines())
    return {words[5] for words in lines if len(words) > 5 and words[3] == "TABLE" and words[4] != "DATA"}


def _drop(settings: Settings, tables: set[str]) -> None:
    engine = sa.create_engine(settings.database)
    found = sa.MetaData()
    found.reflect(engine, only=sorted(tables))
    found.drop_all(engine)
    engine.dispose()


def _run(program: str, settings: Settings, *arguments: str) -> str:
    """What one of PostgreSQL's own programs says; the password is in its environment, not in the list of processes."""
    if not (found := shutil.which(program)):
        raise BackupError(f"{program} is missing: install PostgreSQL's client programs, of the server's version or a newer one.")
    url = make_url(settings.database)
    given: Mapping[str, Any] = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port or url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    target = ["--dbname", str(url.database)] if program == "pg_restore" and "--list" not in arguments else []
    done = subprocess.run([found, *target, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - PostgreSQL's own
    if done.returncode:
        raise BackupError(f"{program}: {(done.stderr.strip().splitlines() or ['it failed'])[-1]}")
    return done.stdout


def _add(archive: tarfile.TarFile, name: str, path: Path) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = path.stat().st_size, 0o600
    with path.open("rb") as content:
        archive.addfile(entry, content)


def _read(file: Path, folder: Path) -> dict[str, Path]:
    """The files of a copy by their names, unpacked into a folder, each compared with its hash."""
    contents: dict[str, Path] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for number, entry in enumerate(archive):
                if source := archive.extractfile(entry):
                    contents[entry.name] = folder / str(number)  # no name of the copy's becomes a path before it was looked at
                    contents[entry.name].touch(mode=0o600)
                    with contents[entry.name].open("wb") as target:
                        shutil.copyfileobj(source, target)
        manifest = json.loads(contents.pop(_MANIFEST).read_bytes())
        hashes = dict(manifest["files"])
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise BackupError(f"{file} is no copy of Dalil's, or it is damaged: {error.__class__.__name__}.") from error
    if manifest.get("form") != _FORM:
        raise BackupError(f"{file} was made by another release (form {manifest.get('form')}).")
    for name in hashes.keys() | contents.keys():
        if name not in contents or _hash(contents[name]) != hashes.get(name):
            raise BackupError(f"{file} is damaged: {name} is not what was written.")
        if name not in (_SQLITE, _POSTGRES) and (not name.startswith(_DATA) or ".." in Path(name).parts):
            raise BackupError(f"{file} holds {name}, which is none of Dalil's files.")
    return contents


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while block := content.read(2**20):
            digest.update(block)
    return digest.hexdigest()
