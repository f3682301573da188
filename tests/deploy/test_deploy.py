"""How Dalil is deployed: what can be checked without containers. The proxy is started for real."""

import configparser
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Histogram

from bot import paths, supervisor
from bot.metrics import meters
from bot.metrics.queues import _GAUGES
from bot.paths import ROOT
from bot.settings import Settings
from bot.supervisor import PARTS, services
from tests.tools import Running, free_port

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = [name for name, service in SERVICES.items() if service["image"].startswith("dalil:")]
UNITS = ROOT / "deploy" / "systemd"
KNOWN = {name.upper() for field in Settings.__fields__.values() for name in field.field_info.extra["env_names"]}

# Containers


def test_each_part_of_dalil_is_a_container() -> None:
    parts = [SERVICES[name]["command"][-1] for name in OWN if SERVICES[name]["command"][0] == "run"]
    assert set(parts) == set(PARTS)


def test_the_proxy_knows_each_worker_by_its_name() -> None:
    """Behind one name it could not leave out a worker that is not ready."""
    workers = [name for name in OWN if SERVICES[name]["command"][-1] == "rasa"]
    assert len(workers) > 1
    assert SERVICES["proxy"]["environment"]["DALIL_RASA"].split() == [f"{name}:5005" for name in workers]
    assert "deploy" not in SERVICES[workers[0]]
    asked = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"][0]
    assert asked["job_name"] == "dalil"
    assert asked["static_configs"][0]["targets"] == [f"{name}:9464" for name in workers]


@pytest.mark.parametrize("name", OWN)
def test_a_container_is_asked_on_the_port_on_which_it_listens_whatever_env_says(name: str) -> None:
    service = SERVICES[name]
    given = {key: value for key, value in service["environment"].items() if key.endswith("_PORT") or key == "DALIL_WORKERS"}
    if "healthcheck" in service:
        part = service["command"][-1].upper()
        assert f"http://127.0.0.1:{given[f'DALIL_{part}_PORT']}/health" in service["healthcheck"]["test"][-1]
        assert given["DALIL_WORKERS"] == "1"


def test_what_only_trains_or_tidies_up_holds_no_token_of_a_channel() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    tokens = set(re.findall(r"^((?:TELEGRAM|TWILIO)_\w*(?:TOKEN|SECRET))=", example, re.MULTILINE))
    assert len(tokens) == 3
    assert SERVICES["model"]["env_file"] == []
    assert set(SERVICES["model"]["environment"]) == {"DALIL_DATA_DIR"}
    given = SERVICES["daily"]["environment"]
    assert {name for name, value in given.items() if value == ""} == tokens
    assert given["DALIL_CHANNELS"] == "web"
    assert given["DATABASE_URL"] == SERVICES["console"]["environment"]["DATABASE_URL"]


def test_env_example_names_all_that_compose_asks_for() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert {"POSTGRES_PASSWORD", "DALIL_SITE", "DALIL_CONSOLE_SITE"} <= asked
    for name in asked:
        assert re.search(rf"^{name}=", example, re.MULTILINE), name


def test_a_container_is_given_the_time_to_stop() -> None:
    for name in OWN:
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > supervisor._STOP_WITHIN


def test_the_image_holds_the_questions_that_a_new_model_is_asked() -> None:
    assert paths.QUESTIONS == ROOT / "tests" / "questions"
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "tests" not in lines  # what is below a folder that is left out cannot be brought back
    assert lines.index("tests/*") < lines.index("!tests/questions")


