"""Why a line must not be learnt, and why a text must not become a question of the evaluation: no text may be both.

A question of the evaluation that is learnt measures nothing any more. The texts of the sealed share are compared with, and never shown: the
answer is the same whichever question it was.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bot.console.learning.known import Known, marks
from bot.console.learning.meaning import meaning_of
from bot.console.review.models import Meant
from bot.knowledge.records import KnowledgeError
from bot.knowledge.store import load
from bot.learnt import key
from bot.nlu.lines import written_intents


def refusal(text: str, variety: str, meant: str, target: str, known: Known) -> str | None:
    """Why a line must not be learnt, in a sentence; None where it may be."""
    meaning = meaning_of(meant, target)
    if not key(text):
        return _("Cette phrase ne contient aucun mot.")
    if meant == Meant.RECORD and target not in load().records:
        return _("La fiche « %(target)s » n'existe pas, ou plus.") % {"target": target}
    if meant == Meant.INTENT and target not in written_intents():
        return _("L'intention « %(target)s » n'existe pas, ou plus.") % {"target": target}
    if not _in_script(text, variety):
        return _("La langue choisie ne s'écrit pas dans cet alphabet.")
    if marks(text) & known.measuring:
        return _("Cette phrase sert à mesurer Dalil. Si elle était apprise, elle ne mesurerait plus rien.")
    for meanings in known.trained:
        if (other := meanings.by_key.get(key(text))) == meaning:
            return _("Dalil apprend déjà cette phrase, avec ce sens. L'apprendre deux fois ne changerait rien.")
        if other := other or meanings.other(text, meaning):
            return _("Dalil apprend déjà cette phrase avec un autre sens : « %(target)s ».") % {"target": other[1]}
    if (other := known.approved.by_key.get(key(text))) == meaning:
        return _("Cette phrase est déjà approuvée, avec ce sens.")
    if other := other or known.approved.other(text, meaning):
        return _("Cette phrase est déjà approuvée avec un autre sens : « %(target)s ».") % {"target": other[1]}
    return None


def question_refusal(text: str, known: Known) -> str | None:
    """Why a text must not become a question of the evaluation, in a sentence; None where it may."""
    if not key(text):
        return _("Ce message n'a pas de mots : il ne peut pas devenir une question d'évaluation.")
    if any(text in meanings for meanings in known.trained):
        return _("Les modèles s'entraînent déjà sur cette phrase : une question d'évaluation doit leur être inconnue, sinon sa mesure ne vaut rien.")
    if text in known.approved:
        return _("Cette phrase est approuvée pour être apprise : une question d'évaluation doit être inconnue des modèles. Retirez d'abord la phrase.")
    if marks(text) & known.measuring:
        return _("Cette phrase est déjà une question d'évaluation.")
    return None


def broken(error: KnowledgeError) -> str:
    """What staff are told when the file of learnt lines cannot be read."""
    return _("Le fichier des phrases apprises est abîmé ; prévenez la personne qui s'occupe de la machine : %(fault)s") % {"fault": error}


def _in_script(text: str, variety: str) -> bool:
    """Whether a text is written in the letters of its variety; one without letters is."""
    from bot.language.identify import script_of

    return script_of(text) in (None, "arabic" if variety in ("ar", "ary-Arab") else "latin")
