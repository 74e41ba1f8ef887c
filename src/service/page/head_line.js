// @ts-check
// What the service does just now, and whether somebody has to sign in. Asked for every few seconds while the page is seen.
import { Refusal, get, may, request, setScopes } from "./api.js";
import { confirm } from "./confirm.js";
import { button, el, field, fill, tell } from "./dom.js";
import { bytes, count, duration, since, some, time } from "./words.js";

const period = 5000;
/** @type {number | undefined} */
let timer;
/** @type {any} */
let now = null;
let shown = "";

/** The last answer of v1/version. */
export const service = () => now;

/**
 * Asks once, then again and again. Throws what the first request throws.
 * @param {() => void} [changed]  after each look
 */
export async function watchService(changed) {
  clearTimeout(timer);
  now = await get("v1/version");
  setScopes(now.scopes);
  show(now, (await get("v1/profiles")).items);
  const look = async () => {
    try {
      if (!document.hidden) await watchService(changed), changed?.();
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return; // the page asks for a token
      show(null, []);
      timer = setTimeout(look, period);
    }
  };
  clearTimeout(timer);
  timer = setTimeout(look, period);
  document.onvisibilitychange = () => {
    if (!document.hidden) clearTimeout(timer), look();
  };
}

export function stopWatching() {
  clearTimeout(timer);
  document.onvisibilitychange = null;
  shown = "";
  place().hidden = true;
}

const place = () => /** @type {HTMLElement} */ (document.getElementById("head"));

/** @param {string} name @param {string} value @param {string} [kind] */
const fact = (name, value, kind) => el("div", { class: kind }, el("dt", {}, name), el("dd", {}, value));

/** @param {any} state @param {any[]} profiles */
function show(state, profiles) {
  const news = JSON.stringify([state, profiles]);
  place().hidden = false;
  if (news === shown) return; // nothing is drawn anew below somebody's finger
  shown = news;
  if (!state) return fill(place(), el("p", { class: "notice bad" }, "The service cannot be reached just now; this is tried again by itself."));
  const { batches, disk } = state;
  const full = disk.free_bytes < disk.min_free_bytes;
  fill(place(), el("dl", { class: "facts" },
    fact("Running", count(batches.running + batches.pausing)),
    fact("Waiting", count(batches.queued) + (state.oldest_queued_at ? `, for ${since(state.oldest_queued_at)}` : "")),
    fact("Held up", count(batches.blocked), batches.blocked > 0 ? "warn" : ""),
    fact("Speed", batches.running > 0 ? `${bytes(state.bytes_per_second)}/s` : "at rest"),
    fact("Disk", `${bytes(disk.free_bytes)} free`, full ? "warn" : ""),
    fact("Sign-in", profiles.some((each) => each.sign_in === "needed") ? "needed" : "all right")),
  full && el("p", { class: "notice warn" }, "The disk is nearly full: no new batches are taken until there is room again. Delete old batches, or ask whoever runs this service."),
  profiles.filter((each) => each.sign_in === "needed").map(signIn),
  profiles.length > 0 && systems(profiles));
}

/** @param {any} profile */
function signIn(profile) {
  const what = profile.kind === "web"
    ? "The session has ended. Sign in with your browser as usual, export its cookies, and give them here; what waits goes on by itself."
    : "Its access was refused. Whoever runs this service has to look at the client id and secret of this profile.";
  return el("p", { class: "notice warn" }, el("strong", {}, `${profile.name}: sign-in needed. `), what, " ",
    profile.kind === "web" && (may("admin") ? cookieButton(profile) : "Ask an administrator of this service to do it."));
}

/** @param {any[]} profiles */
function systems(profiles) {
  const open = place().querySelector("details")?.open;
  return el("details", { open: open === true }, el("summary", {}, "Systems that orders are fetched from"),
    el("ul", {}, profiles.map((each) => el("li", {}, el("strong", {}, each.name), ` ${each.base_url} `,
      el("span", { class: "quiet" }, each.kind === "api" ? "by its API" : each.kind === "web" ? "by its web pages" : "by a list of addresses",
        each.renewed_at ? `, signed in ${time(each.renewed_at)}` : ""), " ",
      each.kind === "web" && each.sign_in !== "needed" && may("admin") && cookieButton(each)))));
}

/** @param {any} profile */
const cookieButton = (profile) => button("Give fresh cookies", () => giveCookies(profile));

/** @param {any} profile */
async function giveCookies(profile) {
  const given = await confirm({
    title: `Fresh cookies for ${profile.name}`, action: "Use these cookies",
    text: `Cookies of ${profile.base_url} as your browser exports them: cookies.txt or JSON. They are not shown again to anybody.`,
    parts: [field("A file", el("input", { type: "file", name: "file", accept: ".txt,.json" })),
      field("or the text itself", el("textarea", { name: "text", rows: "4", autocomplete: "off", spellcheck: "false" }))],
  });
  if (!given) return;
  const file = /** @type {File} */ (given.get("file"));
  const text = file.size > 0 ? await file.text() : String(given.get("text"));
  const type = /^\s*[[{]/.test(text) ? "application/json" : "text/plain";
  await request(`v1/profiles/${encodeURIComponent(profile.name)}/session`, { method: "PUT", body: text, type });
  tell(`The cookies of ${profile.name} are in use.`);
}
