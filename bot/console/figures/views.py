"""The figures: the page, its parts, what is handed out as files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.figures.export import turn_rows, turns_of
from bot.console.figures.forms import ExportForm, FiguresForm, back_in
from bot.console.figures.period import BACK, LENGTHS, Month, Period
from bot.console.figures.pieces import PIECES, top
from bot.console.figures.refused import Question, refused
from bot.console.figures.scope import Scope, scope_of
from bot.console.figures.sheets import Row, csv_pieces, write_xlsx
from bot.console.figures.summary import figure_rows

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFUSED = gettext_lazy("Questions hors sujet")


@dataclass(frozen=True)
class _Asked:
    """What a request is about: the scope, the form where one may choose, the same as the query of an address."""

    scope: Scope
    form: FiguresForm | None
    query: str


def _asked(request: StaffRequest) -> _Asked:
    if not request.user.has_perm(roles.READ):
        back = back_in(request.GET)
        return _Asked(scope_of(request.user, Month.of(timezone.localdate()).back(back)), None, urlencode({"back": back}))
    form = FiguresForm(request.GET)
    chamber, period = form.wish("chamber"), form.period()
    scope = scope_of(request.user, period, form.wish("region") or "", form.wish("channel") or "", chamber)
    values = {"since": str(period.first), "until": str(period.last), "region": scope.region, "channel": scope.channel, "chamber": chamber.pk if chamber else ""}
    return _Asked(scope, form, urlencode({name: value for name, value in values.items() if value}))


def _context(request: StaffRequest, asked: _Asked) -> dict[str, Any]:
    """What every part needs."""
    today = timezone.localdate()
    lengths = [{"days": days, "here": asked.scope.period == Period.until(today, days)} for days in LENGTHS]
    month = Month.of(today)
    periods = [{"back": times, "period": month.back(times), "here": asked.scope.period == month.back(times)} for times in range(BACK + 1)]
    choice = {"periods": periods} if asked.scope.walled else {"lengths": lengths}
    return {"asked": asked, "scope": asked.scope, "walled": asked.scope.walled, "chamber": request.user.chamber, **choice}


@requires(roles.SEE_FIGURES)
@require_GET
def page(request: StaffRequest) -> HttpResponseBase:
    """The figures of a period: the first ones at once, the others each by a request of its own."""
    asked = _asked(request)
    pieces = [{"name": name, "title": piece.title, "address": reverse("figures_piece", args=[name])} for name, piece in PIECES.items()]
    if not asked.scope.walled:
        pieces.insert(2, {"name": "refused", "title": _REFUSED, "address": reverse("figures_refused")})
    return render(request, "figures/page.html", {**_context(request, asked), **top(asked.scope), "pieces": pieces, "export": ExportForm()})


@requires(roles.SEE_FIGURES)
@require_GET
@vary_on_headers("HX-Request")
def piece(request: StaffRequest, name: str) -> HttpResponseBase:
    """One part of the page."""
    if name not in PIECES:
        raise Http404
    asked = _asked(request)
    return _part(request, asked, name, PIECES[name].title, PIECES[name].build(asked.scope))


@requires(roles.READ)
@require_GET
@vary_on_headers("HX-Request")
def refused_questions(request: StaffRequest) -> HttpResponseBase:
    """What people asked that Dalil could not answer; whoever reads it is noted."""
    asked = _asked(request)
    questions, compared = _refused(request, asked.scope)
    return _part(request, asked, "refused", _REFUSED, {"questions": questions, "compared": compared})


def _refused(request: StaffRequest, scope: Scope) -> tuple[list[Question], int]:
    """These questions, and how many texts were compared; that they are read is noted."""
    questions, compared = refused(scope)
    audit.record(request.user, "refused.read", **_period(scope), texts=compared)
    return questions, compared


def _part(request: StaffRequest, asked: _Asked, name: str, title: Any, values: dict[str, Any]) -> HttpResponseBase:
    """A part: alone when the page asks for it, else with a frame around it."""
    context = {**_context(request, asked), **values, "name": name, "title": title, "part": f"figures/_{name}.html"}
    return render(request, context["part"] if request.htmx else "figures/part.html", context)


@requires(roles.EXPORT)
@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """Hand out the turns or the figures of what the address asks for; who did, and how much it was, is noted first."""
    asked, form = _asked(request), ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez quoi exporter, et comme quel fichier."))
        return redirect(f"{reverse('figures')}?{asked.query}")
    what, kind = form.cleaned_data["what"], form.cleaned_data["kind"]
    rows: Iterable[Row]
    if what == "turns":
        turns = turns_of(asked.scope)
        count, rows = turns.count(), turn_rows(turns)
    else:
        rows = list(figure_rows(asked.scope, _refused(request, asked.scope)[0]))
        count = len(rows) - 1
    audit.record(request.user, f"{what}.exported", kind=kind, rows=count, **_period(asked.scope), **_narrowed(asked.scope))
    name = f"dalil-{what}-{asked.scope.period.first}-{asked.scope.period.last}.{kind}"
    return _csv(name, rows) if kind == "csv" else _xlsx(name, what, rows)


def _csv(name: str, rows: Iterable[Row]) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(csv_pieces(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _xlsx(name: str, title: str, rows: Iterable[Row]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, title, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


def _period(scope: Scope) -> dict[str, str]:
    return {"since": scope.period.first.isoformat(), "until": scope.period.last.isoformat()}


def _narrowed(scope: Scope) -> dict[str, Any]:
    values = {"region": scope.region, "channel": scope.channel, "campaigns": sorted(scope.codes) if scope.codes is not None else None}
    return {name: value for name, value in values.items() if value}
