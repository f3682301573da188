"""Accounts: made on the command line, passwords strong, locked after failures, a second factor, sessions that end, a log of who did what."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from axes.models import AccessAttempt
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bot.cli import main
from bot.console.accounts.audit import record
from bot.console.accounts.models import AuditEntry, Staff
from bot.console.chambers.models import Campaign, Chamber
from bot.console.database import in_dalil
from bot.delivery.messages import Inbound
from bot.delivery.receipt import Reception
from bot.settings import settings
from tests.console.tools import PASSWORD, project, tables_with

pytestmark = pytest.mark.usefixtures("console_url")


def _dalil(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=typed)


def _client() -> Any:
    return Client(HTTP_HOST="127.0.0.1")


def _log_in(client: Any, username: str = "manager", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"username": username, "password": password, **more})


def _log() -> list[str]:
    return [entry.action for entry in AuditEntry.objects.order_by("id")]


def test_there_is_no_account_until_one_is_made() -> None:
    assert not Staff.objects.exists()
    assert _dalil("staff", "add", "amina", "--role", "manager", typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    amina = Staff.objects.get()
    assert amina.password.startswith("argon2$argon2id$")
    assert amina.role == "manager"
    assert "amina  manager  active" in _dalil("staff", "list").output
    assert _log_in(_client(), "amina").status_code == 302


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (["amina"], "court", "at least 12 characters"),
        (["amina"], "123456789012", "entirely numeric"),
        (["mohammed"], "mohammed2026", "too similar"),
        (["deux mots"], PASSWORD, "valid username"),
        (["amina", "--role", "chamber"], PASSWORD, "needs --chamber"),
        (["amina", "--chamber", "1"], PASSWORD, "needs --chamber"),
        (["amina", "--role", "chamber", "--chamber", "99"], PASSWORD, "not a valid choice"),
    ],
)
def test_a_weak_password_or_a_wrong_value_is_refused_in_one_sentence(words: list[str], password: str, said: str) -> None:
    done = _dalil("staff", "add", *words, typed=f"{password}\n{password}\n")
    assert done.exit_code in (1, 2)
    assert said in done.output
    assert "Traceback" not in done.output
    assert not Staff.objects.exists()


@pytest.mark.one_database
def test_every_page_sends_a_stranger_to_the_log_in_page() -> None:
    for path in ("/", "/conversations/", "/account/", "/figures/", "/admin/", "/review/", "/desk/", "/learning/", "/observatory/", "/steering/"):
        answer = _client().get(path)
        assert answer.status_code == 302, path
        assert "/login/" in answer.headers["Location"], path
    assert _client().get("/health").content == b"ready"


def test_five_failures_lock_the_name_until_time_passes_or_the_password_is_set_anew(account: Any) -> None:
    account("manager")
    client = _client()
    for _ in range(4):
        assert _log_in(client, password="faux").status_code == 200
    assert _log_in(client, password="faux").status_code == 429
    assert _log_in(client).status_code == 429, "the right password does not help a locked name"
    assert "login.locked_out" in _log()
    assert _dalil("staff", "password", "manager", typed=f"{PASSWORD}2\n{PASSWORD}2\n").exit_code == 0
    assert _log_in(client, password=f"{PASSWORD}2").status_code == 302


def test_somebody_else_is_not_locked_out_with_them(account: Any) -> None:
    account("manager")
    account("editor")
    for _ in range(5):
        _log_in(_client(), password="faux")
    assert _log_in(_client(), "editor").status_code == 302


def test_a_second_factor_is_asked_for_once_it_is_set_up(account: Any, browse: Any) -> None:
    account("manager")
    client = browse("manager")
    page = client.get("/account/second-factor/")
    assert b"code.svg" in page.content
    assert client.get("/account/second-factor/code.svg").content.startswith(b"<?xml")
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 200
    device = TOTPDevice.objects.get()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = f"{totp(device.bin_key):06d}"
    assert client.post("/account/second-factor/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302

    assert _log_in(_client()).status_code == 200, "the password alone is not enough"
    assert _log_in(_client(), code="000000").status_code == 200
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None, last_t=-1)
    assert _log_in(_client(), code=code).status_code == 302
    assert _log_in(_client(), code=code).status_code == 200, "a code counts once"
    assert client.get("/account/second-factor/code.svg").status_code == 404, "the secret is not shown again"
    assert {"second_factor.added", "login.second_factor_failed", "login"} <= set(_log())

    client.post("/account/second-factor/remove/", {"password": "faux"})
    assert TOTPDevice.objects.exists()
    client.post("/account/second-factor/remove/", {"password": PASSWORD})
    assert not TOTPDevice.objects.exists()


_CHANGED = {"new_password1": f"{PASSWORD} 2", "new_password2": f"{PASSWORD} 2"}


@pytest.mark.parametrize(("address", "name", "more"), [("/account/second-factor/remove/", "password", {}), ("/account/password/", "old_password", _CHANGED)])
def test_who_left_their_screen_open_gives_nobody_time_to_guess_the_password(address: str, name: str, more: dict[str, str], account: Any, browse: Any) -> None:
    manager = account("manager")
    TOTPDevice.objects.create(user=manager, name="authenticator", confirmed=True)
    client = browse(manager)
    answers = [client.post(address, {name: f"faux {number}", **more}).status_code for number in range(5)]
    assert answers[-1] == 429
    assert client.post(address, {name: PASSWORD, **more}).status_code == 429, "the right password does not help a locked name"
    assert TOTPDevice.objects.exists()
    assert Staff.objects.get().check_password(PASSWORD)
    failed = AuditEntry.objects.filter(action="password.failed", who="manager", target="manager")
    assert failed.count() >= 5
    assert "login.locked_out" in _log()


def test_a_password_is_changed_with_the_one_so_far_and_that_is_written_down(account: Any, browse: Any) -> None:
    client = browse(account("editor"))
    assert "ancien mot de passe est incorrect" in client.post("/account/password/", {"old_password": "faux", **_CHANGED}).content.decode()
    assert client.post("/account/password/", {"old_password": PASSWORD, **_CHANGED}).status_code == 302
    assert Staff.objects.get().check_password(f"{PASSWORD} 2")
    assert client.get("/account/").status_code == 200, "the session goes on"
    assert {"password.failed", "password.changed"} <= set(_log())


def test_there_is_no_other_page_for_it(browse: Any) -> None:
    client = browse("editor")
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", {"old_password": PASSWORD, **_CHANGED})):
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
    assert Staff.objects.get().check_password(PASSWORD)


def test_nothing_that_was_typed_is_kept_with_a_failure(account: Any, browse: Any, console_url: str) -> None:
    typed = {"username": "zellige mon vrai mot de passe", "password": "zellige encore", "code": "zellige 123"}
    assert _client().post("/login/?next=/desk/", typed).status_code == 200
    account("manager")
    assert _log_in(_client(), password="zellige faux").status_code == 200
    browse("manager").post("/account/password/", {"old_password": "zellige vieux", "new_password1": "zellige neuf", "new_password2": "zellige neuf"})
    assert AccessAttempt.objects.count() == 2
    assert tables_with(console_url, "zellige") == set()


def test_a_name_that_is_no_accounts_is_locked_too_so_that_nobody_learns_which_there_are(account: Any) -> None:
    account("manager")
    for username in ("manager", "nobody"):
        assert [_log_in(_client(), username, "faux").status_code for _ in range(5)] == [200] * 4 + [429]
    assert _log_in(_client(), "somebody", "faux").status_code == 200


def test_failures_that_count_no_more_are_deleted_with_the_old_data(account: Any) -> None:
    account("manager")
    account("editor")
    _log_in(_client(), "manager", "faux")
    _log_in(_client(), "editor", "faux")
    AccessAttempt.objects.filter(username="manager").update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert _dalil("privacy", "purge").exit_code == 0
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["editor"]


@pytest.mark.one_database
def test_a_session_ends_after_an_hour_without_work_and_pages_that_refresh_do_not_count(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account("manager")
    client = _client()
    _log_in(client)
    now = time.time()
    assert client.get("/conversations/").status_code == 200
    for minutes in (20, 40, 55):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: now + minutes * 60)
        assert client.get("/conversations/", headers={"X-By-Itself": "1"}).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    assert client.get("/conversations/").status_code == 302


@pytest.mark.one_database
def test_work_keeps_a_session_going(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account("manager")
    client = _client()
    _log_in(client)
    now = time.time()
    for minutes in (0, 50, 100, 150):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: now + minutes * 60)
        assert client.get("/conversations/").status_code == 200


def test_twelve_hours_after_logging_in_a_session_ends_whatever_was_done_in_it(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account("manager")
    client = _client()
    _log_in(client)
    now = time.time()
    for minutes in range(0, 12 * 60, 50):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: now + minutes * 60)
        assert client.get("/conversations/").status_code == 200, minutes
    monkeypatch.setattr(time, "time", lambda: now + 12 * 3600 + 60)
    answer = client.get("/conversations/")
    assert answer.status_code == 302
    assert "/login/" in answer.headers["Location"]
    assert client.get("/conversations/").status_code == 302
    _log_in(client)
    assert client.get("/conversations/").status_code == 200, "another log-in begins another twelve hours"


def test_an_inactive_account_cannot_log_in_and_its_session_ends(account: Any, browse: Any) -> None:
    account("manager")
    client = browse("manager")
    Staff.objects.update(is_active=False)
    assert client.get("/conversations/").status_code == 302
    assert _log_in(_client()).status_code == 200


@pytest.mark.one_database
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(account: Any) -> None:
    account("manager")
    client = _client()
    client.get("/login/")
    _log_in(client)
    for name in ("dalil_session", "dalil_csrf"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax"


@pytest.mark.one_database
def test_a_form_from_elsewhere_is_refused(account: Any) -> None:
    client = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(account("manager"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/", {"name": "x", "language": "fr"}).status_code == 403


@pytest.mark.one_database
def test_every_page_carries_the_security_headers(browse: Any) -> None:
    for path in ("/login/", "/conversations/", "/account/", "/admin/"):
        headers = browse("manager").get(path, follow=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.one_database
def test_an_unknown_host_is_refused() -> None:
    assert Client(HTTP_HOST="evil.example").get("/login/").status_code == 400


def test_reading_a_conversation_and_revealing_an_address_stand_in_the_log(browse: Any, talk: Any, console_url: str) -> None:
    reception = Reception(settings().key(), 1000, 20)
    in_dalil(reception.take, Inbound("whatsapp", "SM1", "+212600000001", "salam"))
    talk.sender = reception.sender(Inbound("whatsapp", "SM1", "+212600000001", "salam"))
    talk.channel = "whatsapp"
    talk.asks()
    project()
    page = browse("manager").get(f"/conversations/{talk.sender}/")
    assert b"212600000001" not in page.content
    assert browse("reviewer").post(f"/conversations/{talk.sender}/address/").status_code == 403
    revealed = browse("manager").post(f"/conversations/{talk.sender}/address/")
    assert b"+212600000001" in revealed.content
    read = AuditEntry.objects.filter(action__in=["conversation.read", "address.revealed"]).order_by("id")
    assert [(entry.who, entry.action, entry.target) for entry in read] == [
        ("manager", "conversation.read", talk.sender),
        ("manager", "address.revealed", talk.sender),
    ]


def test_the_log_can_be_read_by_managers_and_changed_by_nobody(browse: Any) -> None:
    record(None, "test")
    entry = AuditEntry.objects.get(action="test")
    manager = browse("manager")
    assert manager.get("/admin/accounts/auditentry/").status_code == 200
    assert manager.get(f"/admin/accounts/auditentry/{entry.id}/change/").status_code == 200
    assert manager.post(f"/admin/accounts/auditentry/{entry.id}/change/", {"action": "x"}).status_code == 403
    assert manager.post(f"/admin/accounts/auditentry/{entry.id}/delete/", {"post": "yes"}).status_code == 403
    assert browse("editor").get("/admin/accounts/auditentry/").status_code == 403
    assert browse("reviewer").get("/admin/").status_code == 302


def test_a_manager_makes_and_changes_accounts_in_the_admin_but_deletes_none(browse: Any) -> None:
    manager = browse("manager")
    made = manager.post("/admin/accounts/staff/add/", {"username": "karim", "role": "editor", "password1": PASSWORD, "password2": PASSWORD})
    assert made.status_code == 302
    karim = Staff.objects.get(username="karim")
    assert karim.check_password(PASSWORD)
    wrong = {"username": "karim", "role": "chamber", "language": "fr", "is_active": "on"}
    assert "a une chambre" in manager.post(f"/admin/accounts/staff/{karim.id}/change/", wrong).content.decode()
    right = {"username": "karim", "role": "reviewer", "language": "ar", "is_active": "on"}
    assert manager.post(f"/admin/accounts/staff/{karim.id}/change/", right).status_code == 302
    assert Staff.objects.get(username="karim").role == "reviewer"
    assert manager.post(f"/admin/accounts/staff/{karim.id}/delete/", {"post": "yes"}).status_code == 403
    assert browse("editor").get("/admin/accounts/staff/").status_code == 403
    assert {"staff.added", "staff.changed"} <= set(_log())


def test_what_is_changed_of_chambers_stands_in_the_log(browse: Any) -> None:
    manager = browse("manager")
    rows = {"campaigns-INITIAL_FORMS": "0", "campaigns-TOTAL_FORMS": "1", "campaigns-0-code": "oujda", "campaigns-0-title": "Affiche"}
    values = {"kind": "commerce", "name_fr": "Chambre d'Oujda", "name_ar": "غرفة وجدة", "region": "02"}
    assert manager.post("/admin/chambers/chamber/add/", {**values, **rows}).status_code == 302
    chamber, campaign = Chamber.objects.get(), Campaign.objects.get()
    known = {"campaigns-0-id": campaign.pk, "campaigns-0-chamber": chamber.pk, "campaigns-1-code": "nador", "campaigns-1-title": "Radio"}
    rows |= {"campaigns-INITIAL_FORMS": "1", "campaigns-TOTAL_FORMS": "2", "campaigns-0-title": "Affiches", **known}
    address = f"/admin/chambers/chamber/{chamber.pk}/"
    assert manager.post(f"{address}change/", {**values, "region": "03", **rows}).status_code == 302
    rows |= {"campaigns-TOTAL_FORMS": "1", "campaigns-0-DELETE": "on"}
    assert manager.post(f"{address}change/", {**values, "region": "03", **rows}).status_code == 302
    assert manager.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    other = Chamber.objects.create(name_fr="Chambre de Fès", name_ar="غرفة فاس", region="03")
    sent = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert manager.post("/admin/chambers/chamber/", sent).status_code == 302
    assert not Chamber.objects.exists()
    entries = AuditEntry.objects.filter(who="manager").exclude(action="login").order_by("id")
    assert [(entry.action, entry.target, entry.details.get("fields")) for entry in entries] == [
        ("chamber.added", "Chambre d'Oujda", ["name_fr", "name_ar", "region"]),
        ("campaign.added", "oujda", None),
        ("chamber.changed", "Chambre d'Oujda", ["region"]),
        ("campaign.added", "nador", None),
        ("campaign.changed", "oujda", ["title"]),
        ("chamber.changed", "Chambre d'Oujda", []),
        ("campaign.deleted", "oujda", None),
        ("chamber.deleted", "Chambre d'Oujda", None),
        ("chamber.deleted", "Chambre de Fès", None),
    ]


def test_the_pages_are_in_the_language_of_the_account(account: Any, browse: Any) -> None:
    page = browse(account("reviewer", language="ar")).get("/account/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<html lang="ar" dir="rtl">' in _client().get("/login/?lang=ar").content.decode()
    assert '<html lang="fr" dir="ltr">' in _client().get("/login/").content.decode()
