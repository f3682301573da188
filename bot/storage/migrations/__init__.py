"""Changes of Dalil's tables from release to release, by Alembic; the console's tables have Django's migrations.

A change: write it in `bot/storage/tables.py`, add a file in `versions/` that does the same to the tables of the release before, and name it
in `bot/storage/upgrade.py`. What a release has brought is never edited. `tests/upgrade/` upgrades databases that earlier releases wrote.
"""
