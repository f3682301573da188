"""How Dalil is deployed: what can be checked without containers. The proxy is started for real."""

import configparser
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Histogram

from bot.metrics import meters
from bot.metrics.queues import _GAUGES
from bot.paths import ROOT
from bot.settings import Settings
from bot.supervisor import PARTS, services
from tests.tools import Running, free_port

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = [name for name, service in SERVICES.items() if service["image"].startswith("dalil:")]
KNOWN = {name.upper() for field in Settings.__fields__.values() for name in field.field_info.extra["env_names"]}

# Containers


def test_each_part_of_dalil_is_a_container() -> None:
    parts = [SERVICES[name]["command"][-1] for name in OWN if SERVICES[name]["command"][0] == "run"]
    assert sorted(parts) == sorted(PARTS)


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
    assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", service["image"])
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
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert set(stages) == {"python:3.10.16-slim-bookworm"}
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


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy/systemd").glob("*.service")), ids=lambda path: path.name)
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


# Alerts


def test_alerts_ask_for_meters_that_there_are() -> None:
    rules = [rule for group in yaml.safe_load((ROOT / "deploy/alerts.yml").read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
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
    for rule in rules:
        assert set(re.findall(r"dalil_[a-z_]+", rule["expr"])) <= known, rule["alert"]
    documented = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for name in {*counted, *_GAUGES}:
        assert name in documented, name


# The proxy


@pytest.fixture(scope="module")
def proxied(dalil: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Caddy with the configuration that is deployed, before the running processes; without TLS, as there is no name here."""
    sites = {name: f"http://127.0.0.1:{free_port()}" for name in ("DALIL_SITE", "DALIL_CONSOLE_SITE")}
    config = tmp_path_factory.mktemp("caddy") / "Caddyfile"
    config.write_text("{\n\tadmin off\n}\n" + (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8"), encoding="utf-8")
    environment = {
        **os.environ,
        **sites,
        "DALIL_RASA": f"127.0.0.1:{dalil.settings.rasa_port}",
        "DALIL_CONSOLE": f"127.0.0.1:{dalil.settings.console_port}",
        "XDG_DATA_HOME": str(config.parent),
        "XDG_CONFIG_HOME": str(config.parent),
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
