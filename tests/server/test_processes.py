"""The real processes: what a newcomer starts, what a stranger may send, what remains when they stop."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.channels.web import SESSION_HEADER
from bot.paths import ROOT
from bot.storage.database import Database
from bot.supervisor import Supervisor
from tests.chambers.tools import share
from tests.connected import Connected
from tests.server.test_adjustments import TALK
from tests.tools import Running, environment, free_port, started

pytestmark = [pytest.mark.server, pytest.mark.model]


def test_a_question_over_rest_is_answered(dalil: Running) -> None:
    replies = dalil.say("newcomer", "Combien de personnes faut-il pour une coopérative ?")
    assert "5" in replies[0]["text"]
    assert replies[0]["recipient_id"] == "newcomer"
    assert replies[0]["buttons"]


def test_health_tells_the_truth(dalil: Running) -> None:
    status, body, _ = dalil.request("/health")
    assert (status, json.loads(body)) == (200, {"ready": True, "model": True, "actions": True, "database": True})


def test_a_button_over_rest_works_for_its_sender_only(dalil: Running) -> None:
    button = dalil.say("owner", "Combien de personnes faut-il pour une coopérative ?")[0]["buttons"][0]
    assert "vérifié le" in dalil.say("owner", button["payload"])[0]["text"]
    assert "vérifié le" not in dalil.say("thief", button["payload"])[0]["text"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"sender": 1, "message": "a"}',
        b'{"sender": "a"}',
        b'{"message": null, "sender": "a"}',
        b"\xff\xfe",
        b'{"sender": "", "message": "x"}',
    ],
)
def test_malformed_rest_requests_are_refused(dalil: Running, body: bytes) -> None:
    status, _, _ = dalil.request("/webhooks/rest/webhook", body)
    assert status == 400


def _session(dalil: Running) -> dict[str, str]:
    status, body, _ = dalil.request("/chat/session", b"{}")
    assert status == 200
    return {SESSION_HEADER: json.loads(body)["session"]}


def test_the_web_chat_answers_in_a_session_it_gave_out(dalil: Running) -> None:
    status, body, _ = dalil.request("/chat/message", {"text": "شحال خاص ديال الناس باش نديرو تعاونية؟"}, _session(dalil))
    assert status == 200
    assert "5" in json.loads(body)["messages"][0]["text"]


@pytest.mark.parametrize("token", ["", "x", "abc.def", "a" * 22 + "." + "0" * 32, "é.é"])
def test_a_made_up_session_is_refused(dalil: Running, token: str) -> None:
    headers = {SESSION_HEADER: token.encode("latin-1", "replace").decode("latin-1")}
    status, _, _ = dalil.request("/chat/message", {"text": "salam"}, headers)
    assert status == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": 5}', b"{}", b'{"text": "' + b"a" * 40_000 + b'"}'])
def test_malformed_web_messages_are_refused(dalil: Running, body: bytes) -> None:
    status, _, _ = dalil.request("/chat/message", body, _session(dalil))
    assert status == 400


def test_a_message_of_4000_characters_gets_a_friendly_reply(dalil: Running) -> None:
    status, body, _ = dalil.request("/chat/message", {"text": "coopérative " * 333}, _session(dalil))
    assert status == 200
    assert json.loads(body)["messages"]


def test_the_page_forbids_everything_from_elsewhere(dalil: Running) -> None:
    status, body, headers = dalil.request("/chat")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert b"http://" not in body
    assert b"https://" not in body


@pytest.mark.parametrize(
    "path", ["/conversations/x/tracker", "/model", "/status", "/domain", "/webhooks/telegram/webhook", "/chat/../settings.py", "/chat/web.py"]
)
def test_nothing_else_is_open(dalil: Running, path: str) -> None:
    status, _, _ = dalil.request(path)
    assert status in (404, 405)


def test_a_second_start_on_a_busy_port_says_so_in_one_sentence(dalil: Running, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name in ("dalil.tar.gz", "dalil.inputs"):
        shutil.copy(ROOT / "var" / "models" / name, tmp_path / "models")
    environment = {**dalil.environment, "DALIL_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def _children(pid: int) -> list[int]:
    """The servers that a supervisor runs."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if int(line.split()[1]) == pid and any(name in line for name in ("rasa_sdk", "bot.without_tensorflow", "bot.console"))
    ]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_ctrl_c_leaves_no_process_behind_and_a_dead_process_comes_back(model: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name in ("dalil.tar.gz", "dalil.inputs"):
        shutil.copy(model.parent / name, tmp_path / "models")
    environment = {
        **os.environ,
        "DALIL_DATA_DIR": str(tmp_path),
        "DALIL_RASA_PORT": str(free_port()),
        "DALIL_CONSOLE_PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen([sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if "/chat" in line:
            break
    children = _children(process.pid)
    assert len(children) == 2, said
    os.kill(children[0], signal.SIGKILL)
    for line in process.stdout:
        said.append(line)
        if "started again" in line:
            break
    time.sleep(1)
    children = _children(process.pid)
    assert len(children) == 2
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    time.sleep(0.5)
    assert [child for child in children if _alive(child)] == []


def test_a_server_for_the_actions_says_the_same_where_one_is_named(dalil: Running, model: Path, tmp_path: Path) -> None:
    port = str(free_port())
    with environment(DALIL_DATA_DIR=str(tmp_path / "actions"), DALIL_ACTIONS_PORT=port) as own:
        server = Supervisor(own, print, ["actions"])
    with server.running(), started(model, tmp_path / "var", ["rasa"], DALIL_ACTIONS_URL=f"http://127.0.0.1:{port}/webhook") as running:
        for message in TALK:
            here, there = dalil.say("actions", message), running.say("actions", message)
            assert [reply.get("text") for reply in here] == [reply.get("text") for reply in there], message
            assert [len(reply.get("buttons", [])) for reply in here] == [len(reply.get("buttons", [])) for reply in there], message
        server._stop()
        status, body, _ = running.request("/health")
        assert (status, json.loads(body)["actions"]) == (503, False)
        status, _, _ = running.request("/webhooks/rest/webhook", {"sender": "somebody", "message": "Quel est le capital minimum ?"})
        assert status == 500


def test_a_purge_that_fails_is_told_and_tried_again_in_an_hour(tmp_path: Path) -> None:
    (tmp_path / "dalil.db").write_bytes(b"this is no database" * 100)
    said: list[str] = []
    with environment(DALIL_DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path / 'dalil.db'}") as own:
        supervisor = Supervisor(own, said.append)
        supervisor._services = []
        deadline = time.monotonic() + 60
        supervisor.watch(lambda: not said and time.monotonic() < deadline)
        supervisor._stop()
    assert "could not be deleted" in said[0]
    assert "purge.log" in said[0]
    assert 3_500 < supervisor._daily[0].next_at - time.monotonic() <= 3_600


@pytest.mark.parametrize(
    ("code", "ancestors"),
    [("", "'none'"), ("?c=unknown", "'none'"), ("?c=vitrine", "https://chambre.example https://www.chambre.example"), ("?c=%27;%20x", "'none'")],
)
def test_the_chat_is_shown_inside_the_chamber_s_sites_only(dalil: Running, shop_window: str, code: str, ancestors: str) -> None:
    status, _, headers = dalil.request(f"/chat{code}")
    assert status == 200
    assert headers["Content-Security-Policy"].endswith(f"frame-ancestors {ancestors}")


@pytest.mark.parametrize(("origin", "status"), [("https://chambre.example", 204), ("https://chambre.example.evil", 403), ("null", 403), ("", 403)])
def test_a_site_is_told_whether_it_may_show_the_chat(dalil: Running, shop_window: str, origin: str, status: int) -> None:
    found, _, headers = dalil.request(f"/chat/embed?c={shop_window}", headers={"Origin": origin})
    assert found == status
    assert headers.get("Access-Control-Allow-Origin") == (origin if status == 204 else None)
    assert headers["Vary"] == "Origin"


@pytest.fixture(scope="module")
def shop_window(dalil: Running) -> str:
    """The code of a chamber with two websites."""
    database = Database(dalil.settings.database)
    share(database, "vitrine")
    database.close()
    return "vitrine"


def test_behind_the_proxy_each_visitor_has_a_limit_of_their_own(connected: Connected) -> None:
    def ask(address: str) -> int:
        return connected.dalil.request("/chat/session", b"{}", {"X-Forwarded-For": address})[0]

    assert {ask(f"203.0.113.{number}") for number in range(40)} == {200}
    assert [ask("198.51.100.7") for _ in range(31)] == [200] * 30 + [429]
    assert ask("10.0.0.1, 198.51.100.7") == 429, "only what the proxy itself says is believed"
