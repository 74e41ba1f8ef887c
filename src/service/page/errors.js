// @ts-check
// What went wrong, by cause, each with the one button that retries exactly those.
import { batchPath, get } from "./api.js";
import { mayRetry, retry } from "./actions.js";
import { button, el, fill, row, table } from "./dom.js";
import { advice, count, shortMessage, some } from "./words.js";

const columns = ["~Cause", "#Orders", "~What to do"];
/** Words for the codes that are seen most; the others have those of the service. @type {Record<string, string>} */
const causes = {
  timeout: "No answer in time", connection: "The system could not be reached", tls: "The connection is not trusted",
  http_404: "The file is no longer there", http_403: "This user may not see the file", rate_limited: "The system was too busy",
  truncated: "The file broke off, again and again", digest_mismatch: "The file was damaged on the way",
  unexpected_content: "Something else came in place of the file", too_large: "The file is larger than allowed",
  blocked_redirect: "The file lies on a server that is not allowed", session_expired: "Nobody is signed in",
  not_found: "There is no such order, or this user may not see it", disk_full: "The disk of the service is full",
  input: "The row has no usable order number",
};
/** @param {any} group */
const causeOf = (group) => causes[group.code] || group.meaning;
/** @param {any} group */
function stepOf(group) {
  if (/^http_4/.test(group.code)) return "Open the address in a browser and see what it says; then retry here.";
  if (/^http_5/.test(group.code)) return "The system has trouble of its own: retry here later.";
  return advice(group.next_step) || "See the messages of the orders.";
}

/** @param {string} id @param {() => Promise<any>} changed */
export function errorList(id, changed) {
  const place = el("section", { hidden: true });
  let shown = "";

  /** @param {any} batch */
  async function load(batch) {
    const { items } = await get(batchPath(id, "/errors"));
    const able = mayRetry(batch);
    const news = JSON.stringify([items, able]);
    if (news === shown) return;
    shown = news;
    place.hidden = items.length === 0;
    fill(place, el("h2", {}, "What went wrong"), table("Errors by cause", columns, items.map((/** @type {any} */ each) => errorRow(each, able))),
      !able && el("p", { class: "hint" }, "They can be retried when the batch has ended."));
  }

  /** @param {any} group @param {boolean} able */
  function errorRow(group, able) {
    const again = able && button(`Retry these ${count(group.count)}`, async () => {
      if (await retry(id, { error_codes: [group.code] }, causeOf(group))) await changed();
    }, { "aria-label": `Retry these ${count(group.count)}: ${causeOf(group)}` });
    const examples = el("details", {}, el("summary", {}, "Examples"), el("ul", { class: "examples" },
      group.examples.map((/** @type {any} */ each) => el("li", {}, el("strong", {}, each.po_number), ` ${shortMessage(each.message, each.po_number)}`))));
    return row(columns, [[causeOf(group), el("span", { class: "code" }, group.code)], count(group.count),
      [el("p", {}, stepOf(group)), again, examples]]);
  }
  return { place, load };
}

/** What the log says of an event; empty: nothing. @param {string} name @param {any} data */
export function eventWords(name, data) {
  if (name === "po" && data.error) return `Order ${data.po_number}: ${data.error.message}`;
  if (name === "po") return `Order ${data.po_number}: ${data.attachments_found === 0 ? "no attachments" : `${data.attachments_downloaded} of ${some(data.attachments_found, "file")}`}`;
  if (name === "notice") return data.text;
  if (name === "throttled") return data.over ? `${data.host} is as quick as before again.` : `${data.host} is busy; we go more slowly.`;
  if (name === "sign_in") return data.needed ? `Sign-in needed. ${data.advice}` : "Signed in again.";
  return "";
}
