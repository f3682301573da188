"""The console in a real browser, with the real processes behind it and a played Telegram beside them."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from bot.privacy.pseudonym import pseudonym
from tests import candidate
from tests.browser.conftest import PICTURES
from tests.connected import Connected
from tests.vendors.telegram_user import TelegramUser

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.model]

PASSWORD = "un mot de passe assez long"  # pragma: allowlist secret
_numbers = itertools.count(70_001)
QUESTION = "Combien de personnes faut-il pour créer une coopérative ?"
ACCOUNTS = (("nadia", "manager", "fr"), ("youssef", "reviewer", "fr"), ("layla", "manager", "ar"), ("karim", "editor", "fr"))
PAGES = (
    "/conversations/",
    "/review/",
    "/review/random/",
    "/review/agreement/",
    "/review/questions/",
    "/desk/",
    "/learning/",
    "/learning/next/",
    "/learning/runs/",
)
PAGES += ("/learning/missing/", "/figures/", "/observatory/", "/steering/", "/steering/privacy/", "/account/")


@pytest.fixture(scope="module")
def console(connected: Connected) -> str:
    """The console's address; there is an account of each kind."""
    import subprocess
    import sys

    from bot.paths import ROOT

    for name, role, language in ACCOUNTS:
        line = [sys.executable, "-m", "bot.cli", "staff", "add", name, "--role", role, "--language", language, "--password-from-input"]
        made = subprocess.run(line, cwd=ROOT, env=connected.dalil.environment, input=PASSWORD + "\n", capture_output=True, text=True, timeout=60, check=False)
        assert made.returncode == 0 or "already" in made.stderr + made.stdout, made.stderr
    return f"http://127.0.0.1:{connected.dalil.settings.console_port}"


@pytest.fixture
def opened(browser: Any, console: str) -> Iterator[Callable[..., Any]]:
    """Opens a browser and logs in: nothing from elsewhere is asked for, nothing fails in the page."""
    contexts, faults = [], []

    def open_(name: str = "nadia", width: int = 1280, height: int = 900) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-MA", base_url=console)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: None if request.url.startswith((console, "data:")) else faults.append(f"asked for {request.url}"))
        page.goto("/login/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/conversations/"))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def founder(connected: Connected) -> TelegramUser:
    """Somebody who writes on Telegram, and was told about privacy."""
    found = connected.telegram.user(next(_numbers))
    found.text("Bonjour")
    found.wait_for(2)
    return found


def _sender(connected: Connected, user: TelegramUser) -> str:
    return pseudonym("telegram", str(user.id), connected.dalil.settings.key())


def _wait(page: Any, text: str, seconds: float = 15) -> None:
    page.get_by_text(text, exact=False).first.wait_for(timeout=seconds * 1000)


def test_a_wrong_password_is_told_and_the_right_one_opens_the_conversations(browser: Any, console: str) -> None:
    page = browser.new_context(base_url=console, locale="fr-MA").new_page()
    page.goto("/figures/")
    assert "/login/" in page.url
    page.fill("#id_username", "nadia")
    page.fill("#id_password", "un autre mot de passe")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errorlist")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/figures/"))
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(re.compile("/login/"))
    page.context.close()


def test_new_messages_appear_without_reloading(opened: Callable[..., Any], connected: Connected, founder: TelegramUser) -> None:
    page = opened()
    page.evaluate("window.same = true")
    founder.text("c'est combien le capital minimum d'une coopérative")
    _wait(page, "c'est combien le capital minimum d'une coopérative")
    page.goto(f"/conversations/{_sender(connected, founder)}/")
    page.evaluate("window.same = true")
    founder.text("chhal khass dyal nas f ta3awniya")
    _wait(page, "chhal khass dyal nas f ta3awniya")
    _wait(page, "5 د الناس")
    assert page.evaluate("window.same") is True
    _wait(page, "Envoi")


