// @ts-check
// Questions before something is done: a dialog of the browser, so that focus and Escape work as people expect.
import { el } from "./dom.js";

/**
 * @param {{title: string, text?: string, action: string, danger?: boolean, parts?: Node[]}} what
 * @returns {Promise<FormData | null>}  null: they thought better of it
 */
export function confirm({ title, text, action, danger = false, parts = [] }) {
  return new Promise((resolve) => {
    /** @type {FormData | null} */
    let given = null;
    const form = el("form", { onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      given = new FormData(form);
      dialog.close();
    } },
    el("h2", { id: "question" }, title), text && el("p", {}, text), parts,
    el("div", { class: "buttons" },
      el("button", { type: "submit", class: danger ? "danger" : "primary" }, action),
      el("button", { type: "button", autofocus: danger, onclick: () => dialog.close() }, "Not now")));
    const dialog = el("dialog", { "aria-labelledby": "question", onclose: () => {
      dialog.remove();
      resolve(given);
    } }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}
