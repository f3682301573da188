/* Keyboard shortcuts. An element with data-key="n" is pressed (a link, a button) or focused (a field) by that key, "g c" by two keys in a row. */
"use strict";

(() => {
  let before = "";

  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  /* The key as a Latin keyboard has it: on an Arabic one the letter is another, the place is the same. */
  const pressed = (event) => (/^[\x20-\x7e]$/.test(event.key) ? event.key : event.code.replace(/^(Key|Digit)/, "").toLowerCase());
  window.Dalil = { pressed };

  const press = (element) => {
    if (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) element.focus();
    else element.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (typing(event.target) || event.target.closest("dialog")) return;
    const key = pressed(event);
    if (key === "?") return document.getElementById("keys")?.showModal();
    const wanted = before ? `${before} ${key}` : key;
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(wanted)}"]`)].find((element) => element.offsetParent !== null);
    before = key === "g" && !found ? "g" : "";
    if (found) {
      event.preventDefault();
      press(found);
    }
  });

  /* Next and previous in a list or a transcript: data-walk names what is walked over. */
  const walk = (step) => {
    const all = [...document.querySelectorAll("[data-walk]")];
    if (!all.length) return;
    const here = all.findIndex((element) => element.classList.contains("here"));
    const next = all[Math.min(all.length - 1, Math.max(0, here + step))];
    all.forEach((element) => element.classList.toggle("here", element === next));
    next.scrollIntoView({ block: "nearest" });
    (next.querySelector("[data-walk-focus]") || next).focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || event.target.closest("dialog")) return;
    if (pressed(event) === "j") walk(1);
    if (pressed(event) === "k") walk(-1);
  });

  /* What a page asks for by itself does not count as work: the session of somebody who left must end. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.triggeringEvent?.type !== "click" && event.detail.elt.matches("[data-by-itself]")) event.detail.headers["X-By-Itself"] = "1";
  });
  /* A page that nobody looks at does not ask. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.matches("[data-by-itself]")) event.preventDefault();
  });
  /* An answer that is not a piece of this page (logged out, an error) must not be put into it. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 200 && /<!doctype/i.test(event.detail.xhr.responseText.slice(0, 40))) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
  /* Buttons that ask before they do something that cannot be undone. */
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  /* Fields that send their form when they change. */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });
  /* Canned texts: put into the field named by data-into, after what stands there. */
  document.addEventListener("click", (event) => {
    const canned = event.target.closest("[data-into]");
    if (!canned) return;
    const field = document.getElementById(canned.dataset.into);
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n${canned.dataset.text}` : canned.dataset.text;
    field.focus();
  });
})();
