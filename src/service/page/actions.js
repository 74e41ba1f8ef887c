// @ts-check
// What can be done with a batch as a whole, each thing after a question where it cannot be taken back.
import { batchPath, may, post, request } from "./api.js";
import { confirm } from "./confirm.js";
import { button, el, tell } from "./dom.js";
import { some, titleOf } from "./words.js";

/** As the service allows them. @type {Record<string, string[]>} */
const allowed = {
  queued: ["pause", "cancel", "delete"], running: ["pause", "cancel"], pausing: ["resume", "cancel"],
  paused: ["resume", "cancel", "verify", "delete"], blocked: ["pause", "resume", "cancel"],
  failed: ["resume", "retry", "verify", "delete"], completed: ["verify", "delete"], incomplete: ["retry", "verify", "delete"],
  cancelled: ["verify", "delete"],
};
export const mayRetry = (/** @type {any} */ batch) => may("submit") && ["completed", "incomplete", "failed"].includes(batch.state);

/**
 * Buttons for what can be done now.
 * @param {any} batch @param {() => Promise<any>} changed
 */
export function actionButtons(batch, changed) {
  const path = (/** @type {string} */ rest) => batchPath(batch.id, rest);
  /** @type {Record<string, () => any>} */
  const acts = {
    pause: async () => {
      await post(path("/pause"));
      tell("The batch is paused as soon as what is at work has ended.");
    },
    resume: async () => {
      await post(path("/resume"));
      tell("The batch goes on.");
    },
    cancel: async () => {
      const title = `Cancel ${titleOf(batch)}?`;
      const text = "It cannot be resumed afterwards. What is saved already stays.";
      if (!(await confirm({ title, text, action: "Cancel the batch", danger: true }))) return false;
      await post(path("/cancel"));
      tell("The batch is cancelled.");
    },
    verify: async () => {
      await post(path("/verify"));
      tell("All files of the batch are read again; the result comes to stand here.");
    },
    retry: () => retry(batch.id, {}, "All that failed, were not found or have files missing are fetched again"),
    delete: () => remove(batch),
  };
  const words = { pause: "Pause", resume: "Resume", cancel: "Cancel", verify: "Check the files", retry: "Retry all that failed", delete: "Delete" };
  const wanted = allowed[batch.state].filter((each) => may(each === "delete" ? "admin" : "submit"));
  const made = wanted.map((each) => button(/** @type {any} */ (words)[each], async () => {
    const done = await acts[each]();
    if (done !== false && each !== "delete") await changed();
  }, { class: each === "delete" || each === "cancel" ? "danger quietly" : "" }));
  return el("div", { class: "buttons", role: "group", "aria-label": "What can be done with the batch" }, made);
}

/** @param {any} batch */
async function remove(batch) {
  const option = (/** @type {string} */ value, /** @type {string} */ words, /** @type {boolean} */ checked) =>
    el("div", { class: "choice" }, el("input", { type: "radio", name: "files", id: `files-${value}`, value, checked }), el("label", { for: `files-${value}` }, words));
  const files = el("fieldset", {}, el("legend", {}, "Its files"),
    option("keep", "Keep them on the server, in the folder kept", true), option("delete", "Delete them, too", false));
  const given = await confirm({
    title: `Delete ${titleOf(batch)}?`, action: "Delete the batch", danger: true, parts: [files],
    text: "The batch, its report and what is known of its orders are gone then.",
  });
  if (!given) return;
  await request(`${batchPath(batch.id)}?files=${given.get("files")}`, { method: "DELETE" });
  tell("The batch is deleted.");
  location.hash = "#/";
}

/**
 * Asks how many it would be, then the person, then does exactly that. False: they thought better of it.
 * @param {string} id @param {Record<string, any>} which @param {string} words
 */
export async function retry(id, which, words) {
  const path = batchPath(id, "/retry");
  const { matched } = await post(path, { ...which, dry_run: true });
  if (matched === 0) return tell("There is nothing left to retry."), true;
  const orders = some(matched, "order");
  const yes = await confirm({ title: `Retry ${orders}?`, text: `${words}. What is saved already stays as it is.`, action: `Retry ${orders}` });
  if (!yes) return false;
  const done = await post(path, which);
  tell(`${some(done.matched, "order is", "orders are")} tried again.`);
  return true;
}

/** What came of reading all files again. @param {any} batch */
export function verifyNote(batch) {
  const { verify } = batch;
  if (!verify) return null;
  if (verify.state === "running") return el("p", { class: "notice" }, "All files are being read again.");
  if (verify.state === "failed") return el("p", { class: "notice bad" }, "The files could not be read again. Try it once more, or ask whoever runs this service.");
  if (verify.wrong.length === 0) return el("p", { class: "notice good" }, `${some(verify.checked, "file was", "files were")} read again: all are as they were saved.`);
  return el("div", { class: "notice bad" }, el("p", {}, `Of ${some(verify.checked, "file")}, ${some(verify.wrong.length, "is", "are")} not as saved. A retry fetches them again.`),
    el("ul", {}, verify.wrong.slice(0, 20).map((/** @type {string[] | any} */ each) => el("li", {}, `${each.path ?? each[0]}: ${each.reason ?? each[1]}`))));
}

