"""A console on an empty database of either kind; accounts of every role; browsers without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bot.console.start import set_up

set_up()  # before anything imports a model

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.client import ClientHandler  # noqa: E402
from django.utils import translation  # noqa: E402

from bot.console import database as dalil  # noqa: E402
from bot.console.accounts.models import Staff  # noqa: E402
from bot.console.chambers.models import Chamber  # noqa: E402
from tests.console.databases import PostgreSQL, SQLite, use  # noqa: E402
from tests.console.tools import PASSWORD  # noqa: E402
from tests.tools import environment  # noqa: E402


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> SQLite:
    return SQLite(tmp_path_factory.mktemp("console"))


@pytest.fixture(scope="session")
def _postgresql(postgres_server: Any) -> Iterator[PostgreSQL]:
    databases = PostgreSQL(postgres_server)
    yield databases
    databases.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that needs a console runs on both databases, but for those with the mark `one_database`."""
    if "console_url" in metafunc.fixturenames:
        kinds = ["sqlite"] if next(metafunc.definition.iter_markers("one_database"), None) else ["sqlite", "postgresql"]
        metafunc.parametrize("console_url", kinds, indirect=True)


@pytest.fixture
def console_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and no rows, in use by Django and by the assistant's own code."""
    url = request.getfixturevalue(f"_{request.param}").fresh(tmp_path)
    with environment(DATABASE_URL=url, DALIL_DATA_DIR=str(tmp_path)):
        use(url)
        yield url
        translation.deactivate()
        use(None)
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


@lru_cache(maxsize=1)
def _handler() -> ClientHandler:
    """All of Django between a request and its answer, made once: each client would look through all static files anew."""
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


@pytest.fixture
def browse(console_url: str, account: Callable[..., Any]) -> Callable[..., Any]:
    """A client that is logged in with a role; an account may be given instead."""

    def log_in(role: Any = "manager") -> Client:
        staff = role if isinstance(role, Staff) else Staff.objects.filter(username=role).first() or account(role)
        client = Client(HTTP_HOST="127.0.0.1")
        client.handler = _handler()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture
def talk(console_url: str) -> Any:
    """A conversation, empty so far."""
    from tests.console.tools import Talk

    return Talk()
