// @ts-check
// A new batch from a file.
import { get, newKey, request } from "./api.js";
import { el, field, fill, tell } from "./dom.js";
import { bytes } from "./words.js";

/** @type {Record<string, string>} */
const types = {
  csv: "text/csv", tsv: "text/tab-separated-values", txt: "text/plain", jsonl: "application/x-ndjson", ndjson: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** @param {string} name @param {Record<string, string>} [more] */
const text = (name, more) => el("input", { name, type: "text", autocomplete: "off", ...more });
/** @param {string} name @param {[string, string][]} choices */
const choice = (name, choices) => el("select", { name }, choices.map(([value, words]) => el("option", { value }, words)));

/** Fields whose values go to the service as they are; empty ones stay away. */
function moreOptions() {
  return el("details", {}, el("summary", {}, "More options"),
    field("Column with the order numbers", text("po_column"), "Only if it is not found by itself."),
    field("Sheet of the workbook", text("sheet"), "The first one, if you leave it empty."),
    field("Make folders by these columns", text("folder_columns"), "Names of columns, with commas between them, for example: supplier"),
    field("Only files named like", text("include"), "For example: *.pdf, *.xlsx"),
    field("No files named like", text("exclude"), "For example: *.msg"),
    field("No files larger than (MB)", el("input", { name: "max_file_size", type: "number", min: "1", max: "1000000", inputmode: "numeric" })),
    field("The same file more than once", choice("dedupe", [["", "Is saved each time"], ["true", "Shares the disk space"]])),
    field("Turn", choice("priority", [["", "In line"], ["high", "Before others"], ["low", "After others"]])),
    field("Labels", text("label"), "Words to find it by, with commas between them."),
    field("Orders at a time", el("input", { name: "workers", type: "number", min: "1", max: "64", inputmode: "numeric" }), "Leave it empty unless somebody has told you a number."));
}

/** @param {FormData} given */
function queryOf(given) {
  const query = new URLSearchParams();
  const lists = ["folder_columns", "include", "exclude", "label"];
  for (const [name, value] of given) {
    const words = String(value).trim();
    if (name === "file" || words === "") continue;
    if (name === "max_file_size") query.set(name, String(Number(words) * 1000000));
    else if (lists.includes(name)) words.split(",").map((each) => each.trim()).filter(Boolean).forEach((each) => query.append(name, each));
    else query.set(name, words);
  }
  return query;
}

/** @param {HTMLElement} place */
export function submitView(place) {
  /** @type {File | null} */
  let file = null;
  let key = newKey();
  const chosen = el("p", { class: "chosen" });
  const name = text("name", { maxlength: "150" });
  const profile = el("select", { name: "profile", required: true });
  const wrong = el("p", { class: "notice bad", hidden: true });

  /** @param {File | undefined | null} given */
  function choose(given) {
    if (!given) return;
    file = given;
    key = newKey();
    fill(chosen, el("strong", {}, given.name), ` ${bytes(given.size)}`);
    if (name.value === "" || name.dataset.own) {
      name.value = given.name.replace(/\.[^.]*$/, "").slice(0, 150);
      name.dataset.own = "yes";
    }
  }

  const input = el("input", { type: "file", id: "file", accept: Object.keys(types).map((each) => `.${each}`).join(","),
    "aria-describedby": "file-hint", onchange: () => choose(input.files[0]) });
  const drop = el("div", { class: "drop" }, el("label", { for: "file" }, "Your list: drop the file here, or choose it"), input, chosen,
    el("p", { class: "hint", id: "file-hint" }, "Excel (.xlsx), .csv, .tsv, or text with an order number a line. One row for each purchase order."));
  for (const each of ["dragenter", "dragover", "dragleave", "drop"])
    drop.addEventListener(each, (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      drop.classList.toggle("over", each === "dragenter" || each === "dragover");
      if (each === "drop" && event.dataTransfer) choose((input.files = event.dataTransfer.files)[0]);
    });
  name.addEventListener("input", () => delete name.dataset.own);

  async function submit() {
    wrong.hidden = true;
    try {
      if (!file) throw new Error("Choose the file with your list first.");
      const type = types[(file.name.split(".").pop() || "").toLowerCase()];
      if (!type) throw new Error("This kind of file is not read. Save it as Excel workbook (.xlsx) or as .csv, and choose that.");
      const answer = await request(`v1/batches?${queryOf(new FormData(form))}`, { method: "POST", body: file, type, key });
      const batch = await answer.json();
      tell("The batch is submitted.");
      location.hash = `#/batch/${batch.id}`;
    } catch (error) {
      const columns = /** @type {any} */ (error).columns || [];
      wrong.hidden = false;
      fill(wrong, /** @type {Error} */ (error).message, columns.length > 0 && ` The columns of the list are: ${columns.join(", ")}.`);
      key = newKey();
      throw error;
    }
  }

  let busy = false;
  const form = el("form", { class: "card", onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    await submit().catch(tell);
    busy = false;
  } }, drop, field("Name of the batch", name), field("System", profile), field("What is done", choice("mode", [["", "The files are fetched"], ["plan", "Only a look at what there is"]]),
    "A look tells how many files each order has, and fetches none."), moreOptions(), wrong);
  const send = el("button", { type: "submit", class: "primary" }, "Submit");
  form.append(el("div", { class: "buttons" }, send, el("a", { class: "button", href: "#/" }, "Back")));
  fill(place, el("h1", { tabindex: "-1" }, "New batch"), form);
  get("v1/profiles").then((got) => fill(profile, got.items.map((/** @type {any} */ each) => el("option", { value: each.name }, `${each.name} (${each.base_url})`))), tell);
  return { tick() {}, stop() {} };
}
