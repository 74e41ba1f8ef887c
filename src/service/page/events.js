// @ts-check
// What happens in a batch, line by line; can be stopped for reading.
import { eventWords } from "./errors.js";
import { button, el, fill } from "./dom.js";
import { some } from "./words.js";

const most = 200;

export function eventLog() {
  const list = el("ol", { class: "events" });
  const empty = el("p", { class: "empty" }, "Nothing since this page was opened.");
  const note = el("p", { class: "hint" });
  /** @type {string[]} */
  let held = [];
  let stopped = false;
  let drawing = false;
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

  function draw() {
    drawing = false;
    note.textContent = stopped && held.length > 0 ? `${some(held.length, "new line")} since you stopped it.` : "";
    if (stopped || held.length === 0) return;
    empty.hidden = true;
    const lines = held.map((each) => el("li", {}, each)).reverse();
    held = [];
    list.prepend(...lines);
    while (list.children.length > most) list.lastElementChild.remove();
  }

  /** @param {string} name @param {any} data */
  function take(name, data) {
    const words = eventWords(name, data);
    if (!words) return;
    held.push(`${clock.format(new Date())}  ${words}`);
    if (held.length > most) held.shift();
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
  }

  const stop = button("Stop the list", () => {
    stopped = !stopped;
    fill(stop, stopped ? "Let it go on" : "Stop the list");
    draw();
  });
  const place = el("section", {}, el("h2", {}, "What happens"), el("div", { class: "buttons" }, stop), note,
    el("section", { class: "scroll tall", "aria-label": "What happens, newest first", tabindex: "0" }, empty, list));
  return { place, take };
}
