"""Learning: corrections are approved by a second person, trained beside the model in use, compared with it, promoted and taken back."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bot import learnt
from bot.console.accounts.models import AuditEntry
from bot.console.learning import files, runs
from bot.console.learning import run as run_process
from bot.console.learning.known import Meanings
from bot.console.learning.models import Correction, Reason, Run, RunState, Todo, TodoQuestion
from bot.console.learning.results import judgement
from bot.console.review.models import EvaluationQuestion, Review
from bot.learnt import LearntLine
from bot.nlu.fingerprint import training_hash
from bot.settings import settings
from bot.training import exchange, in_use, is_current, kept_in
from tests.candidate import RECORD, TEXT, VARIETY, Candidate
from tests.console.tools import Talk, project

pytestmark = pytest.mark.usefixtures("console_url")

ODD = "à quatre brodeuses, on tient le bon bout ?"
DARIJA = "wach rb3a d lkhayatat kafyin l had lmachrou3 dyalna"
DARIJA_IN_ARABIC = "واش ربعة د الخياطات كافيين ل هاد المشروع ديالنا"


@pytest.fixture
def staff(account: Callable[..., Any]) -> dict[str, Any]:
    """One account of each role."""
    return {role: account(role) for role in ("reviewer", "editor", "manager", "chamber")}


def _turn(text: str = ODD, variety: str = "fr", sender: int = 1) -> int:
    """Somebody writes, and is answered with the wrong record."""
    talk = Talk(sender=f"telegram:{sender:032x}")
    number = talk.says(text, variety=variety, language="fr" if variety == "fr" else "ary")
    talk.answers("coop-capital-min")
    project()
    return number


def _review(turn: int, reviewer: Any, meant: str = "record", target: str = RECORD, **more: Any) -> Review:
    sender = more.pop("sender", f"telegram:{1:032x}")
    return Review.objects.create(turn_id=turn, sender=sender, reviewer=reviewer, verdict=more.pop("verdict", "wrong"), meant=meant, target=target, **more)


def _approve(client: Any, review: Review, text: str = ODD, variety: str = "fr") -> Any:
    return client.post(f"/learning/turns/{review.turn_id}/approve/", {"opinion": review.pk, "text": text, "variety": variety})


def _page(client: Any, path: str = "/learning/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- corrections


def test_what_was_found_wrong_waits_for_a_decision_and_nothing_else_does(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    shown = {
        "record": "une phrase pour une fiche",
        "intent": "une phrase pour une intention",
        "outside": "une phrase hors du sujet",
    }
    for number, (meant, text) in enumerate(shown.items()):
        _review(_turn(text, sender=number + 1), staff["reviewer"], meant, {"record": RECORD, "intent": "greet"}.get(meant, ""), note="une remarque")
    _review(_turn("une phrase juste", sender=5), staff["reviewer"], "", "", verdict="right")
    _review(_turn("une phrase sans fiche", sender=6), staff["reviewer"], "missing", "")
    talk = Talk(sender="telegram:7")
    pressed = talk.says('/show{"record": "coop-definition"}', intent="show")
    talk.says_back("La coopérative", "action_show")
    project()
    _review(pressed, staff["reviewer"])
    page = _page(browse("editor"))
    assert all(text in page for text in shown.values())
    assert "une phrase juste" not in page
    assert "une phrase sans fiche" not in page
    assert page.count("<article") == 3
    assert "Nombre de membres" in page
    assert "Capital minimum" in page  # what the bot answered
    assert "reviewer" in page  # who said so
    assert "une remarque" in page
    assert AuditEntry.objects.filter(action="corrections.read", who="editor").exists()


def test_intents_are_shown_by_their_names(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    talk = Talk(sender=f"telegram:{1:032x}")
    number = talk.says("merci pour tout et à bientôt", intent="thank")
    talk.says_back("De rien", "utter_thank")
    project()
    _review(number, staff["reviewer"], "intent", "goodbye")
    _correction(staff, "bonjour à vous toutes et tous", 999, kind="intent", target="greet")
    run = Run.objects.create(started_by=staff["editor"], lines=[{"text": "à demain", "variety": "fr", "intent": "goodbye", "correction": 1}], state="failed")
    shown = {"/learning/": ["Remercier", "Dire au revoir"], "/learning/next/": ["Saluer"], f"/learning/runs/{run.pk}/": ["Dire au revoir"]}
    for path, names in shown.items():
        page = _page(browse("editor"), path)
        assert all(name in page for name in names), path
        assert not any(f">{intent}<" in page for intent in ("thank", "goodbye", "greet")), path


def test_an_approved_line_is_masked_on_one_line_and_waits_to_be_learnt(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    review = _review(_turn(ODD + " moi c'est Karima"), staff["reviewer"])
    editor = browse("editor")
    answer = _approve(editor, review, f"  {ODD}\r\n\u202eappelez le 0661234567 ")
    assert answer.status_code == 302
    made = Correction.objects.get()
    assert made.text == f"{ODD} appelez le [tel]"
    assert (made.variety, made.kind, made.target, made.state, made.decided_by, made.review) == ("fr", "record", RECORD, "approved", staff["editor"], review)
    assert (made.turn, made.sender) == (review.turn_id, f"telegram:{1:032x}")
    assert "Rien à décider" in _page(editor)
    assert "[tel]" in _page(editor, "/learning/next/")
    assert AuditEntry.objects.get(action="correction.approved").target == str(review.turn_id)


def test_nobody_approves_their_own_correction(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    review = _review(_turn(), staff["editor"])
    editor = browse("editor")
    assert "Vous avez relu ce message vous-même" in _page(editor)
    answer = _approve(editor, review)
    assert answer.status_code == 422
    assert "Vous avez relu ce message vous-même" in answer.content.decode()
    assert not Correction.objects.exists()
    assert _approve(browse("manager"), review).status_code == 302
    assert Correction.objects.get().decided_by == staff["manager"]


def test_of_two_who_agree_either_may_approve_what_the_other_said(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    turn = _turn()
    own, other = _review(turn, staff["editor"]), _review(turn, staff["reviewer"])
    page = _page(browse("editor"))
    assert page.count('type="radio"') == 1
    assert "Les avis diffèrent" not in page
    assert _approve(browse("editor"), own).status_code == 302
    assert Correction.objects.get().review == other


def test_where_reviewers_differ_one_meaning_is_chosen(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    turn = _turn()
    _review(turn, staff["editor"], "intent", "greet")
    chosen = _review(turn, staff["reviewer"])
    _review(turn, staff["manager"], "", "", verdict="right")
    editor = browse("editor")
    page = _page(editor)
    assert "Les avis diffèrent" in page
    assert "manager trouve la réponse du bot juste" in page
    assert page.count("checked") == 0
    missing = editor.post(f"/learning/turns/{turn}/approve/", {"text": ODD, "variety": "fr"})
    assert missing.status_code == 422
    own = Review.objects.get(reviewer=staff["editor"])
    assert _approve(editor, own).status_code == 422  # that meaning is only their own
    assert _approve(editor, chosen).status_code == 302
    assert Correction.objects.get().target == RECORD
    assert "<article" not in _page(editor)


def test_what_was_declined_can_be_taken_up_again(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    review = _review(_turn(), staff["reviewer"])
    editor = browse("editor")
    assert editor.post(f"/learning/turns/{review.turn_id}/decline/").status_code == 302
    made = Correction.objects.get()
    assert made.state == "declined"
    assert "<article" not in _page(editor)
    assert editor.post(f"/learning/corrections/{made.pk}/withdraw/").status_code == 302
    assert page_has_case(_page(editor), review)


def page_has_case(page: str, review: Review) -> bool:
    return f'id="turn-{review.turn_id}"' in page


def test_of_two_who_decide_at_once_the_second_is_told(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    review = _review(_turn(), staff["reviewer"])
    editor, manager = browse("editor"), browse("manager")
    assert _approve(editor, review).status_code == 302
    assert _approve(manager, review).status_code == 302
    assert "Quelqu&#x27;un d&#x27;autre vient de décider" in _page(manager)
    assert Correction.objects.get().decided_by == staff["editor"]
    assert _approve(manager, Review(turn_id=999_999, pk=1)).status_code == 404


def test_a_learnt_line_cannot_be_withdrawn(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    made = Correction.objects.create(turn=1, sender="x", text=ODD, variety="fr", kind="record", target=RECORD, state="learnt", decided_by=staff["editor"])
    assert browse("editor").post(f"/learning/corrections/{made.pk}/withdraw/").status_code == 404


def test_a_line_that_is_learnt_at_this_moment_cannot_be_withdrawn(console_url: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    made, editor, answers = _correction(staff), browse("editor"), []
    with transaction.atomic():  # as a promotion that is under way
        Correction.objects.filter(pk=made.pk).update(state="learnt")
        withdrawing = _beside(lambda: answers.append(editor.post(f"/learning/corrections/{made.pk}/withdraw/").status_code))
        withdrawing.join(0.5)
        assert withdrawing.is_alive(), "it waits for what becomes of the line"
    withdrawing.join(20)
    assert answers == [404]
    assert Correction.objects.get().state == "learnt"
    assert not AuditEntry.objects.filter(action="correction.withdrawn").exists()


def _beside(work: Callable[[], Any]) -> threading.Thread:
    """Something done in a thread, with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


