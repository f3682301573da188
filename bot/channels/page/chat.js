// The chat page: asks for a session, sends what is typed, shows what comes back. Text is only ever inserted as text.
"use strict";

const WORDS = {
  ary: {
    tagline: "سولونا على التعاونيات والاقتصاد الاجتماعي",
    placeholder: "كتبو السؤال ديالكم هنا…",
    send: "صيفط",
    typing: "دليل كيكتب",
    mine: "نتوما",
    notice: "ماتكتبوش هنا رقم لاكارط ولا التيليفون. دليل ماشي خدمة رسمية.",
    offline: "ماوصلش الميساج. شوفو الكونيكسيون وعاودو.",
    busy: "شوية بشوية، تسناو واحد الدقيقة وعاودو.",
    hello: "سلام",
  },
  ar: {
    tagline: "دليلكم في التعاونيات والاقتصاد الاجتماعي والتضامني",
    placeholder: "اكتبوا سؤالكم هنا…",
    send: "إرسال",
    typing: "دليل يكتب",
    mine: "أنتم",
    notice: "لا تكتبوا هنا رقم بطاقتكم أو هاتفكم. دليل ليس خدمة رسمية.",
    offline: "لم تصل الرسالة. تحققوا من الاتصال ثم أعيدوا المحاولة.",
    busy: "على مهل من فضلكم، انتظروا دقيقة ثم أعيدوا المحاولة.",
    hello: "السلام عليكم",
  },
  fr: {
    tagline: "Votre guide des coopératives et de l'économie sociale",
    placeholder: "Écrivez votre question ici…",
    send: "Envoyer",
    typing: "Dalil écrit",
    mine: "Vous",
    notice: "N'écrivez pas ici votre numéro de CIN ou de téléphone. Dalil n'est pas un service officiel.",
    offline: "Le message n'est pas parti. Vérifiez la connexion et réessayez.",
    busy: "Doucement, attendez une minute et réessayez.",
    hello: "Bonjour",
  },
};

const messages = document.getElementById("messages");
const form = document.getElementById("form");
const field = document.getElementById("text");
const send = document.getElementById("send");

const memory = {
  get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* private mode: nothing is kept */ } },
};

// The code of a chamber's link; it is remembered for when the person comes back without the link.
const code = new URLSearchParams(location.search).get("c") || remembered("code") || "";
const newCode = code !== "" && code !== remembered("code");
if (newCode) {
  try { localStorage.setItem("code", code); } catch { /* private mode */ }
}

function remembered(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

let session = memory.get("session");
let language = memory.get("language") || firstLanguage();
let transcript = [];
let person = memory.get("person") === "yes"; // whether somebody of the staff may write
let queue = Promise.resolve();

function firstLanguage() {
  const asked = new URLSearchParams(location.search).get("l"); // the language of the website that shows the page
  if (asked === "fr" || asked === "ar") return asked;
  const preferred = (navigator.languages || []).join(" ").toLowerCase();
  return preferred.startsWith("fr") ? "fr" : "ary";
}

function setLanguage(chosen) {
  language = chosen;
  memory.set("language", chosen);
  const words = WORDS[chosen];
  document.documentElement.lang = chosen;
  document.documentElement.dir = chosen === "fr" ? "ltr" : "rtl";
  document.getElementById("tagline").textContent = words.tagline;
  document.getElementById("label").textContent = words.placeholder;
  document.getElementById("notice").textContent = words.notice;
  field.placeholder = words.placeholder;
  send.setAttribute("aria-label", words.send);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === chosen));
  }
}

