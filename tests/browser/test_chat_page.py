"""The chat page in a real browser: Debian's Chromium, the real server behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import PICTURES
from tests.tools import Running

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.model]


@pytest.fixture
def page(browser: Any, dalil: Running) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 780}, locale="fr-MA")
    opened = context.new_page()
    opened.requests = []
    opened.faults = []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("console", lambda message: opened.faults.append(message.text) if message.type == "error" else None)
    opened.goto(f"{dalil.url}/chat")
    opened.wait_for_selector("#messages li:not(.mine):not(.typing) .bubble")
    yield opened
    context.close()


def _replies(page: Any) -> int:
    return int(page.locator("#messages li:not(.mine):not(.typing)").count())


def _ask(page: Any, text: str) -> str:
    before = _replies(page)
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('#messages li:not(.mine):not(.typing)').length > n", arg=before)
    return str(page.locator("#messages li:not(.mine):not(.typing) .bubble").last.inner_text())


def _picture(page: Any, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def test_a_question_is_answered_and_a_button_leads_on(page: Any) -> None:
    assert "5" in _ask(page, "Combien de personnes faut-il pour créer une coopérative ?")
    before = _replies(page)
    page.locator("#messages li").last.locator(".choices button").first.click()
    page.wait_for_function("n => document.querySelectorAll('#messages li:not(.mine):not(.typing)').length > n", arg=before)
    _picture(page, "french")
    assert page.faults == []


def test_arabic_is_laid_out_from_right_to_left(page: Any) -> None:
    page.locator("[data-language=ar]").click()
    page.wait_for_function("document.documentElement.dir === 'rtl'")
    page.wait_for_timeout(500)
    _ask(page, "ما هو الحد الأدنى لرأس مال التعاونية؟")
    bubble = page.locator("#messages li:not(.mine) .bubble").last
    assert bubble.evaluate("element => getComputedStyle(element).direction") == "rtl"
    _picture(page, "arabic")
    assert page.faults == []


def test_darija_is_answered_in_darija(page: Any) -> None:
    page.locator("[data-language=ary]").click()
    page.wait_for_timeout(500)
    assert "5" in _ask(page, "ch7al khass dyal nass bach ndiro ta3awniya")
    _picture(page, "darija")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_overflows_at_any_width(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    _ask(page, "Quels documents pour inscrire la coopérative ?")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("#send").is_visible()
    _picture(page, f"width-{width}")


def test_nothing_is_requested_from_elsewhere(page: Any, dalil: Running) -> None:
    _ask(page, "bonjour")
    assert [url for url in page.requests if not url.startswith(dalil.url)] == []


def test_what_people_type_is_shown_as_text(page: Any) -> None:
    _ask(page, "<img src=x onerror=alert(1)> <b>gras</b>")
    assert "<b>gras</b>" in page.locator("#messages li.mine .bubble").last.inner_text()
    assert page.locator("#messages img, #messages b").count() == 0


def test_the_conversation_is_still_there_after_a_reload(page: Any) -> None:
    _ask(page, "Quel est le capital minimum d'une coopérative ?")
    count = page.locator("#messages li").count()
    page.reload()
    page.wait_for_function("n => document.querySelectorAll('#messages li').length === n", arg=count)


def test_it_can_be_used_by_keyboard_and_tells_a_screen_reader(page: Any) -> None:
    assert page.get_attribute("#messages", "aria-live") == "polite"
    assert page.locator("#text").get_attribute("placeholder")
    assert page.get_attribute("#send", "aria-label")
    _ask(page, "Combien de membres pour une coopérative ?")
    page.locator("#messages li").last.locator(".choices button").first.focus()
    before = _replies(page)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('#messages li:not(.mine):not(.typing)').length > n", arg=before)


def test_a_lost_connection_is_said(page: Any) -> None:
    page.context.set_offline(True)
    page.fill("#text", "bonjour")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Le message n'est pas parti")


def _press(page: Any, title: str) -> str:
    before = _replies(page)
    page.locator(".choices button", has_text=title).last.click()
    page.wait_for_function("n => document.querySelectorAll('#messages li:not(.mine):not(.typing)').length > n", arg=before)
    return str(page.locator("#messages li:not(.mine):not(.typing) .bubble").last.inner_text())


def test_a_checklist_is_made_and_opens_as_a_document(page: Any, dalil: Running) -> None:
    assert "activité" in _ask(page, "je veux ma liste d'étapes pour une coopérative à Taroudant")
    assert "1." in _press(page, "Artisanat")
    _press(page, "Ma liste en PDF")
    link = page.locator("a.document").last
    fetched = page.request.get(dalil.url + str(link.get_attribute("href")))
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.body().startswith(b"%PDF-")
    _picture(page, "checklist")
    assert page.faults == []


def test_a_person_of_the_staff_answers_on_the_page(page: Any, dalil: Running) -> None:
    _ask(page, "je veux parler à quelqu'un")
    opened = _ask(page, "Mon dossier INDH n'avance pas, qui peut m'aider ?")
    number = next(word for word in opened.split() if word.strip(".").isdecimal()).strip(".")
    assert "gardé" in opened
    assert "ajouté" in _ask(page, "je suis à Tiznit")
    before = _replies(page)
    dalil.command("cases", "reply", number, "Bonjour, le DAS de Tiznit vous attend.")
    page.evaluate("collect()")
    page.wait_for_function("n => document.querySelectorAll('#messages li:not(.mine):not(.typing)').length > n", arg=before)
    assert "DAS de Tiznit" in page.locator("#messages li:not(.mine) .bubble").last.inner_text()
    _picture(page, "staff")
    assert "Quelle est votre question" in _press(page, "Revenir à Dalil")
    assert "5" in _ask(page, "Combien de personnes faut-il pour créer une coopérative ?")
