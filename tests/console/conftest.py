"""A console on an empty database of either kind; accounts of every role; browsers without a window."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bot.console.start import set_up

set_up()  # before anything imports a model

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402

from bot.console import database as dalil  # noqa: E402
from bot.console.accounts.models import Staff  # noqa: E402
from bot.console.chambers.models import Chamber  # noqa: E402
from bot.console.settings import database  # noqa: E402
from bot.console.start import migrate  # noqa: E402
from tests.console.tools import PASSWORD  # noqa: E402
from tests.tools import environment  # noqa: E402


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Databases with all tables, made once and copied for each test."""
    return {"folder": tmp_path_factory.mktemp("console")}


def _with_tables(url: str) -> None:
    """Make all tables: Rasa's, the assistant's, the console's."""
    import sqlalchemy as sa

    from bot.storage.tracker_store import _EVENT

    engine = sa.create_engine(url)
    _EVENT.__table__.create(engine)
    engine.dispose()
    with environment(DATABASE_URL=url):
        _use(url)
        migrate()
        _use(None)


def _use(url: str | None) -> None:
    """Point Django at a database, in this thread."""
    connections.close_all()
    if hasattr(connections._connections, "default"):
        del connections["default"]
    if url is not None:
        connections.settings["default"] = connections.configure_settings({"default": database(url)})["default"]


@pytest.fixture(params=["sqlite", "postgresql"])
def console_url(request: pytest.FixtureRequest, tmp_path: Path, _templates: dict[str, Any]) -> Iterator[str]:
    """The address of a database with all tables and no rows, in use by Django and by the assistant's own code."""
    if request.param == "sqlite":
        template = _templates["folder"] / "template.db"
        if not template.exists():
            _with_tables(f"sqlite:///{template}")
        shutil.copy(template, tmp_path / "dalil.db")
        url = f"sqlite:///{tmp_path / 'dalil.db'}"
    else:
        server = request.getfixturevalue("postgres_server")
        if "postgresql" not in _templates:
            server.psql("CREATE DATABASE console_template")
            _with_tables(server.get_uri("console_template"))
            _templates["postgresql"] = "console_template"
        name = f"console_{uuid.uuid4().hex}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE console_template")
        url = server.get_uri(name)
    with environment(DATABASE_URL=url, DALIL_DATA_DIR=str(tmp_path)):
        _use(url)
        yield url
        translation.deactivate()
        _use(None)
        dalil._database(url).close()
        dalil._database.cache_clear()


@lru_cache(maxsize=1)
def _hashed() -> str:
    """The password, hashed once: Argon2 is slow on purpose."""
    return make_password(PASSWORD)


@pytest.fixture
def account(console_url: str) -> Callable[..., Any]:
    """Makes an account of a role."""

    def make(role: str, username: str | None = None, **values: Any) -> Any:
        if role == "chamber" and "chamber" not in values:
            values["chamber"] = Chamber.objects.create(name_fr="Chambre", name_ar="غرفة", region="09")
        staff = Staff(username=username or role, role=role, password=_hashed(), **values)
        staff.full_clean()
        staff.save()
        return staff

    return make


@pytest.fixture
def browse(console_url: str, account: Callable[..., Any]) -> Callable[..., Any]:
    """A client that is logged in with a role; an account may be given instead."""

    def log_in(role: Any = "manager") -> Client:
        staff = role if isinstance(role, Staff) else Staff.objects.filter(username=role).first() or account(role)
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture
def talk(console_url: str) -> Any:
    """A conversation, empty so far."""
    from tests.console.tools import Talk

    return Talk()
