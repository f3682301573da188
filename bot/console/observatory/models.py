"""Months that are published. They are made once and stay: from the difference of two one could tell who was erased between them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bot.observatory.archive import archive, dictionary_file
from bot.observatory.months import Month


class Publication(models.Model):
    """A month's tables, as they were published. They name nobody."""

    month = models.CharField(max_length=7, unique=True)  # 2026-09
    made_at = models.DateTimeField()
    csv = models.TextField()
    json = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the CSV file

    class Meta:
        ordering: ClassVar = ("-month",)

    def __str__(self) -> str:
        return self.month

    @property
    def files(self) -> dict[str, bytes]:
        """The files by their endings; `datapackage.json` is the data dictionary."""
        parts = Month.parse(self.month), self.made_at, self.csv.encode(), self.json.encode()
        return {"zip": archive(*parts), "csv": parts[2], "json": parts[3], "datapackage.json": dictionary_file(*parts)}