def test_review_with_the_keyboard_only(opened: Callable[..., Any], connected: Connected, founder: TelegramUser) -> None:
    founder.text("une question jugée au clavier sur la coopérative")
    founder.wait_for(3)
    page = opened("youssef")
    keys = page.keyboard
    keys.press("/")
    keys.type("jugée au clavier")
    keys.press("Enter")
    page.wait_for_url(re.compile("q=jug"))
    page.get_by_text("jugée au clavier").first.wait_for()
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(re.compile("/conversations/telegram:"))
    here = page.locator(".turn.here")
    assert "jugée au clavier" in here.inner_text()
    keys.press("b")
    here.locator("button[aria-pressed=true]", has_text="Juste").wait_for()
    keys.press("x")
    here.locator("fieldset").wait_for()
    here.locator("input[type=search]").focus()
    keys.type("capital")
    here.locator("input[value='record:coop-capital-min']").first.wait_for()
    here.locator("input[value='record:coop-capital-min']").first.focus()
    keys.press("Space")
    keys.press("Tab")
    here.get_by_role("button", name="Enregistrer").focus()
    keys.press("Enter")
    here.locator("fieldset").wait_for(state="detached")
    here.locator("button[aria-pressed=true]", has_text="Faux").wait_for()
    assert "Capital minimum" in here.inner_text()
    keys.press("?")
    assert page.locator("dialog#keys").is_visible()
    keys.press("Escape")
    page.locator("dialog#keys").wait_for(state="hidden")
    keys.press("g")
    keys.press("r")
    page.wait_for_url(re.compile("/review/"))


@pytest.mark.timeout(900)
def test_a_correction_is_learnt_promoted_and_taken_back(opened: Callable[..., Any], connected: Connected, founder: TelegramUser) -> None:
    def asked() -> str:
        before = len(founder.sent)
        founder.text(candidate.TEXT)
        founder.wait_for(before + 1)
        return founder.sent[before].text

    misunderstood = asked()
    reviewer = opened("youssef")
    reviewer.goto(f"/conversations/{_sender(connected, founder)}/")
    turn = reviewer.locator(".turn", has_text=candidate.TEXT).last
    turn.get_by_role("button", name="Faux").click()
    turn.locator("input[type=search]").fill("nombre minimum")
    turn.locator(f"input[value='record:{candidate.RECORD}']").check()
    turn.get_by_role("button", name="Enregistrer").click()
    turn.locator("button[aria-pressed=true]", has_text="Faux").wait_for()

    editor = opened("karim")
    editor.goto("/learning/")
    case = editor.locator("article.case", has_text=candidate.TEXT)
    case.get_by_role("button", name="Approuver").click()
    editor.goto("/learning/next/")
    assert f"+- text: {candidate.TEXT}" in editor.locator("pre.diff").inner_text()
    editor.get_by_label("Une question sur dix").check()
    editor.get_by_role("button", name="Entraîner").click()
    editor.wait_for_url(re.compile(r"/learning/runs/\d+/"))
    editor.get_by_text("Entraînement du nouveau modèle").wait_for(timeout=30_000)
    editor.evaluate("window.same = true")
    editor.get_by_text("à décider").wait_for(timeout=600_000)
    assert editor.evaluate("window.same") is True, "progress is shown without reloading"
    assert editor.get_by_role("button", name="Mettre en service").count() == 0, "an editor does not decide"
    editor.screenshot(path=PICTURES / "console-learning-run-karim-1280.png", full_page=True)

    manager = opened("nadia")
    manager.goto(editor.url)
    manager.get_by_role("button", name="Mettre en service").click()
    manager.get_by_text("le bot l'utilise").wait_for(timeout=90_000)
    try:
        assert _until(asked, lambda said: "5" in said) != misunderstood
    finally:
        manager.get_by_role("button", name="Revenir au modèle précédent").click()
        manager.get_by_text("retiré du service").wait_for()
    assert _until(asked, lambda said: said == misunderstood) == misunderstood


def _until(ask: Callable[[], str], wanted: Callable[[str], bool], seconds: float = 90) -> str:
    """What is answered once the servers have taken another model."""
    deadline = time.time() + seconds
    while not wanted(said := ask()) and time.time() < deadline:
        time.sleep(3)
    return said


