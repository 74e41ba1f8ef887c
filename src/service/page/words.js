// @ts-check
// What the API says, in the words of somebody in a purchasing department.

/** @type {Record<string, string>} */
export const stateWords = {
  queued: "Waiting its turn", running: "Running", pausing: "Pausing", paused: "Paused", blocked: "Held up",
  completed: "Complete", incomplete: "With gaps", failed: "Failed", cancelled: "Cancelled",
};
/** @type {Record<string, string>} */
export const statusWords = {
  COMPLETED: "Complete", NO_ATTACHMENTS: "No attachments", PARTIAL: "Some files missing", FAILED: "Failed",
  NOT_FOUND: "Not found", INVALID: "No order number", SKIPPED: "Held back", PENDING: "To do",
};
/** How many of them, within a sentence. @type {Record<string, string>} */
const countWords = {
  COMPLETED: "complete", NO_ATTACHMENTS: "without attachments", PARTIAL: "with files missing", FAILED: "failed",
  NOT_FOUND: "not found", INVALID: "without an order number", SKIPPED: "held back", PENDING: "still to do",
};
/** @type {Record<string, string>} */
const stateClasses = {
  running: "going", pausing: "going", completed: "good", blocked: "warn", incomplete: "warn", failed: "bad",
};

/** @param {any} batch */
export const isEnded = (batch) => ["completed", "incomplete", "failed", "cancelled"].includes(batch.state);
/** @param {string} state */
export const stateClass = (state) => `state ${stateClasses[state] || ""}`;

/** @param {number} value */
export const count = (value) => Number(value).toLocaleString("en");
/** @param {number} value @param {string} one @param {string} [more] */
export const some = (value, one, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;

/** @param {number} value */
export function bytes(value) {
  const units = ["bytes", "KB", "MB", "GB", "TB", "PB"];
  let at = 0;
  while (value >= 1000 && at < units.length - 1) value /= 1000, ++at;
  return `${at > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 90) return some(Math.max(1, Math.round(seconds)), "second");
  if (seconds < 90 * 60) return some(Math.round(seconds / 60), "minute");
  if (seconds < 36 * 3600) return some(Math.round(seconds / 3600), "hour");
  return some(Math.round(seconds / 86400), "day");
}

/** @param {string | null} text */
export const since = (text) => duration((Date.now() - Date.parse(text || "")) / 1000);

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
/** @param {string | null} text */
export const time = (text) => (text ? clock.format(new Date(text)) : "");

/** @param {any} batch */
export const titleOf = (batch) => batch.name || `Batch of ${time(batch.created_at)}`;

/** Orders that the batch has: before its list has been read, the rows that are known. @param {any} batch */
export const ordersOf = (batch) => batch.totals.purchase_orders || batch.list.rows || 0;

/** Those that have been looked at. @param {any} batch */
export function doneOf(batch) {
  if (batch.mode === "plan") return batch.progress.done;
  return batch.totals.purchase_orders ? ordersOf(batch) - batch.totals.by_status.PENDING : 0;
}

/** "37 of 60 orders looked at: 35 complete, 2 failed. 23 still to do." @param {any} batch */
export function countsSentence(batch) {
  const all = ordersOf(batch);
  if (all === 0) return isEnded(batch) ? "No orders were read." : "The list has not been read yet.";
  if (batch.mode === "plan")
    return `${count(doneOf(batch))} of ${some(all, "order")} looked up: ${some(batch.totals.attachments_found, "file")} found. Nothing is fetched.`;
  const states = batch.totals.by_status;
  const parts = Object.keys(countWords).filter((each) => each !== "PENDING" && states[each] > 0)
    .map((each) => `${count(states[each])} ${countWords[each]}`);
  const left = states.PENDING > 0 ? ` ${count(states.PENDING)} still to do.` : "";
  const lead = `${count(doneOf(batch))} of ${some(all, "order")} looked at`;
  return `${lead}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.${left}`;
}

/** Files, speed, and how long it may still take. @param {any} batch */
export function speedSentence(batch) {
  const { totals, progress } = batch;
  const files = `${some(totals.attachments_downloaded, "file")}, ${bytes(totals.bytes)}.`;
  if (batch.state !== "running") return files;
  const pace = [progress.bytes_per_second > 0 && `${bytes(progress.bytes_per_second)}/s`,
    progress.pos_per_minute > 0 && `${some(Math.round(progress.pos_per_minute), "order")} a minute`].filter(Boolean);
  const rest = progress.eta_seconds === null ? "" : ` About ${duration(progress.eta_seconds)} to go.`;
  return `${files}${pace.length > 0 ? ` ${pace.join(", ")}.` : ""}${rest}`;
}

/** @param {any} one */
export function throttleSentence(one) {
  const pause = one.pause_seconds > 0 ? `, after a pause of ${duration(one.pause_seconds)}` : "";
  const rate = one.requests_per_second > 0 ? ` and ${count(Math.round(one.requests_per_second))} requests a second` : "";
  return `${one.host} is busy, so we go more slowly: ${one.in_flight_limit} of ${one.in_flight_most} requests at a ` +
    `time${rate}${pause}. This goes away by itself.`;
}

/** What to do, for somebody who has this page and no command line. @param {string | null | undefined} text */
export const advice = (text) => (text || "").replace(/run the same command again/g, "retry here")
  .replace(/Run the same command again/g, "Retry here");

/** Sentences one behind the other, each with its full stop. @param {...string} all */
export const sentences = (...all) => all.filter(Boolean).map((each) => (/[.!?]$/.test(each) ? each : `${each}.`)).join(" ");

/** A message without the number of the order that it stands beside. @param {string} message @param {string} number */
export const shortMessage = (message, number) => message.replaceAll(`PO ${number}: `, "").replaceAll(`PO ${number}, `, "");
