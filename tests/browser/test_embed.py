"""Dalil on a chamber's own website: shown where the chamber allows it, opened in a window of its own elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from bot.storage.database import Database
from tests.browser.conftest import PICTURES
from tests.chambers.tools import VALUES, share
from tests.tools import Running

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.model]

_PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>Chambre</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src {dalil}; frame-src {dalil}; connect-src {dalil}">
<main><h1>Chambre</h1><p>Bienvenue</p></main>
<script src="{dalil}/chat/embed.js" data-code="{code}" data-language="{language}" async></script></html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path, dalil: Running) -> Iterator[Callable[..., str]]:
    """A chamber's website on an origin of its own: makes a page with a code and gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_address[1]}"

    def page(code: str, allowed: bool, language: str = "fr") -> str:
        database = Database(dalil.settings.database)
        share(database, code, sites=origin if allowed else "https://chambre.example")
        database.close()
        text = _PAGE.format(language=language, direction="rtl" if language == "ar" else "ltr", dalil=dalil.url, code=code)
        (tmp_path / f"{code}.html").write_text(text, encoding="utf-8")
        return f"{origin}/{code}.html"

    yield page
    server.shutdown()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 900, "height": 760}, locale="fr-MA")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_on_a_site_that_the_chamber_named_the_chat_opens_in_the_page(site: Callable[..., str], tab: Any, dalil: Running, language: str) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(site(f"ici-{language}", True, language))
    button = tab.get_by_role("button", name="Demander à Dalil" if language == "fr" else "اسألوا دليل")
    button.wait_for()
    assert [url for url in asked if url.startswith(dalil.url)] == [f"{dalil.url}/chat/embed.js"], "nothing else is loaded before it is asked for"
    button.click()
    chat = tab.frame_locator("iframe")
    chat.get_by_text(str(VALUES[f"name_{'fr' if language == 'fr' else 'ar'}"])).first.wait_for(timeout=20_000)
    frame = tab.locator("iframe")
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    assert frame.get_attribute("title")
    chat.locator("#text").fill("combien de membres pour une coopérative ?")
    chat.locator("#text").press("Enter")
    chat.get_by_text("5").first.wait_for(timeout=20_000)
    assert [v["id"] for v in Axe().run(tab)["violations"] if v["impact"] in ("serious", "critical")] == []
    PICTURES.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=PICTURES / f"embed-{language}.png")
    tab.get_by_role("button", name="Fermer" if language == "fr" else "إغلاق").click()
    assert not frame.is_visible()
    assert button.evaluate("b => b.getRootNode().activeElement === b"), "the focus comes back to the button"


def test_elsewhere_the_chat_opens_in_a_window_of_its_own(site: Callable[..., str], tab: Any, dalil: Running) -> None:
    tab.goto(site("ailleurs", False))
    with tab.expect_popup() as opened:
        tab.get_by_role("button", name="Demander à Dalil").click()
    opened.value.wait_for_url(f"{dalil.url}/chat?c=ailleurs&l=fr")
    assert tab.locator("iframe").count() == 0


def test_a_site_that_puts_the_chat_into_a_frame_without_being_named_shows_nothing(site: Callable[..., str], tab: Any, dalil: Running) -> None:
    tab.goto(site("force", False))
    tab.evaluate("address => { const f = document.createElement('iframe'); f.src = address; document.body.append(f); }", f"{dalil.url}/chat?c=force")
    tab.wait_for_timeout(1_500)
    assert tab.frame_locator("iframe").locator("#text").count() == 0


def test_who_comes_back_to_the_page_without_the_link_is_still_the_chamber_s(site: Callable[..., str], tab: Any, dalil: Running) -> None:
    site("retour", True)
    tab.goto(f"{dalil.url}/chat?c=retour")
    tab.get_by_text(str(VALUES["name_fr"])).first.wait_for(timeout=20_000)
    again = tab.context.new_page()  # another tab: another conversation, the same browser
    again.goto(f"{dalil.url}/chat")
    again.get_by_text(str(VALUES["name_fr"])).first.wait_for(timeout=20_000)
