// @ts-check
// Makes elements. Whatever comes from outside becomes text, never markup.

/** @typedef {Node | string | number | null | undefined | false} Part */

/**
 * An element. A property that begins with `on` is a listener; one that is false or missing is left out.
 * @param {string} name
 * @param {Record<string, any>} [properties]
 * @param {...(Part | Part[])} parts
 * @returns {any}
 */
export function el(name, properties = {}, ...parts) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  fill(made, ...parts);
  return made;
}

/**
 * Puts these in place of what is there.
 * @param {Element} into
 * @param {...(Part | Part[])} parts
 */
export function fill(into, ...parts) {
  const wanted = parts.flat().filter((part) => part !== null && part !== undefined && part !== false);
  into.replaceChildren(...wanted.map((part) => (part instanceof Node ? part : String(part))));
}

/**
 * A button; it is off while what it does is under way.
 * @param {string} label
 * @param {() => any} act
 * @param {Record<string, any>} [properties]
 */
export function button(label, act, properties = {}) {
  const made = el("button", { type: "button", ...properties }, label);
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-disabled") === "true") return;
    made.setAttribute("aria-disabled", "true");
    try {
      await act();
    } catch (error) {
      tell(error);
    } finally {
      made.removeAttribute("aria-disabled");
    }
  });
  return made;
}

/** @type {Record<string, string>} */
const kinds = { "#": "number", "-": "wide", "~": "free" };

/**
 * A table with a name; on narrow screens it can be pushed sideways, also with the keyboard.
 * @param {string} name
 * @param {string[]} columns  a column that begins with # holds numbers, one with ~ long words, one with - is not seen where it is narrow
 * @param {Node[]} rows
 */
export function table(name, columns, rows) {
  const heads = columns.map((column) => {
    const kind = kinds[column[0]];
    return el("th", { scope: "col", class: kind }, kind ? column.slice(1) : column);
  });
  return el("section", { class: "scroll", "aria-label": name, tabindex: "0" },
    el("table", {}, el("caption", {}, name), el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows)));
}

/**
 * A row of it: what begins with a node or text a cell.
 * @param {string[]} columns
 * @param {(Part | Part[])[]} cells
 */
export function row(columns, cells) {
  return el("tr", {}, cells.map((cell, at) => {
    const kind = kinds[columns[at][0]];
    const parts = Array.isArray(cell) ? cell : [cell];
    return at === 0 ? el("th", { scope: "row", class: kind }, ...parts) : el("td", { class: kind }, ...parts);
  }));
}

/**
 * A field with its label.
 * @param {string} label
 * @param {HTMLElement} input
 * @param {string} [hint]
 */
export function field(label, input, hint) {
  const id = input.id || `f${++made}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return el("div", { class: "field" }, el("label", { for: id }, label), input,
    hint && el("p", { class: "hint", id: `${id}-hint` }, hint));
}
let made = 0;

/** The one place where the page speaks up. @param {unknown} what */
export function tell(what) {
  const place = /** @type {HTMLElement} */ (document.getElementById("said"));
  const bad = what instanceof Error;
  if (bad && what.name === "AbortError") return;
  place.className = bad ? "bad" : "good";
  place.textContent = bad ? what.message : String(what);
}
