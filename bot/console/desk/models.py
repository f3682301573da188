"""Who of the staff looks after a case, and replies that are written beforehand. Cases themselves stand in the assistant's table."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

#: WhatsApp takes 1,600 characters; counted as browsers count (`maxlength`) and vendors do, in UTF-16 code units.
LONGEST_REPLY = 1500


class CaseTaken(models.Model):
    """Who looks after a case, or did last."""

    number = models.BigIntegerField(unique=True)
    sender = models.CharField(max_length=80, db_index=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}: {self.staff}"


class CannedReply(models.Model):
    """A reply that is written once and used often, in the three reply languages."""

    title = models.CharField(_("titre"), max_length=60, unique=True, help_text=_("Seule l'équipe le voit."))
    fr = models.TextField(_("français"), max_length=LONGEST_REPLY)
    ar = models.TextField(_("arabe"), max_length=LONGEST_REPLY)
    ary = models.TextField(_("darija"), max_length=LONGEST_REPLY)
    order = models.PositiveSmallIntegerField(_("rang"), default=100, help_text=_("Les plus petits d'abord."))

    class Meta:
        verbose_name = _("réponse préparée")
        verbose_name_plural = _("réponses préparées")
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.title

    def text(self, language: str) -> str:
        """The text in a reply language."""
        return {"fr": self.fr, "ar": self.ar, "ary": self.ary}[language]
