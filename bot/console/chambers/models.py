"""Chambers: who shares Dalil with their public."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bot.places.regions import places


def _regions() -> list[tuple[str, str]]:
    return [(place.id, place.name_fr) for place in places().values() if place.kind == "region"]


class Chamber(models.Model):
    """A chamber of commerce, crafts or agriculture."""

    name_fr = models.CharField(_("nom en français"), max_length=120)
    name_ar = models.CharField(_("nom en arabe"), max_length=120)
    region = models.CharField(_("région"), max_length=10, choices=_regions)

    class Meta:
        verbose_name = _("chambre")
        verbose_name_plural = _("chambres")
        ordering = ("name_fr",)

    def __str__(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_fr


class Campaign(models.Model):
    """A code in a chamber's links: who comes with it is counted for the chamber."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[RegexValidator(r"^[A-Za-z0-9_-]+$")])
    chamber = models.ForeignKey(Chamber, models.CASCADE, related_name="campaigns", verbose_name=_("chambre"))
    title = models.CharField(_("titre"), max_length=120)

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"
