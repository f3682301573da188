"""The results of a run as they are stored and shown: what became of each question, and what that comes to. Pure, and light: the pages read it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

#: What became of a question, from worst to best.
OUTCOMES = ("wrong", "refused", "offered", "right")
OUTCOME_LABELS = {"right": _("juste"), "offered": _("choix proposé"), "refused": _("sans réponse"), "wrong": _("faux")}


class Share(models.TextChoices):
    """Where the questions come from.

    That the lines just learnt are understood says that the correction works, not how good the model is: they are counted apart.
    """

    OPEN = "open", _("Questions ouvertes")
    STAFF = "staff", _("Questions de l'équipe")
    SEALED = "sealed", _("Questions scellées")
    LEARNT = "learnt", _("Phrases à apprendre")


#: The shares whose questions may be shown.
SHOWN = (Share.OPEN.value, Share.STAFF.value)


class Judgement(models.TextChoices):
    """What the comparison comes to."""

    BETTER = "better", _("Le nouveau modèle répond mieux : plus de réponses justes, et pas plus d'erreurs.")
    SAFER = "safer", _("Le nouveau modèle se trompe moins, et répond juste aussi souvent.")
    SAME = "same", _("Le nouveau modèle répond aussi bien que l'ancien, à quelques questions près.")
    BOLDER = "bolder", _("Le nouveau modèle répond juste plus souvent, mais il se trompe aussi plus souvent. Lisez ce qui a changé avant de décider.")
    SHYER = "shyer", _("Le nouveau modèle se trompe moins, mais il répond juste moins souvent. Lisez ce qui a changé avant de décider.")
    WORSE = "worse", _("Le nouveau modèle répond moins bien. Mieux vaut l'écarter et revoir les corrections.")


def judgement(results: Mapping[str, Any]) -> Judgement:
    """What the counts of all shares but the learnt lines come to.

    A training moves a few questions either way by chance: a difference counts when it is larger than twice the square root of how many moved
    (the sign test's rule of thumb).
    """
    counted = [share for name, share in results["shares"].items() if name != Share.LEARNT]
    right, wrong = _difference(counted, "right"), _difference(counted, "wrong")
    if right > 0:
        return Judgement.BETTER if wrong <= 0 else Judgement.BOLDER
    if right == 0:
        return Judgement.SAFER if wrong < 0 else Judgement.SAME if wrong == 0 else Judgement.WORSE
    return Judgement.SHYER if wrong < 0 else Judgement.WORSE


def _difference(shares: Sequence[Mapping[str, Any]], name: str) -> int:
    """How many more have an outcome with the new model; 0 where that may be chance."""
    more = sum(share["new"][name] - share["old"][name] for share in shares)
    moved = sum(share["changed"][name] for share in shares)
    return int(more) if abs(more) > 2 * math.sqrt(moved) else 0