def test_the_programs_that_copy_the_database_are_of_the_servers_version() -> None:
    """pg_dump refuses a server that is newer than itself."""
    client = re.search(r"postgresql-client-(\d+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert client is not None
    assert SERVICES["postgres"]["image"].startswith(f"postgres:{client[1]}.")


def test_what_listens_everywhere_is_asked_for_its_health_on_this_machine() -> None:
    """The console answers to its own names only, and 0.0.0.0 is none."""
    everywhere = Settings(host="0.0.0.0", console_host="0.0.0.0", actions_host="0.0.0.0")
    assert {service.health.rsplit(":", 1)[0] for service in services(everywhere, PARTS)} == {"http://127.0.0.1"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_rights_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}
    if name in OWN:
        assert service["user"] == "10001:10001"


def test_only_the_proxy_can_be_reached() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis", "actions", "daily", "model"):
        assert SERVICES[name]["networks"] == ["inside"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_container_names_is_there(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?", service["image"])
    for other, condition in service.get("depends_on", {}).items():
        assert other in SERVICES
        assert condition["condition"] in ("service_healthy", "service_completed_successfully")
        assert condition["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
    assert set(service["networks"]) <= COMPOSE["networks"].keys()
    if name in OWN:
        assert set(service["environment"]) <= KNOWN


def test_the_image_is_built_from_files_that_are_there_and_runs_without_root() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stages = set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert len(stages) == 1
    assert re.fullmatch(r"python:3\.10\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?", stages.pop())
    assert text.index("USER 10001:10001") < text.index("ENTRYPOINT")
    for line in re.findall(r"^COPY (?!--from)(.+)", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()


def test_a_server_is_installed_without_tensorflow_and_with_hashes() -> None:
    text = (ROOT / "requirements-server.lock").read_text(encoding="utf-8")
    names = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    whole = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert not [name for name in names if name.startswith(("tensorflow", "keras", "pytest", "playwright"))]
    assert {"rasa", "django", "python-telegram-bot", "twilio", "redis", "prometheus-client"} <= names
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE):
        assert whole[name] == version, name
    assert text.count("--hash=sha256:") >= len(names)


# systemd


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_is_valid_and_has_no_rights_that_it_does_not_need(unit: Path, tmp_path: Path) -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    service = parser["Service"]
    assert service["User"] != "root"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    if analyse := shutil.which("systemd-analyze"):
        text = unit.read_text(encoding="utf-8")
        for program in re.findall(r"^ExecStart=(\S+)", text, re.MULTILINE):
            text = text.replace(program, "/bin/true")  # not installed here
        copy = tmp_path / unit.name
        copy.write_text(text.replace("dalil.service", ""), encoding="utf-8")
        done = subprocess.run([analyse, "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60)
        assert not [line for line in done.stderr.splitlines() if unit.name in line], done.stderr


def _values(unit: Path, name: str) -> list[str]:
    """What a unit says for a name, each time."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def test_settings_copied_from_the_example_do_not_turn_production_off(tmp_path: Path) -> None:
    """Of several files systemd takes the last; what stands in Environment= loses against any of them."""
    unit = UNITS / "dalil.service"
    assert _values(unit, "Environment") == []
    merged: dict[str, str] = {}
    for name in _values(unit, "EnvironmentFile"):
        file = ROOT / ".env.example" if name == "/etc/dalil/dalil.env" else ROOT / Path(name).relative_to("/opt/dalil")
        merged |= dict(re.findall(r"^(\w+)=(.*)$", file.read_text(encoding="utf-8"), re.MULTILINE))
    together = tmp_path / "env"
    together.write_text("".join(f"{name}={value}\n" for name, value in {**merged, "DALIL_SECRET_KEY": "x" * 32}.items()), encoding="utf-8")
    read = Settings(_env_file=together)
    assert read.production
    assert str(read.data_dir) == f"/var/lib/{_values(unit, 'StateDirectory')[0]}"


def test_a_command_by_hand_is_run_as_the_service_is(tmp_path: Path) -> None:
    """With the user, the settings and the data directory of the unit, and the release that it was asked of."""
    program = tmp_path / "bin" / "systemd-run"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    release = tmp_path / "dalil-9.9.9"
    (release / "deploy/systemd").mkdir(parents=True)
    shutil.copy(UNITS / "dalil", release / "deploy/systemd")
    (tmp_path / "dalil").symlink_to(release)
    (tmp_path / "command").symlink_to(tmp_path / "dalil/deploy/systemd/dalil")
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([tmp_path / "command", "staff", "add", "two words"], env=environment, capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert said[-5:] == ["--", f"{release}/.venv/bin/dalil", "staff", "add", "two words"]
    unit = UNITS / "dalil.service"
    for name in ("User", "Group"):
        assert f"--{name[0].lower()}id={_values(unit, name)[0]}" in said
    for name in ("WorkingDirectory", "EnvironmentFile", "StateDirectory", "StateDirectoryMode", "UMask"):
        given = [line.split("=", 2)[2] for line in said if line.startswith(f"--property={name}=")]
        assert given == [value.replace("/opt/dalil", str(release)) for value in _values(unit, name)], name


def test_debians_own_proxy_does_not_hold_the_ports() -> None:
    assert _values(UNITS / "dalil-proxy.service", "Conflicts") == ["caddy.service"]


# Alerts


def _rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load((ROOT / "deploy/alerts.yml").read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def test_each_alert_stands_in_the_table_and_the_other_way_round() -> None:
    table = (ROOT / "docs/operations.md").read_text(encoding="utf-8").split("### When to wake somebody")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]
    assert [re.findall(r"`(Dalil\w+)`", row) for row in rows] == [[rule["alert"]] for rule in _rules()]


def test_nobody_is_told_at_night_that_nobody_takes_over() -> None:
    (expr,) = (rule["expr"] for rule in _rules() if rule["alert"] == "DalilNobodyTakesOver")
    assert "hour()" in expr
    assert "day_of_week()" in expr


def test_alerts_ask_for_meters_that_there_are() -> None:
    samples = {
        sample.name for meter in vars(meters).values() if isinstance(meter, Counter | Histogram) for family in meter.collect() for sample in family.samples
    }
    counted = {
        f"{family.name}_total"
        for meter in vars(meters).values()
        if isinstance(meter, Counter | Histogram)
        for family in meter.collect()
        if family.type == "counter"
    }
    known = samples | counted | set(_GAUGES) | {"dalil_database_up", "dalil_turn_seconds_bucket"}
    for rule in _rules():
        assert set(re.findall(r"dalil_[a-z_]+", rule["expr"])) <= known, rule["alert"]
    documented = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for name in {*counted, *_GAUGES}:
        assert name in documented, name


# The proxy


@contextmanager
def _caddy(folder: Path, rasa: str, console: str) -> Iterator[dict[str, str]]:
    """Caddy with the configuration that is deployed, before these addresses; without TLS, as there is no name here."""
    sites = {name: f"http://127.0.0.1:{free_port()}" for name in ("DALIL_SITE", "DALIL_CONSOLE_SITE")}
    config = folder / "Caddyfile"
    config.write_text("{\n\tadmin off\n}\n" + (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8"), encoding="utf-8")
    environment = {
        **os.environ,
        **sites,
        "DALIL_RASA": rasa,
        "DALIL_CONSOLE": console,
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while _status(f"{sites['DALIL_SITE']}/chat") != 200 and time.monotonic() < deadline:
            time.sleep(0.3)
        yield sites
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def proxied(dalil: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The proxy before the running processes."""
    rasa, console = f"127.0.0.1:{dalil.settings.rasa_port}", f"127.0.0.1:{dalil.settings.console_port}"
    with _caddy(tmp_path_factory.mktemp("caddy"), rasa, console) as sites:
        yield sites


def _status(url: str, body: bytes | None = None) -> int:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    try:
        with urllib.request.build_opener(Stay).open(urllib.request.Request(url, body), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.server
@pytest.mark.model
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/chat", 200),
        ("/chat/chat.js", 200),
        ("/", 404),
        ("/health", 404),
        ("/health/live", 404),
        ("/metrics", 404),
        ("/webhooks/rest/webhook", 404),
        ("/webhooks/rest/", 404),
        ("/webhooks/telegram/", 404),
        ("/chat/../health", 404),
        ("/chat/%2e%2e/health", 404),
        ("/conversations/x/tracker", 404),
        ("/model", 404),
        ("/status", 404),
    ],
)
def test_only_the_public_paths_answer(proxied: dict[str, str], path: str, status: int) -> None:
    assert _status(proxied["DALIL_SITE"] + path) == status


@pytest.mark.server
@pytest.mark.model
def test_a_conversation_works_through_the_proxy_and_what_is_too_large_is_refused(proxied: dict[str, str]) -> None:
    assert _status(f"{proxied['DALIL_SITE']}/chat/session", b"") == 200
    assert _status(f"{proxied['DALIL_SITE']}/webhooks/rest/webhook", b'{"sender": "a", "message": "salam"}') == 404
    assert _status(f"{proxied['DALIL_SITE']}/chat/message", b"x" * 600_000) in (0, 400, 413, 502)


@pytest.mark.server
@pytest.mark.model
def test_the_console_answers_under_a_name_of_its_own(proxied: dict[str, str]) -> None:
    assert _status(f"{proxied['DALIL_CONSOLE_SITE']}/login/") == 200
    assert _status(f"{proxied['DALIL_CONSOLE_SITE']}/figures/") == 302
    assert _status(f"{proxied['DALIL_SITE']}/login/") == 404


class _Worker(ThreadingHTTPServer):
    """Stands for a Rasa process; notes what it is asked beside its health."""

    def __init__(self, health: int) -> None:
        super().__init__(("127.0.0.1", 0), _WorkerHandler)
        self.health = health
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self.server_port}"


class _WorkerHandler(BaseHTTPRequestHandler):
    server: _Worker

    def do_GET(self) -> None:
        if self.path != "/health":
            self.server.asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.server.health if self.path == "/health" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def workers() -> Iterator[tuple[_Worker, _Worker]]:
    """Two workers, the second of which is not ready."""
    found = _Worker(200), _Worker(503)
    for worker in found:
        threading.Thread(target=worker.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        for worker in found:
            worker.shutdown()
            worker.server_close()


@pytest.mark.server
def test_public_paths_reach_the_worker_that_is_ready_and_no_other(workers: tuple[_Worker, _Worker], tmp_path: Path) -> None:
    """One that becomes ready again is asked again."""
    ready, not_ready = workers
    public = ["/webhooks/telegram/webhook", "/webhooks/whatsapp/webhook", "/webhooks/whatsapp/status", "/chat", "/chat/message", "/documents/a.pdf"]
    with _caddy(tmp_path, f"{ready.address} {not_ready.address}", ready.address) as sites:
        time.sleep(1)  # each was asked for its health when the proxy started
        for worker in workers:
            worker.asked.clear()
        assert [_status(sites["DALIL_SITE"] + path, b"" if "webhook" in path else None) for path in public * 10] == [200] * len(public) * 10
        assert (ready.asked, not_ready.asked) == (public * 10, [])
        not_ready.health = 200
        deadline = time.monotonic() + 20
        while not not_ready.asked and time.monotonic() < deadline:
            assert _status(f"{sites['DALIL_SITE']}/chat") == 200
            time.sleep(0.2)
        assert not_ready.asked
