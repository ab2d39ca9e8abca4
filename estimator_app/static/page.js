// Completes what Streamlit leaves out: the page's language, landmarks, accessible names and words in Finnish and Swedish.
// The server says the language in `.page-facts` (app.py); the words come from the catalogs (page_texts.py).

const TEXTS = JSON.parse(document.querySelector("script[data-texts]").dataset.texts);
const ROOT = new URL("./", import.meta.url).href;

// Streamlit's words are only looked for in its own controls, never in what the pages say.
const CHROME = [
  "[data-testid=stSelectbox]", "[data-testid=stMultiSelect]", "[data-testid=InputInstructions]", "[data-testid=stDialog]",
  "[data-testid=stStatusWidget]", "[data-testid=stConnectionStatus]", "[data-baseweb=popover]", "[data-baseweb=menu]",
  "[data-testid=stTooltipContent]", "[role=dialog]",
].join(",");
const SPOKEN = ["aria-label", "title", "placeholder", "aria-roledescription"];

let texts = TEXTS.fi;
let page = null;
let headingIsDue = false;

function refresh() {
  const facts = [...document.querySelectorAll(".page-facts")].pop();
  const language = facts?.dataset.language ?? document.documentElement.lang;
  texts = TEXTS[language] ?? TEXTS.fi;
  set(document.documentElement, "lang", language);
  addSkipLink();
  nameLandmarks();
  markCurrentLinks(language, facts?.dataset.page);
  nameControls();
  translateWords();
  translateDialogs();
  hideIconWords();
  followPage(facts?.dataset.page);
}

function set(element, name, value) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function nameLandmarks() {
  set(document.querySelector(".stMain"), "role", "main");
  set(document.querySelector(".stMain"), "tabindex", "0"); // the keyboard scrolls what scrolls
  for (const table of document.querySelectorAll(".stTable")) {
    for (const part of [table, ...table.querySelectorAll("div, table")]) sizes.observe(part);
    const wide = [table, ...table.querySelectorAll("div")].find((part) => part.scrollWidth > part.clientWidth);
    if (!wide || wide.closest("td, th")) continue;
    set(wide, "tabindex", "0");
    set(wide, "role", "group");
    set(wide, "aria-label", texts.names.wide_table);
  }
  for (const [key, role] of [["navigation", "navigation"], ["footer", "navigation"], ["languages", "group"]]) {
    const part = document.querySelector(`.st-key-${key}`);
    set(part, "role", role);
    set(part, "aria-label", texts.names[key]);
  }
  const log = document.querySelector(".st-key-conversation");
  set(log, "role", "log");
  set(log, "aria-live", "polite");
  set(log, "aria-label", texts.names.conversation);
  for (const message of document.querySelectorAll("[data-testid=stChatMessageContent]")) set(message, "role", "group");
}

function markCurrentLinks(language, current) {
  for (const code of Object.keys(TEXTS)) {
    const button = document.querySelector(`.st-key-language_${code} button`);
    set(button, "lang", code);
    if (button) mark(button, code === language, "true");
  }
  for (const link of document.querySelectorAll("[data-testid=stPageLink-NavLink]")) {
    // Streamlit's link to the first page has no path: opened in a new window it would lead to the page it stands on.
    if (link.getAttribute("href").startsWith("?")) link.href = ROOT + link.getAttribute("href");
    mark(link, (new URL(link.href).pathname.slice(new URL(ROOT).pathname.length) || "estimator") === current, "page");
  }
}

function mark(link, isCurrent, value) {
  if (isCurrent) set(link, "aria-current", value);
  else link.removeAttribute("aria-current");
}

