/* Keys that act on the turn one is at: b right, x wrong, t tags (data-turn-key). */
"use strict";

(() => {
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");

  /* The judgements of the turn one is at; on the page of one turn there are no others. */
  const here = () => {
    const all = document.querySelectorAll("[data-review]");
    return document.querySelector(".turn.here [data-review]") || (all.length === 1 ? all[0] : null);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && event.target.matches(".meant input[type=search]")) return event.preventDefault();
    if (typing(event.target)) return;
    const found = here()?.querySelector(`[data-turn-key="${CSS.escape(window.Dalil.pressed(event))}"]`);
    if (!found) return;
    event.preventDefault();
    found.click();
  });

  /* The first of these that there is. */
  const focus = (part, ...wanted) => wanted.map((selector) => part?.querySelector(selector)).find(Boolean)?.focus();

  /* Wrong: on to what was meant. */
  const ask = (box) => focus(box, ".meant input[type=radio]:checked", ".meant input[type=radio]");
  ask(document.querySelector("[data-review]:has(.meant)"));
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-turn-key="x"][type=button]')) ask(event.target.closest("[data-review]"));
  });
  /* A part of the page that was replaced keeps the focus. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    if (part.matches("[data-review]:has(.meant)")) ask(part);
    else if (part.matches("[data-review], .tags") && document.activeElement === document.body) focus(part, "[aria-pressed=true]", "summary", "button");
  });

  /* Tags that are opened: on to their list. */
  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".tags details[open]")) event.target.querySelector("select").focus();
  }, true);

  /* A choice in the list chooses the line it stands in. */
  document.addEventListener("change", (event) => {
    const line = document.getElementById(event.target.dataset.chooses);
    if (line) line.checked = event.target.value !== "";
  });

  /* Whoever works in a turn is at it. */
  document.addEventListener("focusin", (event) => {
    const turn = event.target.closest(".turn[data-walk]");
    if (turn) document.querySelectorAll("[data-walk]").forEach((other) => other.classList.toggle("here", other === turn));
  });
})();
