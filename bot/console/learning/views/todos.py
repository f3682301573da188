"""What the knowledge base lacks: questions that no record answers, put together into records that should be written."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Min, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.learning.forms import SortForm, TodoForm
from bot.console.learning.models import Todo, TodoQuestion
from bot.console.review.models import Meant, Review, Verdict
from bot.transcript import Kind

_PAGE = 20
#: How many records that were written are still listed.
_DONE = 20


def unsorted() -> QuerySet[Review]:
    """The reviews that say that a record is missing, of turns that belong to nothing to do yet; of several of one turn the first."""
    sorted_already = TodoQuestion.objects.values("turn")
    said = Review.objects.filter(verdict=Verdict.WRONG, meant=Meant.MISSING, turn__kind=Kind.TEXT.value).exclude(turn_id__in=sorted_already)
    first = said.order_by().values("turn_id").annotate(first=Min("id")).values("first")
    return Review.objects.filter(pk__in=first).select_related("turn", "reviewer").order_by("turn_id")


@requires(roles.APPROVE)
@require_GET
def missing(request: StaffRequest) -> HttpResponseBase:
    """The questions to sort, and the records that should be written."""
    page = Paginator(unsorted(), _PAGE).get_page(request.GET.get("page"))
    entries = [(review, SortForm(auto_id=f"id_{review.pk}_%s")) for review in page]
    todos = Todo.objects.annotate(count=Count("questions")).select_related("assignee")
    audit.record(request.user, "missing.read", count=len(entries), turns=[review.turn_id for review, _form in entries])
    context = {"entries": entries, "page": page, "todos": todos.filter(state=Todo.State.OPEN), "done": todos.filter(state=Todo.State.DONE)[:_DONE]}
    return render(request, "learning/missing.html", {**context, "tab": "missing"})


@requires(roles.APPROVE)
@require_POST
def sort(request: StaffRequest, number: int) -> HttpResponseBase:
    """Put a question to a record that should be written."""
    review = get_object_or_404(unsorted(), pk=number)
    form = SortForm(request.POST, auto_id=f"id_{review.pk}_%s")
    if not form.is_valid():
        audit.record(request.user, "missing.read", count=1, turns=[review.turn_id])
        return render(request, "learning/sort.html", {"review": review, "form": form, "tab": "missing"}, status=422)
    try:
        with transaction.atomic():
            todo = form.cleaned_data["todo"] or Todo.objects.create(title=form.cleaned_data["title"], by=request.user)
            values = {"turn": review.turn_id, "sender": review.sender, "text": review.turn.text, "review": review, "by": request.user}
            TodoQuestion.objects.create(todo=todo, **values)
    except IntegrityError:
        messages.warning(request, _("Quelqu'un d'autre vient de classer ce message."))
        return redirect("learning_missing")
    audit.record(request.user, "missing.sorted", str(review.turn_id), todo=todo.pk)
    messages.success(request, _("La question est classée dans « %(title)s ».") % {"title": todo.title})
    return redirect("learning_missing")


@requires(roles.APPROVE)
@require_http_methods(["GET", "POST"])
def todo(request: StaffRequest, number: int) -> HttpResponseBase:
    """A record that should be written: who does, for which questions; `done` and `open` close and open it."""
    found = get_object_or_404(Todo.objects.select_related("assignee", "by"), pk=number)
    form = TodoForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        changed = form.save(commit=False)
        if request.POST.get("state") in Todo.State.values:
            changed.state = request.POST["state"]
            changed.done_at = timezone.now() if changed.state == Todo.State.DONE else None
        changed.save()
        audit.record(request.user, "todo.changed", str(number), state=changed.state)
        messages.success(request, _("C'est enregistré."))
        return redirect("learning_todo", number)
    if request.method == "GET":
        audit.record(request.user, "todo.read", str(number))
    context = {"todo": found, "form": form, "questions": found.questions.select_related("by"), "tab": "missing"}
    return render(request, "learning/todo.html", context, status=422 if form.errors else 200)