def test_a_person_is_answered_from_the_console_and_handed_back(opened: Callable[..., Any], connected: Connected, founder: TelegramUser) -> None:
    founder.text("je veux parler à quelqu'un")
    founder.wait_for(3)
    founder.text("j'ai besoin d'aide pour mes statuts")
    founder.wait_for(4)
    page = opened()
    page.goto("/desk/")
    page.get_by_text("j'ai besoin d'aide pour mes statuts").first.click()
    page.wait_for_url(re.compile(r"/desk/\d+/"))
    founder.text("vous êtes là ?")
    _wait(page, "vous êtes là ?")
    page.fill("#id_text", "Bonjour, je suis Nadia. Je regarde vos statuts.")
    page.get_by_role("button", name="Envoyer").click()
    if page.locator("#reply-problem").is_visible():  # what came meanwhile is shown once before it is sent
        page.get_by_role("button", name="Envoyer").click()
    deadline = time.time() + 10
    while not any("Nadia" in message.text for message in founder.sent) and time.time() < deadline:
        time.sleep(0.1)
    assert any("Nadia" in message.text for message in founder.sent)
    count = len(founder.sent)
    founder.text("merci, c'est noté")
    _wait(page, "merci, c'est noté")
    time.sleep(1)
    assert len(founder.sent) == count, "the bot keeps silent"
    page.locator("#hand-back").click()
    page.wait_for_load_state()
    founder.text(QUESTION)
    founder.wait_for(count + 1)
    assert "5" in founder.sent[-1].text


def test_a_notice_and_the_off_switch_work_within_seconds(opened: Callable[..., Any], connected: Connected, founder: TelegramUser) -> None:
    page = opened()
    page.goto("/steering/")
    page.fill("#id_fr", "Le guichet est fermé demain.")
    page.fill("#id_ar", "الشباك مغلق غدا.")
    page.fill("#id_ary", "الشباك مسدود غدا.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Publier").click()
    _wait(page, "Un avis est publié")
    time.sleep(2)
    before = len(founder.sent)
    founder.text(QUESTION)
    founder.wait_for(before + 2)
    said = [message.text for message in founder.sent[before:]]
    assert "Le guichet est fermé demain." in said[0]
    assert "5" in said[1]
    founder.text("Quel est le capital minimum d'une coopérative ?")
    founder.wait_for(before + 3)
    assert "guichet" not in founder.sent[-1].text
    page.get_by_role("button", name="Retirer l'avis").click()
    page.wait_for_load_state()

    page.locator("input[name=sure]").check()
    page.get_by_role("button", name="Mettre Dalil en pause").click()
    _wait(page, "Dalil est en pause.")
    try:
        time.sleep(2)
        before = len(founder.sent)
        founder.text(QUESTION)
        founder.wait_for(before + 1)
        assert "5 personnes" not in founder.sent[-1].text
    finally:
        page.get_by_role("button", name="Remettre Dalil en marche").click()
        _wait(page, "Dalil répond")
    time.sleep(2)
    before = len(founder.sent)
    founder.text(QUESTION)
    founder.wait_for(before + 1)
    assert "5" in founder.sent[-1].text


@pytest.mark.parametrize(("name", "width"), [("nadia", 1280), ("layla", 1280), ("nadia", 360), ("layla", 360)])
def test_every_page_fits_in_both_directions_and_is_accessible(
    name: str, width: int, opened: Callable[..., Any], connected: Connected, founder: TelegramUser
) -> None:
    sender = _sender(connected, founder)
    page = opened(name, width)
    axe = Axe()
    PICTURES.mkdir(parents=True, exist_ok=True)
    serious = []
    for address in (*PAGES, f"/conversations/{sender}/"):
        page.goto(address)
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        direction = page.evaluate("document.documentElement.dir")
        assert direction == ("rtl" if name == "layla" else "ltr"), address
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{address} is {overflow} px too wide at {width}"
        # Each width and each direction is looked at closely once: it takes longest.
        found = axe.run(page)["violations"] if (name, width) in (("nadia", 1280), ("layla", 360)) else []
        serious += [f"{address}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
        page.screenshot(path=PICTURES / f"console{address.replace('/', '-').replace(sender, 'sender')}{name}-{width}.png", full_page=True)
    assert serious == []