# --- what must not be learnt


def _refused(client: Any, review: Review, text: str = ODD, variety: str = "fr") -> str:
    answer = _approve(client, review, text, variety)
    assert answer.status_code == 422
    assert not Correction.objects.filter(turn=review.turn_id).exists()
    return str(answer.content.decode())


MEASURES = "sert à mesurer Dalil"


@pytest.mark.parametrize("share", ["open", "sealed"])
def test_a_question_of_the_evaluation_is_refused_in_any_spelling_and_never_shown(share: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    from bot.evaluation import read_questions

    question = next(question.text for question in read_questions(share) if question.variety == "fr" and len(question.text) > 30)
    review = _review(_turn(), staff["reviewer"])
    page = _refused(browse("editor"), review, question.upper() + " !!!")
    assert MEASURES in page
    assert (question in page) is False  # not shown by the test either


def test_a_question_of_the_evaluation_is_refused_in_another_script_too(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    EvaluationQuestion.objects.create(text=DARIJA_IN_ARABIC, variety="ary-Arab", area="creation", expect=[RECORD], by=staff["manager"])
    review = _review(_turn(), staff["reviewer"])
    assert MEASURES in _refused(browse("editor"), review, DARIJA, "ary-Latn")
    assert MEASURES in _refused(browse("editor"), review, DARIJA_IN_ARABIC, "ary-Arab")


def test_what_is_trained_already_is_refused_with_its_meaning(staff: dict[str, Any], browse: Callable[..., Any], knowledge: Any) -> None:
    question = knowledge.records[RECORD].questions.fr[0]
    review, other = _review(_turn(), staff["reviewer"]), _review(_turn(sender=2), staff["reviewer"], target="coop-definition")
    editor = browse("editor")
    assert "apprend déjà cette phrase, avec ce sens" in _refused(editor, review, question + " ?")
    page = _refused(editor, other, question)
    assert "avec un autre sens" in page
    assert RECORD in page


def test_what_was_learnt_or_approved_before_is_refused(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    lines = [LearntLine(text=DARIJA_IN_ARABIC, variety="ary-Arab", record=RECORD)]
    learnt.file(settings()).write_text(learnt.written(lines), encoding="utf-8")
    same, other = _review(_turn(), staff["reviewer"]), _review(_turn(sender=2), staff["reviewer"], target="coop-definition")
    editor = browse("editor")
    assert "apprend déjà cette phrase, avec ce sens" in _refused(editor, same, DARIJA_IN_ARABIC, "ary-Arab")
    assert "avec un autre sens" in _refused(editor, other, DARIJA, "ary-Latn")  # the same, in Latin letters
    assert _approve(editor, same).status_code == 302
    again = _review(_turn(sender=3), staff["reviewer"])
    assert "déjà approuvée, avec ce sens" in _refused(editor, again, ODD.upper())
    assert "déjà approuvée avec un autre sens" in _refused(editor, other)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("meant", "target", "text", "variety", "said"),
    [
        ("record", "no-such-record", ODD, "fr", "La fiche « no-such-record » n&#x27;existe pas"),
        ("intent", "no_such_intent", ODD, "fr", "L&#x27;intention « no_such_intent » n&#x27;existe pas"),
        ("intent", "show", ODD, "fr", "n&#x27;existe pas"),  # of a button, not of words
        ("record", RECORD, ODD, "ary-Arab", "pas dans cet alphabet"),
        ("record", RECORD, DARIJA_IN_ARABIC, "fr", "pas dans cet alphabet"),
        ("record", RECORD, ODD, "", "obligatoire"),
        ("record", RECORD, ODD, "en", "Sélectionnez un choix valide"),
        ("record", RECORD, "?! 😀", "fr", "ne contient aucun mot"),
        ("record", RECORD, "", "fr", "obligatoire"),
        ("record", RECORD, "mot " * 600, "fr", "trop longue"),
    ],
)
def test_what_cannot_be_learnt_is_refused_and_nothing_typed_is_lost(
    meant: str, target: str, text: str, variety: str, said: str, staff: dict[str, Any], browse: Callable[..., Any]
) -> None:
    review = _review(_turn(), staff["reviewer"], meant, target)
    page = _refused(browse("editor"), review, text, variety)
    assert said in page
    assert text.strip() in page.replace("&#x27;", "'")


def test_a_broken_file_of_learnt_lines_is_named_on_every_page_that_needs_it(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    review = _review(_turn(), staff["reviewer"])
    learnt.file(settings()).write_text("- text: a b c\n  variety: en\n  intent: greet\n", encoding="utf-8")
    _use_model()
    editor = browse("editor")
    assert "learnt.yml: record number 1: field variety" in _refused(editor, review)
    assert "learnt.yml: record number 1: field variety" in _page(editor, "/learning/next/")
    assert editor.post("/learning/runs/start/").status_code == 302
    assert "learnt.yml: record number 1: field variety" in _page(editor, "/learning/next/")
    assert not Run.objects.exists()


@pytest.mark.parametrize(("text", "variety"), [(ODD.upper() + " !", "fr"), (DARIJA_IN_ARABIC, "ary-Arab")])
def test_what_was_approved_cannot_become_a_question_of_the_evaluation(text: str, variety: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _correction(staff, ODD, 901)
    _correction(staff, DARIJA, 902, variety="ary-Latn")
    turn = _turn(text, variety)
    _review(turn, staff["reviewer"])
    page = browse("editor").post(f"/review/turn/{turn}/question/", follow=True).content.decode()
    assert "approuvée pour être apprise" in page
    assert not EvaluationQuestion.objects.exists()


@pytest.mark.parametrize("share", ["open", "sealed"])
def test_a_question_of_the_release_is_not_asked_twice(share: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    from bot.evaluation import read_questions

    turn = _turn(next(question.text for question in read_questions(share) if question.variety == "fr" and len(question.text) > 30))
    _review(turn, staff["reviewer"])
    page = browse("editor").post(f"/review/turn/{turn}/question/", follow=True).content.decode()
    assert "déjà une question d&#x27;évaluation" in page
    assert not EvaluationQuestion.objects.exists()


def test_short_texts_meet_by_chance_and_are_compared_by_their_words_only() -> None:
    known = Meanings()
    known.add("LES MEMBRES ?", ("intent", "ask_members"))
    known.add("!", ("intent", "greet"))
    assert "les membres" in known
    assert "les ombres" not in known
    assert "" not in known


# --- what is to be learnt next


def _correction(staff: dict[str, Any], text: str = ODD, turn: int = 1, **values: Any) -> Correction:
    defaults = {"sender": "telegram:1", "variety": "fr", "kind": "record", "target": RECORD, "state": "approved", "decided_by": staff["editor"]}
    return Correction.objects.create(text=text, turn=turn, **{**defaults, **values})


def test_the_change_of_the_file_is_shown_line_by_line(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    learnt.file(settings()).write_text(learnt.written([LearntLine(text="déjà là", variety="fr", intent="greet")]), encoding="utf-8")
    _correction(staff)
    _correction(staff, "la recette de la harira", 2, kind="outside", target="")
    page = _page(browse("editor"), "/learning/next/")
    added = [line.split("</span>")[0] for line in page.split('<span class="added">')[1:]]
    text = ODD.replace("'", "&#x27;")
    assert added == [
        f"+- text: {text}",
        "+  variety: fr",
        f"+  record: {RECORD}",
        "+- text: la recette de la harira",
        "+  variety: fr",
        "+  intent: out_of_scope",
    ]
    assert 'class="removed"' not in page


def test_the_first_lines_of_all_take_nothing_out_of_the_file(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _correction(staff)
    page = _page(browse("editor"), "/learning/next/")
    assert f"+- text: {ODD}".replace("'", "&#x27;") in page
    assert 'class="removed"' not in page


def test_without_lines_there_is_no_change_to_show(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    assert 'class="diff"' not in _page(browse("editor"), "/learning/next/")


def test_of_two_equal_lines_that_were_approved_at_once_one_is_learnt(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    _correction(staff)
    _correction(staff, ODD.upper(), 2)
    _correction(staff, DARIJA, 3, variety="ary-Latn")
    _correction(staff, DARIJA_IN_ARABIC, 4, variety="ary-Arab", target="coop-definition")  # the same, with another meaning
    page = _page(browse("editor"), "/learning/next/")
    assert "Cette phrase est déjà approuvée, avec ce sens." in page
    assert f"Cette phrase est déjà approuvée avec un autre sens : « {RECORD} »." in page
    run = _made(runs.begin(staff["editor"]))
    assert [line["text"] for line in run.lines] == [ODD, DARIJA]
    assert [line.text for line in learnt.read(kept_in(files.folder(run.pk)).lines)] == [ODD, DARIJA]


def test_a_line_that_became_a_question_of_the_evaluation_is_not_learnt(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    made = _correction(staff)
    EvaluationQuestion.objects.create(text=ODD.upper(), variety="fr", area="", expect=[RECORD], by=staff["manager"])
    editor = browse("editor")
    page = _page(editor, "/learning/next/")
    assert "Ne sera pas apprise" in page
    assert 'class="added"' not in page
    assert "Entraîner</button>" not in page
    with pytest.raises(runs.Refused, match="Aucune phrase"):
        runs.begin(staff["editor"])
    assert editor.post(f"/learning/corrections/{made.pk}/withdraw/").status_code == 302
    assert not Correction.objects.exists()


# --- runs


def _use_model(content: bytes = b"the model of the release") -> None:
    """A model in use, trained on the learnt lines that there are."""
    used = in_use(settings())
    used.model.parent.mkdir(parents=True, exist_ok=True)
    used.model.write_bytes(content)
    used.mark.write_text(training_hash(used.lines), encoding="utf-8")


def _made(run: Run, content: bytes = b"the new model") -> Run:
    """What a run's process leaves behind when it is ready."""
    made = kept_in(files.folder(run.pk))
    made.model.parent.mkdir(parents=True)
    made.lines.write_text(learnt.written([*learnt.read(in_use(settings()).lines), *runs.lines_of(run)]), encoding="utf-8")
    made.model.write_bytes(content)
    made.mark.write_text(training_hash(made.lines), encoding="utf-8")
    run.state = RunState.READY
    run.save()
    return run


def _ready(staff: dict[str, Any], text: str = ODD, turn: int = 1) -> Run:
    """A run that is ready, with one line approved."""
    _correction(staff, text, turn)
    return _made(runs.begin(staff["editor"]), f"a model with {text}".encode())


def _in_use() -> tuple[bytes, str]:
    used = in_use(settings())
    return used.model.read_bytes(), used.lines.read_text(encoding="utf-8") if used.lines.exists() else ""


def test_a_run_takes_all_approved_lines_and_is_refused_without_any(staff: dict[str, Any]) -> None:
    _use_model()
    with pytest.raises(runs.Refused, match="Aucune phrase"):
        runs.begin(staff["editor"])
    made = _correction(staff)
    _correction(staff, "jamais de la vie", 2, state="declined")
    _correction(staff, "déjà apprise", 3, state="learnt")
    run = runs.begin(staff["editor"])
    assert run.lines == [{"text": ODD, "variety": "fr", "record": RECORD, "correction": made.pk}]
    assert (run.state, run.started_by) == ("training", staff["editor"])


def test_a_model_that_is_out_of_date_is_not_compared_with(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    in_use(settings()).mark.write_text("of another release", encoding="utf-8")
    _correction(staff)
    editor = browse("editor")
    assert "Redémarrez Dalil" in _page(editor, "/learning/next/")
    editor.post("/learning/runs/start/")
    assert not Run.objects.exists()
    assert "Redémarrez Dalil, puis réessayez" in _page(editor, "/learning/next/")


def test_one_run_at_a_time(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    _correction(staff)
    first = runs.begin(staff["editor"])
    editor = browse("editor")
    page = _page(editor, "/learning/next/")
    assert f"/learning/runs/{first.pk}/" in page
    assert "Entraîner</button>" not in page
    with pytest.raises(runs.Refused, match="déjà en cours"):
        runs.begin(staff["manager"])
    with pytest.raises(IntegrityError), transaction.atomic():  # whoever else might try
        Run.objects.create(started_by=staff["editor"], state=RunState.EVALUATING)
    assert Run.objects.count() == 1


def test_a_run_whose_process_died_is_called_failed_and_another_can_begin(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    _correction(staff)
    dead = runs.begin(staff["editor"])
    editor = browse("editor")
    assert 'hx-trigger="every 3s"' in _page(editor, f"/learning/runs/{dead.pk}/")
    Run.objects.filter(pk=dead.pk).update(heard_at=timezone.now() - dt.timedelta(seconds=61))
    page = _page(editor, f"/learning/runs/{dead.pk}/state/")
    assert "arrêté sans prévenir" in page
    assert "hx-trigger" not in page
    assert runs.begin(staff["editor"]).state == "training"
    dead.refresh_from_db()
    assert (dead.state, dead.reason) == (RunState.FAILED, Reason.DIED)


def test_a_run_that_waits_for_a_decision_gives_way_to_a_new_one(staff: dict[str, Any]) -> None:
    _use_model()
    waiting = _ready(staff)
    _correction(staff, DARIJA, 2, variety="ary-Latn")
    newer = runs.begin(staff["editor"])
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (RunState.DISCARDED, Reason.REPLACED)
    assert [line["text"] for line in newer.lines] == [ODD, DARIJA]


def test_promoting_exchanges_model_mark_and_lines_and_keeps_those_before(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    before = _in_use()
    run = _ready(staff)
    manager = browse("manager")
    assert "Mettre en service" in _page(manager, f"/learning/runs/{run.pk}/")
    assert manager.post(f"/learning/runs/{run.pk}/promote/").status_code == 302
    model, lines = _in_use()
    assert model == f"a model with {ODD}".encode()
    assert ODD in lines
    assert is_current(settings())  # so `dalil run` does not train
    made = Correction.objects.get()
    assert (made.state, made.run) == ("learnt", run)
    run.refresh_from_db()
    assert (run.state, run.decided_by) == (RunState.PROMOTED, staff["manager"])
    assert AuditEntry.objects.get(action="run.promoted").target == str(run.pk)
    page = _page(manager, f"/learning/runs/{run.pk}/")
    assert "Revenir au modèle précédent" in page
    assert "Mettre en service" not in page

    assert manager.post(f"/learning/runs/{run.pk}/back/").status_code == 302
    assert _in_use() == before
    assert is_current(settings())
    made.refresh_from_db()
    run.refresh_from_db()
    assert (made.state, made.run, run.state) == ("approved", None, RunState.ROLLED_BACK)
    assert "Revenir au modèle précédent" not in _page(manager, f"/learning/runs/{run.pk}/")


def test_two_promotions_are_taken_back_one_after_the_other(staff: dict[str, Any]) -> None:
    _use_model()
    states = [_in_use()]
    first = runs.promote(_ready(staff).pk, staff["manager"])
    states.append(_in_use())
    second = runs.promote(_ready(staff, DARIJA, 2).pk, staff["manager"])
    assert [line.text for line in learnt.read(in_use(settings()).lines)] == [ODD, DARIJA]
    with pytest.raises(runs.Refused, match="pas celui qui est en service"):
        runs.take_back(first.pk, staff["manager"])
    runs.take_back(second.pk, staff["manager"])
    assert _in_use() == states[1]
    runs.take_back(first.pk, staff["manager"])
    assert _in_use() == states[0]
    with pytest.raises(runs.Refused):
        runs.take_back(first.pk, staff["manager"])


def test_a_discarded_model_leaves_everything_as_it_was(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    before = _in_use()
    run = _ready(staff)
    manager = browse("manager")
    assert manager.post(f"/learning/runs/{run.pk}/discard/").status_code == 302
    assert _in_use() == before
    assert Correction.objects.get().state == "approved"
    assert manager.post(f"/learning/runs/{run.pk}/promote/").status_code == 302
    assert _in_use() == before
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED


def test_a_promotion_that_was_interrupted_after_the_files_is_done_again_or_undone(staff: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _use_model()
    before = _in_use()
    run = _ready(staff)

    _interrupted(staff, run, monkeypatch)
    assert _in_use() != before
    run.refresh_from_db()
    assert (run.state, Correction.objects.get().state) == (RunState.READY, "approved")
    runs.promote(run.pk, staff["manager"])
    runs.take_back(run.pk, staff["manager"])
    assert _in_use() == before

    again = _made(runs.begin(staff["editor"]), b"another one")
    _interrupted(staff, again, monkeypatch)
    runs.discard(again.pk, staff["manager"])
    assert _in_use() == before
    assert is_current(settings())


def _interrupted(staff: dict[str, Any], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promote a run; the process ends when the files are exchanged and nothing is written down."""

    def cut(*arguments: Any) -> None:
        exchange(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runs, "exchange", cut)
        with pytest.raises(KeyboardInterrupt):
            runs.promote(run.pk, staff["manager"])


def test_a_promotion_that_was_interrupted_gives_way_to_a_new_run(staff: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _use_model()
    before = _in_use()
    run = _ready(staff)
    _interrupted(staff, run, monkeypatch)
    assert _in_use() != before
    newer = runs.begin(staff["editor"])
    assert _in_use() == before
    assert is_current(settings())
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.DISCARDED, Reason.REPLACED)
    assert [line["text"] for line in newer.lines] == [ODD]
    runs.promote(_made(newer).pk, staff["manager"])
    runs.take_back(newer.pk, staff["manager"])
    assert _in_use() == before


def test_lines_written_by_hand_after_an_interruption_are_not_lost(staff: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _use_model()
    run = _ready(staff)
    _interrupted(staff, run, monkeypatch)
    _edit_lines(run)
    edited = _in_use()
    runs.discard(run.pk, staff["manager"])
    assert _in_use() == edited


def test_one_at_a_time_exchanges_the_files(staff: dict[str, Any]) -> None:
    _use_model()
    run = _ready(staff)
    with files.alone():
        promoting = _beside(lambda: runs.promote(run.pk, staff["manager"]))
        promoting.join(0.5)
        assert promoting.is_alive()
        assert _in_use()[0] == b"the model of the release"
    promoting.join(20)
    run.refresh_from_db()
    assert run.state == RunState.PROMOTED


def test_nobody_waits_for_the_database_while_a_model_is_copied(staff: dict[str, Any]) -> None:
    """The bot writes each message it receives: copying a model must not keep it from that."""
    _use_model()
    run = _ready(staff)
    made = kept_in(files.folder(run.pk)).model
    made.unlink()
    os.mkfifo(made)  # a file that takes as long to read as we like
    promoting = _beside(lambda: runs.promote(run.pk, staff["manager"]))
    with made.open("wb") as model:  # opened once it is being read
        began = time.monotonic()
        AuditEntry.objects.create(who="-", action="test")
        assert time.monotonic() - began < 1
        model.write(b"the new model")
    promoting.join(20)
    assert _in_use()[0] == b"the new model"


def _edit_lines(_run: Run) -> None:
    path = in_use(settings()).lines
    path.write_text(learnt.written([LearntLine(text="à la main", variety="fr", intent="greet")]), encoding="utf-8")


def _upgrade(run: Run) -> None:
    kept_in(files.folder(run.pk)).mark.write_text("of another release", encoding="utf-8")


def _withdraw(_run: Run) -> None:
    Correction.objects.all().delete()


def _ask_it(run: Run) -> None:
    EvaluationQuestion.objects.create(text=ODD.upper(), variety="fr", area="", expect=[RECORD], by=run.started_by)


@pytest.mark.parametrize(
    ("happens", "said"), [(_edit_lines, "a changé"), (_upgrade, "mis à jour"), (_withdraw, "retirée"), (_ask_it, "ne peut plus être apprise. .* mesurer Dalil")]
)
def test_what_changed_since_the_comparison_stops_the_promotion(happens: Callable[[Run], None], said: str, staff: dict[str, Any]) -> None:
    _use_model()
    run = _ready(staff)
    happens(run)
    before = _in_use()
    with pytest.raises(runs.Refused, match=said):
        runs.promote(run.pk, staff["manager"])
    assert _in_use() == before
    run.refresh_from_db()
    assert run.state == RunState.READY


def test_a_question_made_while_a_run_waits_keeps_its_model_out_of_use_until_it_is_taken_away(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    before = _in_use()
    run = _ready(staff)
    _ask_it(run)
    manager = browse("manager")
    page = manager.post(f"/learning/runs/{run.pk}/promote/", follow=True).content.decode()
    assert "Entraînez un nouveau modèle" in page
    assert "le bot" not in page.partition('id="state-title"')[2].partition("</h2>")[0]
    assert _in_use() == before
    assert Correction.objects.get().state == "approved"
    EvaluationQuestion.objects.all().delete()
    runs.promote(run.pk, staff["manager"])
    assert _in_use() != before


def test_the_way_back_is_closed_where_it_would_lose_something(staff: dict[str, Any]) -> None:
    _use_model()
    run = runs.promote(_ready(staff).pk, staff["manager"])
    _edit_lines(run)
    with pytest.raises(runs.Refused, match="à la main"):
        runs.take_back(run.pk, staff["manager"])
    files.previous(run.pk).mark.write_text("of another release", encoding="utf-8")
    with pytest.raises(runs.Refused, match="mis à jour"):
        runs.take_back(run.pk, staff["manager"])


def test_the_files_of_five_runs_are_kept_and_those_of_the_model_in_use(staff: dict[str, Any]) -> None:
    _use_model()
    used = runs.promote(_ready(staff).pk, staff["manager"])
    _correction(staff, DARIJA, 2, variety="ary-Latn")
    numbers = [_made(runs.begin(staff["editor"])).pk for _ in range(6)]
    last = runs.begin(staff["editor"])
    runs.tidy()
    kept = sorted(int(path.name) for path in (settings().models_dir / "runs").iterdir())
    assert kept == [used.pk, *numbers[2:]]
    assert last.pk not in kept  # it has made nothing yet


# --- who has taken the model


def _server(name: str, mark: str, age: float = 0.0) -> Path:
    """What a running server says of its model."""
    path = settings().models_dir / "servers" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(mark, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_the_page_of_a_run_tells_whether_the_bot_has_taken_its_model(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    _use_model()
    old = in_use(settings()).mark.read_text(encoding="utf-8")
    run = runs.promote(_ready(staff).pk, staff["manager"])
    new = in_use(settings()).mark.read_text(encoding="utf-8")
    editor, address = browse("editor"), f"/learning/runs/{run.pk}/"
    assert "le bot est arrêté" in _page(editor, address)
    first, second = _server("one", old), _server("two", old)
    page = _page(editor, address)
    assert "le bot ne l'utilise pas encore" in page
    assert 'hx-trigger="every 3s"' in page
    first.write_text(new, encoding="utf-8")
    assert "le bot ne l'utilise pas encore" in _page(editor, f"{address}state/"), "one of two has taken it"
    second.write_text(new, encoding="utf-8")
    page = _page(editor, f"{address}state/")
    assert "le bot l'utilise" in page
    assert "hx-trigger" not in page
    assert "le bot l'utilise" in _page(editor, "/learning/runs/")
    gone = _server("three", old, age=61)
    assert "le bot l'utilise" in _page(editor, address), "a server that is gone says nothing"
    assert not gone.exists()


# --- what a run finds


def _take_over(candidate: Candidate, staff: dict[str, Any]) -> Run:
    """The run of the candidate, in this test's database and data directory."""
    shutil.copytree(candidate.folder / "models", settings().models_dir)
    approved = _correction(staff, TEXT, variety=VARIETY)
    values = {**candidate.run, "started_by_id": staff["editor"].pk, "lines": [{**candidate.run["lines"][0], "correction": approved.pk}]}
    return Run.objects.create(**values)


@pytest.mark.model
@pytest.mark.timeout(900)
def test_a_run_trains_asks_both_models_and_compares(candidate: Candidate) -> None:
    run = candidate.run
    assert (run["state"], run["step"], run["progress"], run["reason"], run["message"]) == ("ready", "done", 1.0, "", "")
    shares = run["results"]["shares"]
    assert {name: share["n"] for name, share in shares.items()} == {"open": 4, "staff": 2, "sealed": 4, "learnt": 1}
    for share in shares.values():
        assert sum(share["old"].values()) == sum(share["new"].values()) == share["n"] == sum(part["n"] for part in share["varieties"].values())
    assert run["results"]["lines"] == [{"old": "wrong", "new": "right"}]
    assert (shares["learnt"]["old"]["right"], shares["learnt"]["new"]["right"]) == (0, 1)
    assert shares["staff"]["old"]["right"] == 2  # one answered, one refused
    made = kept_in(candidate.files)
    assert [line.text for line in learnt.read(made.lines)] == [TEXT]
    assert made.fit
    assert not in_use_of(candidate.folder).lines.exists()


def in_use_of(folder: Path) -> Any:
    """The files in use in a data directory."""
    return in_use(settings().copy(update={"data_dir": folder}))


def test_a_quick_comparison_asks_another_part_of_the_questions_each_time() -> None:
    from bot.console.learning.asking import some_of
    from bot.evaluation import Question

    questions = {"open": [Question(str(number), "fr", "creation", (RECORD,)) for number in range(25)], "sealed": []}
    assert some_of(questions, 1, 7) == questions
    parts = [[question.text for question in some_of(questions, 10, first)["open"]] for first in range(10)]
    assert parts[3] == ["3", "13", "23"]
    assert sorted(sum(parts, []), key=int) == [str(number) for number in range(25)]


@pytest.mark.model
@pytest.mark.timeout(900)
def test_the_results_are_shown_without_a_sealed_question_and_the_model_can_be_promoted(
    candidate: Candidate, staff: dict[str, Any], browse: Callable[..., Any]
) -> None:
    from bot.evaluation import read_questions

    run = _take_over(candidate, staff)
    page = _page(browse("manager"), f"/learning/runs/{run.pk}/")
    assert str(judgement(run.results).label) in page.replace("&#x27;", "'")
    for title in ("Questions ouvertes", "Questions scellées", "Questions de l&#x27;équipe", "Phrases à apprendre"):
        assert title in page
    sealed = [question.text for question in read_questions("sealed")]
    assert not any(text in page or text in str(run.results) for text in sealed)
    assert is_current(settings())
    runs.promote(run.pk, staff["manager"])
    assert is_current(settings())
    runs.take_back(run.pk, staff["manager"])
    assert is_current(settings())


def _result(text: str, verdict: str, got: str = RECORD, area: str = "cooperative", variety: str = "fr") -> Any:
    from bot.evaluation import Question, Result, Verdict

    expect = ("refuse",) if area == "out_of_scope" else (RECORD,)
    return Result(Question(text, variety, area, expect), Verdict(verdict), (got,), True)


def _compared() -> dict[str, Any]:
    """Results with something of everything."""
    from bot.console.learning.comparison import compare

    old = {
        "open": [_result("a", "refused"), _result("b", "right"), _result("c", "right"), _result("d", "wrong-fact", variety="ar")],
        "staff": [_result("e", "refused", area="out_of_scope"), _result("f", "other")],
        "sealed": [_result("secret", "refused"), _result("other secret", "right")],
        "learnt": [_result("g", "refused")],
    }
    new = {
        "open": [_result("a", "right"), _result("b", "offered"), _result("c", "right"), _result("d", "refused", "nlu_fallback", variety="ar")],
        "staff": [_result("e", "wrong-fact", area="out_of_scope"), _result("f", "other")],
        "sealed": [_result("secret", "right"), _result("other secret", "wrong-fact")],
        "learnt": [_result("g", "right")],
    }
    return compare(old, new)


def test_questions_that_got_better_and_worse_are_listed_of_the_open_and_the_staffs_share_only() -> None:
    found = _compared()
    assert [change["text"] for change in found["better"]] == ["a", "d"]
    assert [change["text"] for change in found["worse"]] == ["b", "e"]
    assert found["better"][1]["new"] == {"outcome": "refused", "got": "nlu_fallback"}
    assert found["shares"]["open"]["old"] == {"wrong": 1, "refused": 1, "offered": 0, "right": 2}
    assert found["shares"]["open"]["varieties"]["ar"] == {
        "n": 1,
        "old": {"wrong": 1, "refused": 0, "offered": 0, "right": 0},
        "new": {"wrong": 0, "refused": 1, "offered": 0, "right": 0},
    }
    assert found["shares"]["staff"]["old"] == {"wrong": 0, "refused": 1, "offered": 0, "right": 1}  # to refuse what is outside is right
    assert found["shares"]["sealed"]["new"]["wrong"] == 1
    assert found["lines"] == [{"old": "refused", "new": "right"}]
    assert found["shares"]["open"]["changed"] == {"right": 2, "wrong": 1}
    assert "secret" not in str(found)


@pytest.mark.one_database
def test_the_page_of_a_run_tells_for_each_question_what_became_of_it(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    run = Run.objects.create(started_by=staff["editor"], state=RunState.READY, results=_compared())
    page = _page(browse("editor"), f"/learning/runs/{run.pk}/")
    rows = [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in re.findall("<tr.*?</tr>", page, re.DOTALL)]
    assert "a français Nombre de membres sans réponse Nombre de membres juste Nombre de membres" in rows
    assert "e français hors du sujet de Dalil juste Nombre de membres faux Nombre de membres" in rows
    assert "Toutes 4 2 0 puis 1 1 1 puis 0" in rows
    assert "Mettre en service" not in page  # that is for somebody else to decide
    assert "Une personne responsable décide" in page


@pytest.mark.parametrize(
    ("right", "wrong", "wanted"),
    [(9, 0, "better"), (9, -9, "better"), (9, 9, "bolder"), (0, 0, "same"), (0, -9, "safer"), (0, 9, "worse"), (-9, -9, "shyer"), (-9, 0, "worse")]
    + [(3, 0, "same"), (-3, 3, "same"), (9, 3, "better")],  # so few may have moved by chance
)
def test_the_verdict_weighs_right_answers_and_errors_of_all_shares_but_the_learnt_lines(right: int, wrong: int, wanted: str) -> None:
    moved = {"right": abs(right) + 4, "wrong": abs(wrong) + 4}
    shares = {
        "open": {"old": {"right": 20, "wrong": 15}, "new": {"right": 18, "wrong": 17}, "changed": {"right": 2, "wrong": 2}},
        "sealed": {"old": {"right": 20, "wrong": 15}, "new": {"right": 22 + right, "wrong": 13 + wrong}, "changed": moved},
        "learnt": {"old": {"right": 0, "wrong": 99}, "new": {"right": 99, "wrong": 0}, "changed": {"right": 99, "wrong": 99}},
    }
    assert judgement({"shares": shares}) == wanted


def _process(run: int) -> int | None:
    """The process of a run, as the machine lists it."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    found = [line.split()[0] for line in listed.splitlines() if line.rstrip().endswith(f"-m bot.console.learning.run {run}") and sys.executable in line]
    return int(found[0]) if found else None


@pytest.mark.model
@pytest.mark.server
def test_a_run_has_a_process_of_its_own_that_shows_that_it_lives(model: Path, console_url: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    if not console_url.startswith("sqlite"):
        pytest.skip("starts Rasa: once is enough")
    settings().models_dir.mkdir()
    for name in (model.name, "dalil.inputs"):
        shutil.copy(model.parent / name, settings().models_dir)
    Run.objects.create(pk=4711, started_by=staff["editor"], state=RunState.FAILED)  # so that its number is told from those of other runs
    _correction(staff)
    editor = browse("editor")
    began = timezone.now()
    answer = editor.post("/learning/runs/start/", {"extent": "10"})
    run = Run.objects.latest("pk")
    assert run.extent == 10
    assert answer.headers["Location"] == f"/learning/runs/{run.pk}/"
    process = None
    try:
        deadline = time.monotonic() + 120
        while run.step != "training" or run.heard_at <= began:
            assert time.monotonic() < deadline
            time.sleep(0.5)
            run.refresh_from_db()
        process = _process(run.pk)
        assert process is not None
        assert os.getpgid(process) == process  # not one of the console's: it outlives it
        assert os.getpriority(os.PRIO_PROCESS, process) == 10
        assert "Entraînement du nouveau modèle" in _page(editor, f"/learning/runs/{run.pk}/")
        # Somebody gives it up: it stops by itself.
        Run.objects.filter(pk=run.pk).update(state=RunState.FAILED)
        while _process(run.pk) is not None:
            assert time.monotonic() < deadline
            time.sleep(0.5)
    finally:
        if process is not None and _process(run.pk) == process:
            os.killpg(process, signal.SIGKILL)
    assert _in_use()[1] == ""
    assert is_current(settings())


@pytest.mark.parametrize("given_up", [False, True])
def test_the_results_wait_for_a_database_that_is_away(given_up: bool, staff: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_process, "_EVERY", 0.2)
    run = Run.objects.create(started_by=staff["editor"], state=RunState.EVALUATING)
    rename = "ALTER TABLE {} RENAME TO {}".format
    with connection.cursor() as cursor:
        cursor.execute(rename("learning_run", "elsewhere"))
    ending = _beside(lambda: run_process.end(run.pk, {"state": RunState.READY, "results": {"shares": {}}}))
    ending.join(1)
    assert ending.is_alive()
    with connection.cursor() as cursor:
        if given_up:  # somebody looked first
            cursor.execute("UPDATE elsewhere SET state = 'failed', reason = 'died'")
        cursor.execute(rename("elsewhere", "learning_run"))
    ending.join(10)
    run.refresh_from_db()
    assert (run.state, run.reason, run.results) == (RunState.READY, "", {"shares": {}})


def test_a_run_that_is_over_stays_as_it_was_decided(staff: dict[str, Any]) -> None:
    run = Run.objects.create(started_by=staff["editor"], state=RunState.DISCARDED, reason=Reason.REPLACED)
    run_process.end(run.pk, {"state": RunState.READY})
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.DISCARDED, Reason.REPLACED)


# --- what is missing


def test_questions_without_a_record_are_put_together_into_something_to_do(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    first = _review(_turn("une aide pour un métier à tisser d'occasion ?", sender=1), staff["reviewer"], "missing", "", note="du matériel d'occasion")
    _review(first.turn_id, staff["manager"], "missing", "")  # of two who say so the question is listed once
    second = _review(_turn("kayn chi da3m l lmakinat lmsta3mla", "ary-Latn", sender=2), staff["reviewer"], "missing", "", sender=f"telegram:{2:032x}")
    _review(_turn("une autre", sender=3), staff["reviewer"])
    editor = browse("editor")
    page = _page(editor, "/learning/missing/")
    assert page.count("<article") == 2
    assert "du matériel d&#x27;occasion" in page
    assert editor.post(f"/learning/missing/{first.pk}/", {"todo": "", "title": ""}).status_code == 422
    assert editor.post(f"/learning/missing/{first.pk}/", {"todo": "", "title": "Matériel d'occasion"}).status_code == 302
    made = Todo.objects.get()
    assert (made.title, made.state, made.by) == ("Matériel d'occasion", "open", staff["editor"])
    assert editor.post(f"/learning/missing/{second.pk}/", {"todo": made.pk, "title": ""}).status_code == 302
    assert list(TodoQuestion.objects.values_list("todo", "turn", "sender", "text")) == [
        (made.pk, first.turn_id, f"telegram:{1:032x}", "une aide pour un métier à tisser d'occasion ?"),
        (made.pk, second.turn_id, f"telegram:{2:032x}", "kayn chi da3m l lmakinat lmsta3mla"),
    ]
    page = _page(editor, "/learning/missing/")
    assert "<article" not in page
    assert "2 questions" in page
    assert editor.post(f"/learning/missing/{second.pk}/", {"title": "encore"}).status_code == 404


def test_something_to_do_has_its_questions_is_given_to_somebody_and_closed_with_a_note(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    review = _review(_turn("un métier à tisser d'occasion ?"), staff["reviewer"], "missing", "")
    editor = browse("editor")
    editor.post(f"/learning/missing/{review.pk}/", {"title": "Matériel"})
    made = Todo.objects.get()
    page = _page(editor, f"/learning/todos/{made.pk}/")
    assert f"/conversations/telegram:{1:032x}/?turn={review.turn_id}#turn-{review.turn_id}" in page
    assert "un métier à tisser d&#x27;occasion ?" in page
    assert 'value="{}"'.format(staff["reviewer"].pk) not in page  # reviewers do not write records
    values = {"title": "Matériel d'occasion", "assignee": staff["manager"].pk, "note": ""}
    assert editor.post(f"/learning/todos/{made.pk}/", values).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.assignee, made.state) == ("Matériel d'occasion", staff["manager"], "open")
    assert "manager" in _page(editor, "/learning/missing/")
    values |= {"note": "écrite dans financement.yml", "state": "done"}
    assert editor.post(f"/learning/todos/{made.pk}/", values).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.note) == ("done", "écrite dans financement.yml")
    assert made.done_at is not None
    assert "Fiches écrites" in _page(editor, "/learning/missing/")
    assert editor.post(f"/learning/todos/{made.pk}/", {**values, "title": ""}).status_code == 422
    editor.post(f"/learning/todos/{made.pk}/", {**values, "state": "open"})
    made.refresh_from_db()
    assert (made.state, made.done_at) == ("open", None)


# --- who may


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/learning/", ("editor", "manager")),
        ("post", "/learning/turns/{turn}/approve/", ("editor", "manager")),
        ("post", "/learning/turns/{turn}/decline/", ("editor", "manager")),
        ("post", "/learning/corrections/{correction}/withdraw/", ("editor", "manager")),
        ("get", "/learning/next/", ("editor", "manager")),
        ("get", "/learning/runs/", ("editor", "manager")),
        ("post", "/learning/runs/start/", ("editor", "manager")),
        ("get", "/learning/runs/{run}/", ("editor", "manager")),
        ("get", "/learning/runs/{run}/state/", ("editor", "manager")),
        ("post", "/learning/runs/{run}/promote/", ("manager",)),
        ("post", "/learning/runs/{run}/discard/", ("manager",)),
        ("post", "/learning/runs/{run}/back/", ("manager",)),
        ("get", "/learning/missing/", ("editor", "manager")),
        ("post", "/learning/missing/{missing}/", ("editor", "manager")),
        ("get", "/learning/todos/{todo}/", ("editor", "manager")),
        ("post", "/learning/todos/{todo}/", ("editor", "manager")),
    ],
)
@pytest.mark.parametrize("role", ["reviewer", "editor", "manager", "chamber"])
def test_each_page_is_open_to_those_who_may(
    method: str, path: str, allowed: tuple[str, ...], role: str, staff: dict[str, Any], browse: Callable[..., Any]
) -> None:
    numbers = {
        "turn": _review(_turn(), staff["reviewer"]).turn_id,
        "correction": _correction(staff, DARIJA, 999, variety="ary-Latn").pk,
        "run": Run.objects.create(started_by=staff["editor"], state=RunState.FAILED).pk,
        "missing": _review(_turn("une question sans fiche", sender=2), staff["reviewer"], "missing", "").pk,
        "todo": Todo.objects.create(title="à écrire", by=staff["editor"]).pk,
    }
    answer = getattr(browse(role), method)(path.format(**numbers))
    assert (answer.status_code == 403) is (role not in allowed)
    assert answer.status_code in (200, 302, 403, 422)
    other = {"get": "post", "post": "get"}[method]
    if "todos" not in path:
        assert getattr(browse("manager"), other)(path.format(**numbers)).status_code == 405


@pytest.mark.parametrize("path", ["runs/999/", "runs/999/state/", "todos/999/"])
def test_what_there_is_not_is_not_found(path: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    assert browse("manager").get(f"/learning/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["turns/999/approve/", "turns/999/decline/", "corrections/999/withdraw/", "runs/999/promote/", "runs/999/back/", "missing/999/"]
)
def test_nothing_is_done_to_what_there_is_not(path: str, staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    assert browse("manager").post(f"/learning/{path}").status_code == 404


def test_what_people_typed_does_no_harm(staff: dict[str, Any], browse: Callable[..., Any]) -> None:
    text = "<script>alert(1)</script> \u202e</textarea><b>gras</b>"
    _review(_turn(text), staff["reviewer"], note="<i>note</i>")
    _review(_turn(text, sender=2), staff["reviewer"], "missing", "")
    _correction(staff, text.replace("\u202e", ""), 99)
    Todo.objects.create(title="<u>titre</u>", by=staff["editor"])
    editor = browse("editor")
    for path in ("/learning/", "/learning/next/", "/learning/missing/"):
        page = _page(editor, path)
        assert "&lt;script&gt;" in page
        for harmful in ("<script>alert", "<b>gras", "<i>note", "<u>titre", "\u202e"):
            assert harmful not in page, path
