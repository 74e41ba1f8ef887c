// @ts-check
// One batch, from its submission to its files.
import { actionButtons, verifyNote } from "./actions.js";
import { batchPath, download, get } from "./api.js";
import { button, el, fill, tell } from "./dom.js";
import { errorList } from "./errors.js";
import { eventLog } from "./events.js";
import { fileList, orderList } from "./orders.js";
import { follow } from "./stream.js";
import { advice, countsSentence, doneOf, isEnded, ordersOf, sentences, some, speedSentence, stateClass, stateWords, throttleSentence, time, titleOf } from "./words.js";

const listPeriod = 5000;
const waitsForSignIn = "The session with the system has ended. The batch goes on by itself as soon as there are fresh cookies; see above.";

/** @param {any} batch */
function reasonWords({ reason, state }) {
  if (reason.code === "session_expired") return waitsForSignIn;
  return sentences(reason.message, state === "blocked" ? "This is tried again by itself." : advice(reason.next_step));
}

/** @param {HTMLElement} place @param {string} id */
export function batchView(place, id) {
  /** @type {any} */
  let batch = null;
  let close = () => {};
  let gone = false;
  let listsAt = 0;
  let shownTop = "";
  const title = el("h1", { tabindex: "-1" }, "Batch");
  const top = el("div");
  const bar = el("progress", { "aria-label": "Orders looked at" });
  const told = el("div");
  const errors = errorList(id, load);
  const orders = orderList(id);
  const files = fileList(id);
  const log = eventLog();
  const about = el("section");
  const progress = el("section", { class: "card" }, bar, told);

  async function load() {
    const got = await get(batchPath(id));
    if (gone) return;
    batch = got;
    show();
    lists(true);
    if (!isEnded(batch) && close === none) close = follow(batchPath(id, "/events"), take, () => {});
  }
  const none = close;

  /** What is below is asked for now and then; never where somebody is at work in it. @param {boolean} [all] */
  function lists(all = false) {
    if (!all && Date.now() - listsAt < listPeriod) return;
    listsAt = Date.now();
    for (const each of [orders, files]) {
      const busy = each.place.contains(document.activeElement) || each.place.querySelector("[aria-expanded=true]");
      if (!busy || (all && isEnded(batch) && !each.place.querySelector("[aria-expanded=true]"))) each.load().catch(() => {});
    }
    errors.load(batch).catch(() => {});
  }

  /** @param {string} name @param {any} data */
  function take(name, data) {
    log.take(name, data);
    if (name === "snapshot") batch = data;
    else if (name === "progress") batch.totals = data.totals, batch.progress = data;
    else if (name === "throttled") batch.throttled = batch.throttled.filter((/** @type {any} */ each) => each.host !== data.host).concat(data.over ? [] : [data]);
    if (name === "batch" && data.state !== batch.state) tell(`${titleOf(batch)}: ${stateWords[data.state]}.`);
    if (name === "batch" || name === "end" || name === "reset") return load().catch(tell);
    if (name === "po") return lists();
    showSoon();
  }

  let drawing = false;
  function showSoon() {
    if (!drawing) requestAnimationFrame(() => (drawing = false, gone || show()));
    drawing = true;
  }

  function show() {
    if (isEnded(batch)) close(), (close = none);
    document.title = `${titleOf(batch)}: ${stateWords[batch.state]} - pofetch`;
    title.textContent = titleOf(batch);
    const { state, reason, verify, sign_in, desired } = batch;
    const news = JSON.stringify([state, reason, verify, sign_in, desired]);
    if (news !== shownTop) showTop();
    shownTop = news;
    bar.max = ordersOf(batch) || 1;
    bar.value = doneOf(batch);
    fill(told, el("p", { class: "counts" }, countsSentence(batch)), el("p", {}, speedSentence(batch)),
      batch.throttled.map((/** @type {any} */ each) => el("p", { class: "notice" }, throttleSentence(each))));
    showAbout();
  }

  function showTop() {
    const inside = top.contains(document.activeElement);
    fill(top, el("p", {}, el("span", { class: stateClass(batch.state) }, stateWords[batch.state])),
      batch.reason && el("p", { class: `notice ${batch.state === "failed" ? "bad" : "warn"}` }, reasonWords(batch)),
      batch.sign_in && !batch.reason && el("p", { class: "notice warn" }, waitsForSignIn),
      verifyNote(batch), actionButtons(batch, load));
    if (inside) (top.querySelector("button") || title).focus();
  }

  function showAbout() {
    const { list } = batch;
    const rows = [some(list.rows, "row"), list.repeated > 0 && `${list.repeated} repeated`, list.invalid > 0 && `${list.invalid} without an order number`];
    const facts = [["Number of the batch", batch.id], ["System", batch.profile], ["List", list.rows > 0 ? rows.filter(Boolean).join(", ") : "not read yet"],
      ["Submitted", time(batch.created_at)], ["Started", time(batch.started_at)], ["Ended", time(batch.finished_at)],
      ["Is deleted by itself", time(batch.expires_at)], ["Labels", batch.labels.join(", ")],
      ["Options", Object.entries(batch.options).map(([name, value]) => `${name}: ${value}`).join("; ")]];
    fill(about, el("h2", {}, "About this batch"), el("dl", { class: "about" },
      facts.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))));
  }

  const report = el("section", {}, el("h2", {}, "Report"), el("p", { class: "hint" }, "A row for each row of your list, in the same order."),
    el("div", { class: "buttons" }, [["xlsx", "Excel"], ["csv", "CSV"], ["json", "JSON"], ["jsonl", "JSON Lines"]].map(([format, words]) =>
      button(words, () => download(batchPath(id, `/report?format=${format}`), `report-${id}.${format}`), { "aria-label": `Download the report as ${words}` }))));

  fill(place, el("p", { class: "back" }, el("a", { href: "#/" }, "All batches")), title, top, progress, errors.place, orders.place, files.place, report, log.place, about);
  load().catch((error) => fill(top, el("p", { class: "notice bad" }, error.message)));
  return {
    /** Of an ended batch there is no stream: somebody else may retry it. */
    async tick() {
      if (!batch || !isEnded(batch)) return;
      const { revision } = await get(batchPath(id));
      if (revision !== batch.revision) await load();
    },
    stop() {
      gone = true;
      close();
    },
  };
}
