"""Making Django ready outside of a web server: for the command line, the server, the tests."""

from __future__ import annotations

import os


def set_up() -> None:
    """Load Django with the console's settings, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.console.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the tables up to date: the console's own, and those of the assistant that it reads."""
    set_up()
    from django.core.management import call_command

    from bot.settings import settings
    from bot.storage.database import Database

    database = Database(settings().database)
    database.now(lambda _connection: None)  # makes the tables that are missing
    database.close()
    call_command("migrate", verbosity=0, interactive=False)