function append(parent, tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// Web addresses become links; everything else stays text.
function appendLinked(parent, text) {
  for (const piece of text.split(/(https?:\/\/\S+)/)) {
    if (/^https?:\/\//.test(piece)) {
      const link = append(parent, "a", "", readable(piece));
      link.href = piece;
      link.rel = "noopener noreferrer";
      link.target = "_blank";
      link.dir = "ltr";
    } else if (piece) {
      parent.append(piece);
    }
  }
}

function readable(address) {
  try {
    const { hostname, pathname } = new URL(address);
    const last = decodeURIComponent(pathname).split("/").filter(Boolean).pop() || "";
    return last ? `${hostname} / ${last.slice(0, 60)}` : hostname;
  } catch {
    return address;
  }
}

function show(message, mine) {
  const item = append(messages, "li", mine ? "mine" : "");
  if (mine) append(item, "span", "hidden", WORDS[language].mine);
  if (message.text) {
    const bubble = append(item, "div", "bubble");
    bubble.dir = "auto";
    const parts = message.text.split(/\n\n(?=(?:Source|المصدر)\s?:)/);
    appendLinked(bubble, parts[0]);
    if (parts[1]) append(bubble, "span", "source", parts[1]);
  }
  const attached = message.custom && message.custom.document;
  if (attached) {
    const bubble = append(item, "div", "bubble");
    bubble.dir = "auto";
    if (message.custom.text) append(bubble, "span", "words", message.custom.text);
    const link = append(bubble, "a", "document", attached.name);
    link.href = attached.url;
    link.target = "_blank";
    link.rel = "noopener";
  }
  if (message.buttons) {
    const choices = append(item, "div", "choices");
    for (const button of message.buttons) {
      const element = append(choices, "button", "", button.title);
      element.type = "button";
      element.dir = "auto";
      element.addEventListener("click", () => say(button.payload, button.title));
    }
  }
  messages.scrollTop = messages.scrollHeight;
}

function keep(message, mine) {
  transcript.push({ message, mine });
  memory.set("transcript", JSON.stringify(transcript.slice(-60)));
  show(message, mine);
}

function typing() {
  const item = append(messages, "li", "typing");
  append(item, "span", "hidden", WORDS[language].typing);
  const bubble = append(item, "div", "bubble");
  for (let dot = 0; dot < 3; dot++) append(bubble, "i");
  messages.scrollTop = messages.scrollHeight;
  return item;
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  if (session) headers["X-Dalil-Session"] = session;
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function openSession() {
  const response = await post("/chat/session", {});
  if (!response.ok) throw new Error(String(response.status));
  session = (await response.json()).session;
  memory.set("session", session);
}

async function deliver(text) {
  if (!session) await openSession();
  let response = await post("/chat/message", { text, code });
  if (response.status === 401) { // the server has a new key: begin again
    session = null;
    await openSession();
    response = await post("/chat/message", { text, code });
  }
  return response;
}

// Sends one message; messages wait for one another so that replies stay in order.
function say(text, shown) {
  if (shown) keep({ text: shown }, true);
  queue = queue.then(async () => {
    const waiting = typing();
    let replies;
    try {
      const response = await deliver(text);
      const content = await response.json();
      replies = content.messages || [];
      if (!response.ok && !replies.length) replies = [{ text: WORDS[language][response.status === 429 ? "busy" : "offline"] }];
    } catch {
      replies = [{ text: WORDS[language].offline }];
    }
    waiting.remove();
    for (const reply of replies) {
      if ((reply.buttons || []).some((button) => button.payload.startsWith("/back_to_bot"))) {
        person = true; // without storage too
        memory.set("person", "yes");
      }
      keep(reply, false);
    }
  });
  return queue;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  resize();
  say(text, text);
  field.focus();
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

function resize() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 128)}px`;
}
field.addEventListener("input", resize);

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    setLanguage(button.dataset.language);
    const request = { fr: "en français s'il vous plaît", ar: "بالعربية من فضلك", ary: "هضر معايا بالدارجة" }[language];
    say(request, button.textContent);
  });
}

// A person of the staff may write while a request is open: what waits is fetched, rarely, and only while the page is looked at.
const WAIT = 15000;
async function collect() {
  if (!session || document.hidden || !person) return;
  try {
    const response = await post("/chat/waiting", {});
    if (!response.ok) return;
    for (const message of (await response.json()).messages) keep(message, false);
  } catch { /* no connection: next time */ }
}
setInterval(collect, WAIT);

setLanguage(language);
try {
  transcript = JSON.parse(memory.get("transcript") || "[]");
} catch {
  transcript = [];
}
if (transcript.length) {
  for (const { message, mine } of transcript) show(message, mine);
}
if (newCode || !transcript.length) say(WORDS[language].hello);
