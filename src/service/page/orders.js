// @ts-check
// Lists of a batch that come in pages: its purchase orders, and its files.
import { batchPath, download, get } from "./api.js";
import { button, el, field, fill, row, table, tell } from "./dom.js";
import { bytes, count, shortMessage, statusWords } from "./words.js";

const page = 15;
const orderColumns = ["Order", "~Status", "#Files", "-Supplier"];
/** @type {Record<string, string>} */
const statusClasses = { COMPLETED: "good", NO_ATTACHMENTS: "good", FAILED: "bad", PARTIAL: "warn", NOT_FOUND: "warn", INVALID: "warn" };

/**
 * A list with buttons for the page before and behind.
 * @param {string} id @param {string} what @param {() => Record<string, string>} filter
 * @param {(items: any[]) => Node} draw
 */
function paged(id, what, filter, draw) {
  /** @type {string[]} */
  let trail = [""];
  const place = el("div");
  async function load() {
    const cursor = trail[trail.length - 1];
    const asked = new URLSearchParams({ limit: String(page), ...filter(), ...(cursor && { cursor }) });
    const got = await get(batchPath(id, `/${what}?${asked}`));
    const back = trail.length > 1 && button("Page before", () => turn(-1));
    const on = got.next_cursor && button("Next page", () => turn(1, got.next_cursor));
    fill(place, draw(got.items), el("div", { class: "buttons" }, back, on));
  }
  /** @param {number} way @param {string} [cursor] */
  async function turn(way, cursor = "") {
    if (way > 0) trail.push(cursor);
    else trail.pop();
    await load();
    /** @type {HTMLElement | null} */ (place.querySelector(".scroll"))?.focus();
  }
  const restart = () => (trail = [""], load());
  return { place, load, restart };
}

/** The purchase orders of a batch. @param {string} id */
export function orderList(id) {
  const status = el("select", {}, el("option", { value: "" }, "All"),
    Object.entries(statusWords).map(([value, words]) => el("option", { value }, words)));
  const number = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const filter = () => ({ ...(status.value && { status: status.value }), ...(number.value.trim() && { q: number.value.trim() }) });
  const list = paged(id, "purchase-orders", filter, (items) => {
    if (items.length === 0) return el("p", { class: "empty" }, status.value || number.value ? "No order fits." : "No orders yet.");
    return table("Purchase orders", orderColumns, items.map((each) => orderRow(id, each)));
  });
  const again = () => list.restart().catch(tell);
  status.addEventListener("change", again);
  let waiting = 0;
  number.addEventListener("input", () => (clearTimeout(waiting), (waiting = setTimeout(again, 300))));
  const place = el("section", {}, el("h2", {}, "Purchase orders"),
    el("div", { class: "filter" }, field("Status", status), field("Number begins with", number)), list.place);
  return { place, load: list.load };
}

/** @param {string} id @param {any} order */
function orderRow(id, order) {
  const files = el("div");
  const open = order.attachments_found > 0 && button(`${count(order.attachments_downloaded)} of ${count(order.attachments_found)}`, async () => {
    const shown = open.getAttribute("aria-expanded") === "true";
    open.setAttribute("aria-expanded", String(!shown));
    if (shown) return fill(files);
    const got = await get(batchPath(id, `/purchase-orders/${encodeURIComponent(order.po_number)}`));
    fill(files, el("ul", {}, got.attachments.map((/** @type {any} */ each) => attachmentItem(id, each))));
  }, { class: "link", "aria-expanded": "false", "aria-label": `Files of order ${order.po_number}: ${order.attachments_downloaded} of ${order.attachments_found}` });
  return row(orderColumns, [order.po_number || "(none)",
    [el("span", { class: `state ${statusClasses[order.status] || ""}` }, statusWords[order.status] || order.status),
      order.error && el("p", { class: "hint" }, shortMessage(order.error.message, order.po_number)), files], open || "0", order.supplier]);
}

/** @param {string} id @param {any} one */
function attachmentItem(id, one) {
  if (one.path) return el("li", {}, fileButton(id, one.path, one.name), ` ${bytes(one.bytes)}`);
  return el("li", {}, `${one.name || "(no name)"}: ${one.error ? one.error.message : one.status}`);
}

/** @param {string} id @param {string} path @param {string} name */
const fileButton = (id, path, name) =>
  button(name, () => download(batchPath(id, `/files/${path.split("/").map(encodeURIComponent).join("/")}`), name), { class: "link", "aria-label": `Download ${name}` });

/** The files of a batch. @param {string} id */
export function fileList(id) {
  const columns = ["~File", "Order", "#Size"];
  const list = paged(id, "files", () => ({}), (items) => {
    if (items.length === 0) return el("p", { class: "empty" }, "No files yet.");
    return table("Files", columns, items.map((each) =>
      row(columns, [fileButton(id, each.path, each.path.split("/").pop()), each.po_number, bytes(each.bytes)])));
  });
  return { place: el("section", {}, el("h2", {}, "Files"), list.place), load: list.load };
}
