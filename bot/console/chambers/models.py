"""Chambers: who shares Dalil with their public."""

from __future__ import annotations

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bot.chambers.chamber import CODE
from bot.places.regions import regions


def region_choices() -> list[tuple[str, str]]:
    """Code and name of each region, in the language of the page."""
    return regions("ar" if get_language() == "ar" else "fr")


class Kind(models.TextChoices):
    """Whose chamber it is."""

    COMMERCE = "commerce", _("commerce, industrie et services")
    CRAFTS = "crafts", _("artisanat")
    AGRICULTURE = "agriculture", _("agriculture")


#: A line of a message, and a line on a poster.
_LINE = 160
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?")


def origins(text: str) -> None:
    """Refuse what is no list of websites, one a line.

    Raises:
        ValidationError: naming the line.
    """
    for line in text.split():
        if not _ORIGIN.fullmatch(line):
            raise ValidationError(_("« %(line)s » n'est pas l'adresse d'un site : écrivez https:// et le nom du site, rien de plus."), params={"line": line})


class Chamber(models.Model):
    """A chamber of commerce, crafts or agriculture. The assistant reads this table too (bot/chambers/store.py)."""

    kind = models.CharField(_("type"), max_length=12, choices=Kind.choices, default=Kind.COMMERCE)
    name_fr = models.CharField(_("nom en français"), max_length=120)
    name_ar = models.CharField(_("nom en arabe"), max_length=120)
    region = models.CharField(_("région"), max_length=10, choices=region_choices)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True, validators=[RegexValidator(r"^[+0-9][0-9 ./-]{7,}$", _("Ce n'est pas un numéro."))])
    email = models.EmailField(_("adresse électronique"), blank=True)
    website = models.CharField(_("site internet"), max_length=200, blank=True, validators=[URLValidator(["https", "http"])])
    address_fr = models.CharField(_("adresse en français"), max_length=_LINE, blank=True)
    address_ar = models.CharField(_("adresse en arabe"), max_length=_LINE, blank=True)
    hours_fr = models.CharField(_("horaires en français"), max_length=_LINE, blank=True)
    hours_ar = models.CharField(_("horaires en arabe"), max_length=_LINE, blank=True)
    welcome_fr = models.CharField(_("accueil en français"), max_length=_LINE, blank=True)
    welcome_ar = models.CharField(_("accueil en arabe"), max_length=_LINE, blank=True)
    welcome_ary = models.CharField(_("accueil en darija"), max_length=_LINE, blank=True)
    sites = models.TextField(_("sites qui peuvent afficher Dalil, un par ligne"), blank=True, validators=[origins])
    logo = models.BinaryField(_("logo"), blank=True, default=b"")

    class Meta:
        verbose_name = _("chambre")
        verbose_name_plural = _("chambres")
        ordering = ("name_fr",)

    def __str__(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_fr


class Campaign(models.Model):
    """A code in a chamber's links: who comes with it is counted for the chamber."""

    code = models.CharField(
        _("code"), max_length=40, unique=True, validators=[RegexValidator(rf"^{CODE.pattern}$", _("Petites lettres sans accent, chiffres, - et _ seulement."))]
    )
    chamber = models.ForeignKey(Chamber, models.CASCADE, related_name="campaigns", verbose_name=_("chambre"))
    title = models.CharField(_("titre"), max_length=120)

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class MonthReport(models.Model):
    """What a chamber's public did in a month, counted when it was over (bot/console/chambers/reports.py)."""

    chamber = models.ForeignKey(Chamber, models.CASCADE, related_name="reports")
    month = models.DateField()  # its first day
    language = models.CharField(max_length=2)
    content = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chamber", "month", "language"], name="one_report_a_month")]

    def __str__(self) -> str:
        return f"{self.chamber_id}: {self.month:%Y-%m} {self.language}"
