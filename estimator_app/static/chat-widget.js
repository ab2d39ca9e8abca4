/* The chat in the corner of another site's pages. Stores nothing, asks nobody before it is opened.
   <script src="https://(pages)/chat-widget.js" data-assistant="https://(assistant)" data-estimator="https://(pages)" data-lang="fi" defer></script>
   A site with a Content-Security-Policy allows (pages) in script-src and (assistant) in connect-src. */
(() => {
  "use strict";
  const TEXTS = "@texts"; // by language, from the catalogs: widget.py

  const script = document.currentScript;
  if (!script.dataset.assistant) {
    console.error("chat-widget.js: data-assistant is missing; allowed: the assistant's address");
    return;
  }
  const webhook = script.dataset.assistant.replace(/\/+$/, "") + "/webhooks/rest/webhook";
  const pages = new URL(script.dataset.estimator || script.src, location.href);
  const narrow = matchMedia("(max-width: 40em)");
  const LONGEST_WAIT = 20000; // milliseconds

  let language = [script.dataset.lang, document.documentElement.lang, "fi"]
    .map((tag) => (tag || "").slice(0, 2).toLowerCase()).find((tag) => tag in TEXTS);
  let sender = null; // a random name for this one conversation, made when the chat is opened
  let turn = Promise.resolve(); // messages are answered one after another

  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const open = make("button", { type: "button", class: "open", "aria-haspopup": "dialog", "aria-expanded": "false" });
  const title = make("h2", { id: "title", tabindex: "-1" });
  const close = make("button", { type: "button", class: "close" });
  const log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
  const status = make("p", { class: "status", role: "status" });
  const input = make("textarea", { id: "message", rows: "2", maxlength: "1000", autocomplete: "off" });
  const label = make("label", { for: "message" });
  const send = make("button", { class: "send" });
  const form = make("form", {}, label, make("div", { class: "line" }, input, send));
  const dialog = make("dialog", { "aria-labelledby": "title" }, make("header", {}, title, close), log, status, form);
  const region = make("section", { class: "widget" }, open, dialog);

  const speak = (wanted) => {
    if (!(wanted in TEXTS)) return;
    language = wanted;
    const text = TEXTS[language];
    region.lang = language;
    region.setAttribute("aria-label", text.title);
    log.setAttribute("aria-label", text.log);
    open.textContent = text.open;
    title.textContent = text.title;
    close.textContent = text.close;
    label.textContent = text.write;
    send.textContent = text.send;
  };

  /* Text with **bold**, [links](address) and lists, as nodes; only our own pages are linked to. */
  const own = (address) => {
    try {
      const url = new URL(address);
      return url.origin === pages.origin ? url.href : null;
    } catch {
      return null;
    }
  };
  const link = (words, address, style) => make("a", { href: address, target: "_blank", rel: "noopener", class: style },
    words, make("span", { class: "hidden" }, " (", TEXTS[language].newTab, ")"));
  const inline = (node, line) => {
    let end = 0;
    for (const found of line.matchAll(/\*\*(.+?)\*\*|\[([^\]]*)\]\(([^()\s]*)\)/g)) {
      const [whole, bold, words, address] = found;
      node.append(line.slice(end, found.index));
      if (bold) node.append(make("strong", {}, bold));
      else if (own(address)) node.append(link(words, own(address), ""));
      else node.append(address.includes(words) ? address : `${words} (${address})`);
      end = found.index + whole.length;
    }
    node.append(line.slice(end));
    return node;
  };
  const blocks = (text) => {
    const nodes = [];
    for (const line of text.split("\n").map((part) => part.trim()).filter(Boolean)) {
      const item = /^[-*] (.*)/.exec(line);
      if (!item) nodes.push(inline(make("p", {}), line));
      else {
        if (!nodes.length || nodes[nodes.length - 1].tagName !== "UL") nodes.push(make("ul", {}));
        nodes[nodes.length - 1].append(inline(make("li", {}), item[1]));
      }
    }
    return nodes;
  };

  const add = (who, ...nodes) => {
    const by = make("span", { class: "hidden" }, `${TEXTS[language][who]}:`);
    const message = make("div", { class: `message ${who}`, lang: language }, by, ...nodes);
    log.append(message);
    return message;
  };
  const see = (message) => { log.scrollTop = message.offsetTop - 8; };

  const show = (answers) => {
    const shown = [];
    const offers = new Map(); // by payload: two answers may offer the same next step
    for (const { custom } of answers) if (custom) speak(custom.language);
    for (const { text, buttons, custom } of answers) {
      if (typeof text === "string") shown.push(add("they", ...blocks(text)));
      const handoff = custom && custom.handoff;
      const address = handoff && own(`${pages.origin}${pages.pathname.replace(/\/[^/]*$/, "")}/?${handoff.query}`);
      if (address) shown.push(add("they", link(String(handoff.title), address, "go")));
      for (const offer of buttons || []) offers.set(String(offer.payload), String(offer.title));
    }
    if (offers.size) log.append(make("div", { class: "buttons", lang: language }, ...Array.from(offers, next)));
    if (shown.length) see(shown[0]);
  };
  const next = ([payload, words]) => {
    const button = make("button", { type: "button" }, words);
    button.addEventListener("click", () => {
      speak((/"language": ?"(\w\w)"/.exec(payload) || [])[1]);
      say(words, payload);
      (narrow.matches ? log : input).focus();
    });
    return button;
  };

  const ask = async (message) => {
    const waited = new AbortController();
    const timer = setTimeout(() => waited.abort(), LONGEST_WAIT);
    status.textContent = TEXTS[language].waiting;
    let answers = null;
    try {
      const response = await fetch(webhook, {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ sender, message, metadata: { language } }),
        signal: waited.signal,
      });
      answers = await response.json(); // when it refuses, it says why in the same shape
    } catch { /* told below */ }
    clearTimeout(timer);
    status.textContent = "";
    if (Array.isArray(answers) && answers.length) show(answers);
    else see(add("they", ...blocks(TEXTS[language].silent)));
  };

  const say = (words, message) => {
    for (const old of log.querySelectorAll(".buttons")) old.remove();
    see(add("you", make("p", {}, words)));
    turn = turn.then(() => ask(message));
  };

  open.addEventListener("click", () => {
    if (narrow.matches) dialog.showModal();
    else dialog.show();
    open.hidden = true;
    open.setAttribute("aria-expanded", "true");
    (narrow.matches ? title : input).focus();
    if (!sender) {
      sender = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      turn = turn.then(() => ask("/greet"));
    }
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    open.hidden = false;
    open.setAttribute("aria-expanded", "false");
    open.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = input.value.trim();
    if (!words) return;
    input.value = "";
    say(words, words);
  });

  /* A style sheet that scripts make needs no 'unsafe-inline'; the shadow root keeps the site's own style out. */
  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font: inherit; color: inherit; margin: 0; }
    .widget { font: 400 medium/1.5 "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; color: #212121; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    [hidden] { display: none !important; }
    button, a.go { min-height: 2.75em; padding: 0.5em 1em; border: 2px solid #235a9a; border-radius: 4px; background: #fff; color: #235a9a; font-weight: 600; cursor: pointer; overflow-wrap: anywhere; }
    button:hover, a.go:hover { text-decoration: underline; }
    :focus-visible { outline: 3px solid #00357a; outline-offset: 2px; box-shadow: 0 0 0 2px #fff; }
    .open, .send, a.go { background: #235a9a; color: #fff; }
    .open { position: fixed; z-index: 2147483000; right: 1em; bottom: calc(1em + env(safe-area-inset-bottom)); max-width: calc(100vw - 2em); box-shadow: 0 2px 8px #0006; }
    dialog { position: fixed; z-index: 2147483000; inset: auto 1em 1em auto; width: min(25em, calc(100vw - 2em)); height: min(38em, calc(100vh - 2em)); height: min(38em, calc(100dvh - 2em)); padding: 0; overflow: hidden; border: 1px solid #5f686d; border-radius: 6px; background: #fff; box-shadow: 0 4px 24px #0005; }
    dialog[open] { display: flex; flex-direction: column; }
    header { display: flex; gap: 1em; align-items: center; justify-content: space-between; padding: 0.5em 0.5em 0.5em 1em; background: #00357a; }
    h2 { font-weight: 700; font-size: 1.125em; color: #fff; }
    h2:focus { outline: none; }
    .close { background: none; border-color: #fff; color: #fff; }
    header :focus-visible { outline-color: #fff; box-shadow: none; }
    .log { position: relative; flex: 1; overflow-y: auto; padding: 1em; display: flex; flex-direction: column; gap: 0.75em; overflow-wrap: anywhere; }
    .log:focus-visible { outline-offset: -3px; box-shadow: none; }
    .message { max-width: 90%; padding: 0.625em 0.875em; border-radius: 6px; border: 1px solid #c9cdcf; background: #f7f7f8; align-self: flex-start; }
    .you { align-self: flex-end; background: #235a9a; border-color: #235a9a; color: #fff; }
    .message > * + p, .message > * + ul { margin-top: 0.5em; }
    .hidden + p, .hidden + ul { margin-top: 0 !important; }
    ul { padding-left: 1.25em; }
    strong { font-weight: 700; }
    a { color: #235a9a; text-decoration: underline; text-underline-offset: 0.2em; }
    .message:has(> a.go) { padding: 0; border: 0; background: none; }
    a.go { display: inline-block; text-decoration: none; }
    .buttons { display: flex; flex-wrap: wrap; gap: 0.5em; }
    .status { min-height: 1.5em; padding: 0 1em; color: #5f686d; font-size: 0.9375em; }
    form { padding: 0 1em calc(1em + env(safe-area-inset-bottom)); }
    label { display: block; padding-bottom: 0.25em; font-weight: 600; }
    .line { display: flex; gap: 0.5em; align-items: stretch; }
    textarea { flex: 1; min-width: 0; padding: 0.5em; border: 2px solid #5f686d; border-radius: 4px; background: #fff; resize: none; }
    @media (max-width: 40em) { dialog { inset: 0; width: 100%; max-width: none; height: 100vh; height: 100dvh; max-height: none; border: 0; border-radius: 0; } }
    @media print { .widget { display: none; } }`;
  const host = make("div", {});
  const shadow = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
  } catch { // browsers of 2022 and before
    shadow.append(make("style", {}, STYLE));
  }
  speak(language);
  shadow.append(region);
  document.body.append(host);
})();
