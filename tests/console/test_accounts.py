"""Accounts: made on the command line, passwords strong, locked after failures, a second factor, sessions that end, a log of who did what."""

from __future__ import annotations

import time
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bot.cli import main
from bot.console.accounts.audit import record
from bot.console.accounts.models import AuditEntry, Staff
from bot.console.database import in_dalil
from bot.delivery.messages import Inbound
from bot.delivery.receipt import Reception
from bot.settings import settings
from tests.console.tools import PASSWORD, project

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


def test_every_page_sends_a_stranger_to_the_log_in_page() -> None:
    for path in ("/", "/conversations/", "/account/", "/figures/", "/admin/", "/review/", "/desk/", "/learning/", "/steering/"):
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


def test_work_keeps_a_session_going(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account("manager")
    client = _client()
    _log_in(client)
    now = time.time()
    for minutes in (0, 50, 100, 150):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: now + minutes * 60)
        assert client.get("/conversations/").status_code == 200


def test_an_inactive_account_cannot_log_in_and_its_session_ends(account: Any, browse: Any) -> None:
    account("manager")
    client = browse("manager")
    Staff.objects.update(is_active=False)
    assert client.get("/conversations/").status_code == 302
    assert _log_in(_client()).status_code == 200


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(account: Any) -> None:
    account("manager")
    client = _client()
    client.get("/login/")
    _log_in(client)
    for name in ("dalil_session", "dalil_csrf"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax"


def test_a_form_from_elsewhere_is_refused(account: Any) -> None:
    client = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(account("manager"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/", {"name": "x", "language": "fr"}).status_code == 403


def test_every_page_carries_the_security_headers(browse: Any) -> None:
    for path in ("/login/", "/conversations/", "/account/", "/admin/"):
        headers = browse("manager").get(path, follow=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


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


def test_the_pages_are_in_the_language_of_the_account(account: Any, browse: Any) -> None:
    page = browse(account("reviewer", language="ar")).get("/account/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<html lang="ar" dir="rtl">' in _client().get("/login/?lang=ar").content.decode()
    assert '<html lang="fr" dir="ltr">' in _client().get("/login/").content.decode()
