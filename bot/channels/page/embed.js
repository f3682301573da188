// Puts Dalil on a chamber's website: a button, and the chat when it is pressed. Nothing is loaded before that.
//   <script src="https://.../chat/embed.js" data-code="CODE" data-language="fr" async></script>
// The chat is shown on the websites that the chamber has named only; elsewhere the button opens it in a window of its own.
(() => {
  const script = document.currentScript;
  const code = script.dataset.code || "";
  const arabic = (script.dataset.language || document.documentElement.lang || "").startsWith("ar");
  const words = arabic ? { ask: "اسألوا دليل", close: "إغلاق", title: "دليل: أسئلتكم حول التعاونيات" } : { ask: "Demander à Dalil", close: "Fermer", title: "Dalil : vos questions sur les coopératives" };
  const chat = new URL(`../chat?c=${encodeURIComponent(code)}&l=${arabic ? "ar" : "fr"}`, script.src).href;
  const allowed = new URL(`../chat/embed?c=${encodeURIComponent(code)}`, script.src).href;

  const host = document.createElement("div");
  host.lang = arabic ? "ar" : "fr";
  host.dir = arabic ? "rtl" : "ltr";
  const root = host.attachShadow({ mode: "open" }); // the website's styles do not reach in
  const style = new CSSStyleSheet(); // and its content security policy allows this
  style.replaceSync(`
    :host { all: initial; }
    .box { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 2147483000; display: flex; flex-direction: column; align-items: flex-end; gap: 8px; font: 16px/1.4 system-ui, "Noto Sans", "Noto Naskh Arabic", sans-serif; }
    button { font: inherit; color: #fff; background: #0f5c4a; border: 0; border-radius: 24px; min-height: 48px; padding: 0 20px; cursor: pointer; box-shadow: 0 2px 10px rgb(0 0 0 / .3); }
    button:focus-visible { outline: 3px solid #0f5c4a; outline-offset: 3px; }
    .panel { width: min(400px, calc(100vw - 32px)); height: min(620px, calc(100vh - 96px)); background: #fff; border-radius: 12px; overflow: hidden; box-shadow: 0 4px 24px rgb(0 0 0 / .35); display: flex; flex-direction: column; }
    .panel[hidden] { display: none; }
    iframe { border: 0; flex: 1; width: 100%; }
  `);
  root.adoptedStyleSheets = [style];

  const box = make(root, "div", "box");
  const panel = make(box, "div", "panel");
  panel.id = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.title);
  const button = make(box, "button");
  button.type = "button";
  button.textContent = words.ask;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "panel");

  function make(parent, tag, className) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    parent.append(element);
    return element;
  }

  async function isAllowed() {
    try {
      return (await fetch(allowed, { credentials: "omit" })).ok;
    } catch {
      return false;
    }
  }

  function close() {
    panel.hidden = true;
    button.textContent = words.ask;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  button.addEventListener("click", async () => {
    if (!panel.hidden) return close();
    if (!panel.firstChild) {
      if (!(await isAllowed())) {
        const opened = window.open(chat, "_blank");
        if (opened) opened.opener = null;
        else location.assign(chat); // where new windows are blocked
        return;
      }
      const frame = make(panel, "iframe");
      frame.title = words.title;
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
      frame.referrerPolicy = "no-referrer";
      frame.src = chat;
    }
    panel.hidden = false;
    button.textContent = words.close;
    button.setAttribute("aria-expanded", "true");
    panel.firstChild.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });
  document.body ? document.body.append(host) : addEventListener("DOMContentLoaded", () => document.body.append(host));
})();
