/* The desk: sending with Ctrl and Enter, the count of characters, what has been read, where one is in the inbox. */
"use strict";

(() => {
  const text = document.getElementById("id_text");

  document.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));

  text?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit();
  });

  /* A canned reply is put in by a click, which the field itself does not notice. */
  const counter = document.querySelector("[data-count-of]");
  const count = () => (counter.textContent = text.value.replace(/\r\n/g, "\n").length);
  if (text && counter) {
    count();
    for (const what of ["input", "focus", "change"]) text.addEventListener(what, count);
  }

  document.addEventListener("htmx:afterSettle", () => {
    /* What came before somebody began to write was read; what comes while they write is shown to them before their reply leaves. */
    const seen = document.querySelector("input[name=seen]");
    const watch = document.getElementById("watch");
    if (seen && watch && text && !text.value) seen.value = watch.dataset.last;
    /* The list was made anew: the place is where the focus is. */
    document.activeElement?.closest("[data-walk]")?.classList.add("here");
  });
})();
