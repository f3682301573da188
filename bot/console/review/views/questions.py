"""Evaluation questions made of real messages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.conversations.models import Turn
from bot.console.learning.known import Known
from bot.console.learning.refusals import broken, question_refusal
from bot.console.review.evaluation import expected
from bot.console.review.models import OUTSIDE, EvaluationQuestion, Review
from bot.console.review.views.one import back, queue_of, typed_turn
from bot.knowledge.records import KnowledgeError
from bot.knowledge.store import load
from bot.transcript import area_of


@requires(roles.APPROVE)
@require_POST
def add(request: StaffRequest, number: int) -> HttpResponseBase:
    """Make an evaluation question of a turn, unless models are trained on it."""
    turn = typed_turn(number)
    expect = expected(turn, Review.objects.filter(turn_id=turn.id))
    if expect is None:
        messages.error(request, _("Il faut d'abord savoir ce qui est juste : des relectures qui le disent, et qui disent la même chose."))
    elif reason := _unfit(turn.text):
        messages.error(request, reason)
    else:
        area = area_of(expect[0], load()) if expect else OUTSIDE
        values = {"variety": turn.variety, "area": area, "expect": expect, "turn": turn.id, "sender": turn.conversation_id, "by": request.user}
        EvaluationQuestion.objects.get_or_create(text=turn.text, defaults=values)
        audit.record(request.user, "question.added", str(turn.id), expect=expect)
        messages.success(request, _("C'est maintenant une question d'évaluation : chaque modèle y répondra."))
    return back(turn, queue_of(request.POST.get("queue")), done=False)


def _unfit(text: str) -> str | None:
    """Why a text cannot become an evaluation question; None when it can."""
    try:
        return question_refusal(text, Known.now())
    except KnowledgeError as error:
        return broken(error)


@requires(roles.APPROVE)
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    """All of them, the latest first."""
    questions = list(EvaluationQuestion.objects.select_related("by").order_by("-id"))
    turns = Turn.objects.in_bulk([question.turn for question in questions if question.turn is not None])
    audit.record(request.user, "questions.read", questions=len(questions))
    return render(request, "review/questions.html", {"questions": [(question, turns.get(question.turn)) for question in questions]})


@requires(roles.APPROVE)
@require_POST
def delete(request: StaffRequest, number: int) -> HttpResponseBase:
    """Take one away; models are not asked it any more."""
    question = get_object_or_404(EvaluationQuestion, id=number)
    question.delete()
    audit.record(request.user, "question.deleted", str(number), turn=question.turn)
    messages.success(request, _("La question est supprimée."))
    return redirect("review_questions")
