// @ts-check
// The page: which view is seen, and who is looking.
import { Refusal, hasToken, may, setToken } from "./api.js";
import { batchView } from "./batch_view.js";
import { batchesView } from "./batches_view.js";
import { button, el, field, fill, tell } from "./dom.js";
import { stopWatching, watchService } from "./head_line.js";
import { closeStream } from "./stream.js";
import { submitView } from "./submit_view.js";

/** @type {{tick: () => any, stop: () => void} | null} */
let view = null;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const menu = /** @type {HTMLElement} */ (document.getElementById("menu"));

function leave() {
  view?.stop();
  view = null;
  closeStream();
}

/** Shows what the address names. @param {boolean} moved  somebody went there, so the focus goes along */
function show(moved) {
  leave();
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  const [, kind, id] = path.split("/");
  document.title = kind === "new" ? "New batch - pofetch" : "Batches - pofetch";
  showMenu(kind);
  if (kind === "batch" && id) view = batchView(main, /^\w+$/.test(id) ? id : "unknown");
  else if (kind === "new" && may("submit")) view = submitView(main);
  else view = batchesView(main, new URLSearchParams(query));
  if (moved) main.querySelector("h1")?.focus();
}

/** @param {string} kind */
function showMenu(kind) {
  fill(menu, el("a", { href: "#/", "aria-current": !kind && "page" }, "Batches"),
    may("submit") && el("a", { href: "#/new", "aria-current": kind === "new" && "page" }, "New batch"),
    hasToken() && button("Forget the token", () => (setToken(""), askForToken()), { class: "link" }));
}

/** @param {string} [why] */
function askForToken(why) {
  leave();
  stopWatching();
  fill(menu);
  document.title = "Token needed - pofetch";
  const input = el("input", { type: "password", autocomplete: "off", required: true, id: "token" });
  const form = el("form", { class: "card", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    setToken(input.value.trim());
    start(true);
  } }, el("h1", {}, "Who are you?"), el("p", {}, "This service wants a token. Whoever runs it has one for you."), why && el("p", { class: "notice bad" }, why),
  field("Token", input, "It is kept until you close this tab, and sent to this service only."),
  el("div", { class: "buttons" }, el("button", { type: "submit", class: "primary" }, "Go on")));
  fill(main, form);
  input.focus();
}

/** @param {boolean} moved */
async function start(moved) {
  try {
    await watchService(() => view?.tick());
    show(moved);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return askForToken(hasToken() ? "This token is not known here." : "");
    if (error instanceof Refusal && error.status === 403) return askForToken("This token does not allow to look at batches.");
    fill(main, el("h1", {}, "Not reachable"), el("p", { class: "notice bad" }, /** @type {Error} */ (error).message), button("Try again", () => start(true)));
    tell(error);
  }
}

addEventListener("hashchange", () => show(true));
addEventListener("token-needed", () => view && askForToken("The token is not accepted any more."));
start(false);
