// @ts-check
// The list of batches, by state.
import { get, may } from "./api.js";
import { button, el, fill, row, table } from "./dom.js";
import { service } from "./head_line.js";
import { follow } from "./stream.js";
import { count, doneOf, ordersOf, stateClass, stateWords, time, titleOf } from "./words.js";

const page = 50;
const columns = ["~Batch", "State", "-Failed", "-System", "-Submitted"];

/** @param {HTMLElement} place @param {URLSearchParams} query */
export function batchesView(place, query) {
  const state = query.get("state") || "";
  /** @type {Map<string, any>} */
  const known = new Map();
  /** @type {string | null} */
  let next = null;
  let loading = 0;
  const tabs = el("ul", { class: "tabs" });
  const list = el("div");

  /** @param {string | null} [cursor] */
  async function load(cursor) {
    const mine = ++loading;
    const asked = new URLSearchParams({ limit: String(page), ...(state && { state }), ...(cursor && { cursor }) });
    const got = await get(`v1/batches?${asked}`);
    if (mine !== loading) return;
    if (!cursor) known.clear();
    for (const each of got.items) known.set(each.id, each);
    next = got.next_cursor;
    show();
  }

  function showTabs() {
    const counts = service()?.batches || {};
    const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
    const seen = Object.keys(stateWords).filter((each) => counts[each] > 0 || each === state);
    const text = JSON.stringify([counts, seen]);
    if (tabs.dataset.shown === text) return;
    tabs.dataset.shown = text;
    const tab = (/** @type {string} */ name, /** @type {string} */ words, /** @type {number} */ number) =>
      el("li", {}, el("a", { href: name ? `#/?state=${name}` : "#/", "aria-current": name === state && "page" }, `${words} (${count(number || 0)})`));
    fill(tabs, tab("", "All", all), seen.map((each) => tab(each, stateWords[each], counts[each])));
  }

  function show() {
    showTabs();
    if (known.size === 0) return fill(list, nothing(state));
    const focus = document.activeElement?.getAttribute("data-id");
    fill(list, table("Batches", columns, [...known.values()].map(batchRow)),
      next && button("Show older ones", () => load(next)));
    if (focus) /** @type {HTMLElement} */ (list.querySelector(`[data-id="${CSS.escape(focus)}"]`))?.focus();
  }

  let drawing = false;
  /** Once a frame is enough, however much happens. */
  function showSoon() {
    if (!drawing) requestAnimationFrame(() => (drawing = false, show()));
    drawing = true;
  }
  /** @type {number | undefined} */
  let reloading;
  function reloadSoon() {
    clearTimeout(reloading);
    reloading = setTimeout(() => load().catch(() => {}), 500);
  }

  /** @param {string} name @param {any} data */
  function take(name, data) {
    const batch = known.get(data.batch);
    if (name === "reset" || name === "shutdown") return reloadSoon();
    if (name === "snapshot" && batch) known.set(data.batch, data);
    else if (name === "progress" && batch) batch.totals = data.totals, batch.progress = data;
    else if (name === "batch" && batch && !state) batch.state = data.state, batch.reason = data.reason;
    else if (name === "batch") return reloadSoon();
    showSoon();
  }

  fill(place, el("div", { class: "title" }, el("h1", { tabindex: "-1" }, "Batches"),
    may("submit") && el("a", { class: "button primary", href: "#/new" }, "New batch")),
  el("nav", { "aria-label": "Batches by state" }, tabs), list);
  load().then(() => follow("v1/events", take, (live) => live && reloadSoon()), (error) => fill(list, el("p", { class: "notice bad" }, error.message)));
  return { tick: showTabs, stop: () => clearTimeout(reloading) };
}

/** @param {string} state */
function nothing(state) {
  if (state) return el("p", { class: "empty" }, "No batch is in this state.");
  return el("p", { class: "empty" }, "There are no batches yet. ",
    may("submit") ? el("a", { href: "#/new" }, "Submit the first list of purchase orders.") : "Somebody with the right to submit has to send a list first.");
}

/** @param {any} batch */
function batchRow(batch) {
  const all = ordersOf(batch);
  const states = batch.totals.by_status;
  const done = doneOf(batch);
  return row(columns, [
    el("a", { href: `#/batch/${batch.id}`, "data-id": batch.id }, titleOf(batch)),
    [el("span", { class: stateClass(batch.state) }, stateWords[batch.state]), el("div", { class: "small" },
      el("progress", { max: all || 1, value: done, "aria-label": "Orders looked at" }), ` ${count(done)} of ${count(all)}`)],
    count(states.FAILED + states.PARTIAL + states.NOT_FOUND), batch.profile, time(batch.created_at)]);
}