function nameControls() {
  for (const input of document.querySelectorAll("[data-testid=stNumberInput]")) {
    const label = labelOf(input);
    set(input.querySelector("[data-testid=stNumberInputStepDown]"), "aria-label", texts.names.less.replace("%", label));
    set(input.querySelector("[data-testid=stNumberInputStepUp]"), "aria-label", texts.names.more.replace("%", label));
  }
  for (const select of document.querySelectorAll("[data-testid=stSelectbox] input")) {
    const label = labelOf(select.closest("[data-testid=stSelectbox]"));
    const name = select.getAttribute("aria-label") ?? "";
    if (name.startsWith("Selected ") && name.endsWith(`. ${label}`)) {
      const value = name.slice("Selected ".length, -`. ${label}`.length);
      set(select, "aria-label", texts.names.chosen.replace("%1", label).replace("%2", value));
    }
  }
  for (const help of document.querySelectorAll("[aria-label^='Help for ']")) {
    set(help, "aria-label", texts.names.help.replace("%", help.getAttribute("aria-label").slice("Help for ".length)));
  }
}

function labelOf(widget) {
  return widget.querySelector("[data-testid=stWidgetLabel]")?.textContent.trim() ?? "";
}

function translateWords() {
  for (const name of SPOKEN) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const ours = texts.words[element.getAttribute(name)];
      if (ours) set(element, name, ours);
    }
  }
  for (const part of document.querySelectorAll(CHROME)) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const ours = texts.words[walker.currentNode.nodeValue.trim()];
      if (ours && walker.currentNode.nodeValue !== ours) walker.currentNode.nodeValue = ours;
    }
  }
}

// The bodies of Streamlit's own dialogs: about a missing page, and about a server that does not answer.
function translateDialogs() {
  for (const dialog of document.querySelectorAll("[role=dialog]")) {
    const [title, body] = dialog.children;
    if (!body || dialog.querySelector("[data-testid=stVerticalBlock]")) continue;
    set(dialog, "aria-label", title.textContent);
    if (!Object.values(texts.names).includes(body.firstElementChild?.textContent)) {
      const missing = /requested/.test(body.textContent);
      setText(body.firstElementChild ?? body, missing ? texts.names.page_missing : texts.names.server_silent);
    }
  }
}

// Changes text in place: React still finds the nodes that it made.
function setText(element, text) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let first = true; walker.nextNode(); first = false) walker.currentNode.nodeValue = first ? text : "";
}

function hideIconWords() {
  for (const icon of document.querySelectorAll("[data-testid^=stIcon], [data-testid^=stExpanderIcon], svg:not([role])")) set(icon, "aria-hidden", "true");
  for (const icon of document.querySelectorAll("[data-testid=stIconMaterial], [data-testid^=stExpanderIcon]")) set(icon, "data-icon", icon.textContent);
}

function addSkipLink() {
  let link = document.querySelector(".skip-link");
  if (!link) {
    link = document.createElement("a");
    link.className = "skip-link";
    link.href = "#root";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      focusHeading();
    });
    document.body.prepend(link);
  }
  if (link.textContent !== texts.names.skip) link.textContent = texts.names.skip;
}

// On another page the reading begins at its heading, once that is there; a reload begins at the top as everywhere.
function followPage(current) {
  if (!current) return;
  if (page !== null && page !== current) headingIsDue = true;
  page = current;
  const drawn = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
  if (!headingIsDue || !drawn || document.querySelector(".stMain h1")?.closest("[data-stale=true]")) return;
  headingIsDue = false;
  if (!document.activeElement?.matches("input, textarea")) focusHeading();
}

function focusHeading() {
  const heading = document.querySelector(".stMain h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

// Streamlit reloads on R and clears on C pressed anywhere; someone dictating or resting a hand would trigger them (WCAG 2.1.4).
function stopShortcuts(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
  if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && ["r", "c"].includes(event.key.toLowerCase())) event.stopImmediatePropagation();
}

let waiting = false;
function refreshSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    refresh();
  });
}

// A table can become too wide without any change in the page: its letters arrive late, a phone is turned.
const sizes = new ResizeObserver(refreshSoon);
new MutationObserver(refreshSoon).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...SPOKEN, "lang", "role", "tabindex", "data-language", "data-page", "data-test-script-state"] });
for (const kind of ["keydown", "keypress", "keyup"]) window.addEventListener(kind, stopShortcuts, { capture: true });
refresh();
