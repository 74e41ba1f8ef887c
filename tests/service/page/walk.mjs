// A walk through the page in a real browser, as a person takes it: with the keyboard, on a phone, in the dark, with a token
// or without. Each view is looked at by axe and html-validate, light and dark.
import assert from "node:assert/strict";
import fs from "node:fs";
import test, { after, before } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const { PAGE_URL, PAGE_GUARDED_URL, PAGE_BLOCKED_URL, PAGE_LIST, PAGE_COOKIES, PAGE_PICTURES } = process.env;
const token = (scope) => process.env[`PAGE_TOKEN_${scope}`];
const orders = fs.readFileSync(PAGE_LIST, "utf8").trim().split("\n").slice(1).map((each) => each.split(",")[0]);
const hostile = `"><img src=x onerror="window.struck=1"><script>window.struck=1</script>`;
const limit = { timeout: 60000 };

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
});
after(() => browser.close());

/** A tab of its own that notes what must not happen: scripts of others, breaches of the policy, errors. */
async function tab(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, acceptDownloads: true, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.breaches = [];
  page.asked = [];
  page.on("pageerror", (error) => page.breaches.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => (page.breaches.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("console", (line) => /Content Security Policy|Trusted ?Type/i.test(line.text()) && page.breaches.push(line.text()));
  page.on("request", (request) => page.asked.push(request));
  return page;
}

async function leave(page) {
  assert.deepEqual(page.breaches, []);
  assert.equal(await page.evaluate(() => window.struck), undefined);
  await page.context().close();
}

const validator = new HtmlValidate({ extends: ["html-validate:standard", "html-validate:a11y"] });

/** What axe and html-validate say, and how wide it is on the narrowest phone. */
async function look(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map((each) => [each.id, each.nodes.map((node) => node.html)]), [], `${name}, ${colorScheme}`);
    if (PAGE_PICTURES) await page.screenshot({ path: `${PAGE_PICTURES}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  const report = await validator.validateString(await page.content());
  assert.deepEqual(report.results.flatMap((each) => each.messages.map((one) => [one.ruleId, one.message, one.selector])), [], name);
  assert.equal(await page.locator("[role=status], [role=alert], [role=log], [aria-live]").count(), 1, "one place speaks up");
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, `${name} is too wide for a phone`);
  if (PAGE_PICTURES) await page.screenshot({ path: `${PAGE_PICTURES}/${name}-phone.png`, fullPage: true });
  await page.setViewportSize(size);
}

/** Tab by tab to what has that name; as often as it takes, but not for ever. */
async function tabTo(page, name) {
  for (let i = 0; i < 80; ++i) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      return at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent;
    });
    if (name.test(here)) return;
  }
  assert.fail(`the keyboard does not reach ${name}`);
}

async function submit(url, query, list, fields = {}) {
  const answer = await fetch(`${url}/v1/batches?${query}`, { method: "POST", body: list, headers: { "Content-Type": "text/csv", ...fields } });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()).id;
}

const waitForState = (page, words) => page.locator("#main > div .state", { hasText: words }).waitFor(limit);
const said = (page, words) => page.locator("#said", { hasText: words }).waitFor(limit);

test("a list is submitted with the keyboard alone, followed to its end, and what failed is retried", async () => {
  const page = await tab();
  await page.goto(`${PAGE_URL}/`);
  await page.getByText("There are no batches yet.").waitFor();
  await look(page, "empty");
  await page.reload();
  await tabTo(page, /^New batch$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "New batch" }).waitFor();
  await look(page, "submit");

  await tabTo(page, /^Submit$/);
  await page.keyboard.press("Enter");
  await said(page, "Choose the file with your list first.");
  await page.getByRole("heading", { name: "New batch" }).focus();
  const choosing = page.waitForEvent("filechooser");
  await tabTo(page, /^Your list/);
  await page.keyboard.press("Space");
  const chooser = await choosing;
  const rows = [...orders.slice(0, 60), hostile].map((each) => `"${each.replaceAll('"', '""')}"`);
  await chooser.setFiles({ name: `May ${hostile}.csv`, mimeType: "text/csv", buffer: Buffer.from(`po_number\n${rows.join("\n")}\n`) });
  await page.locator(".chosen", { hasText: hostile }).waitFor();
  await tabTo(page, /^Submit$/);
  await page.keyboard.press("Enter");
  await said(page, "The batch is submitted.");
  assert.match(page.url(), /#\/batch\/[0-9a-z]{26}$/);
  await waitForState(page, "With gaps");
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), `May ${hostile}`);
  await page.locator(".counts", { hasText: "61 of 61 orders looked at" }).waitFor();
  await page.getByRole("table", { name: "Purchase orders" }).waitFor();
  await page.getByRole("table", { name: "Files" }).waitFor();
  await page.locator(".events li").first().waitFor();
  await look(page, "batch");

  const again = page.getByRole("button", { name: /^Retry these \d+/ }).first();
  const shown = Number((await again.textContent()).match(/\d+/)[0]);
  await again.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  assert.equal(await dialog.getByRole("heading").textContent(), `Retry ${shown} orders?`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map((each) => each.id), []);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Retry these/);
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await page.keyboard.press("Enter");
  await said(page, /tried again|With gaps|Running|Waiting/);
  await page.waitForFunction(() => document.querySelector("#main > div .state").textContent !== "With gaps", null, { timeout: 3000 }).catch(() => {});
  await waitForState(page, "With gaps");

  // An order with its files, and the filter.
  await page.getByLabel("Status").selectOption("NOT_FOUND");
  await page.locator("table", { hasText: "Not found" }).first().waitFor();
  await page.getByLabel("Status").selectOption("COMPLETED");
  await page.getByLabel("Number begins with").fill(orders[0].slice(0, 3));
  const files = page.getByRole("button", { name: /^Files of order/ }).first();
  await files.focus();
  await page.keyboard.press("Enter");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Download / }).first().click()]);
  assert.equal(await file.failure(), null);
  const [report] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the report as CSV" }).click()]);
  assert.match(fs.readFileSync(await report.path(), "utf8"), /po_number/);
  await page.getByRole("button", { name: "Next page" }).first().click();
  await page.getByRole("button", { name: "Page before" }).first().click();

  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByText(/read again: all are as they were saved/).waitFor(limit);
  await page.getByRole("link", { name: "All batches" }).click();
  await page.getByRole("link", { name: /^With gaps \(1\)$/ }).click();
  await page.getByRole("link", { name: `May ${hostile}` }).waitFor();
  await look(page, "batches");
  await leave(page);
});

test("a long batch is paused, resumed, cancelled and deleted, each by a button that says so", async () => {
  const id = await submit(PAGE_URL, "name=Archive+2024&workers=1&max_concurrent=1&label=audit", `po_number\n${orders.join("\n")}\n`);
  const page = await tab();
  await page.goto(`${PAGE_URL}/#/batch/${id}`);
  await waitForState(page, "Running");
  await page.locator(".counts", { hasText: "still to do" }).waitFor();
  await look(page, "running");
  const stop = page.getByRole("button", { name: "Stop the list" });
  await stop.click();
  const newest = page.locator(".events li").first();
  const seen = await newest.textContent();
  await page.getByText(/new lines? since you stopped it/).waitFor();
  assert.equal(await newest.textContent(), seen);
  await page.getByRole("button", { name: "Let it go on" }).click();
  await page.waitForFunction((before) => document.querySelector(".events li").textContent !== before, seen);

  await page.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("Enter");
  await waitForState(page, "Paused");
  const events = page.asked.filter((each) => each.url().endsWith("/events")).length;
  assert.equal(events, 1, "one stream a tab");
  assert.ok(await page.evaluate(() => document.activeElement !== document.body), "the focus is somewhere");
  await page.getByRole("button", { name: "Resume" }).click();
  await waitForState(page, "Running");

  // Hidden: the stream is closed; seen again: it is opened again.
  const streams = () => page.asked.filter((each) => each.url().endsWith("/events"));
  const turn = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  const before = streams().length;
  const [broken] = await Promise.all([page.waitForEvent("requestfailed"), turn(true)]);
  assert.ok(broken.url().endsWith("/events"));
  await turn(false);
  await page.waitForRequest((each) => each.url().endsWith("/events")).catch(() => {});
  assert.equal(streams().length, before + 1);

  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("button", { name: "Cancel the batch" }).click();
  await waitForState(page, "Cancelled");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByLabel("Delete them, too").check();
  await page.getByRole("button", { name: "Delete the batch" }).click();
  await said(page, "The batch is deleted.");
  await page.getByRole("heading", { name: "Batches" }).waitFor();
  assert.equal((await fetch(`${PAGE_URL}/v1/batches/${id}`)).status, 404);
  await leave(page);
});

test("a list that cannot be used is refused with the columns that it has", async () => {
  const page = await tab();
  await page.goto(`${PAGE_URL}/#/new`);
  await page.locator("#file").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
  await page.getByRole("button", { name: "Submit" }).click();
  await page.locator("form .notice.bad").waitFor();
  assert.match(await page.locator("form .notice.bad").textContent(), /column/);
  await page.locator("#file").setInputFiles({ name: "list.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF") });
  await page.getByRole("button", { name: "Submit" }).click();
  await page.locator("form .notice.bad", { hasText: "This kind of file is not read." }).waitFor();
  // A file that is dropped.
  await page.evaluate(() => {
    const all = new DataTransfer();
    all.items.add(new File(["po_number\n1\n"], "dropped.csv", { type: "text/csv" }));
    document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: all, bubbles: true, cancelable: true }));
  });
  await page.locator(".chosen", { hasText: "dropped.csv" }).waitFor();
  await leave(page);
});

test("whatever the API says is shown as text", async () => {
  const page = await tab();
  const kept = ["state", "id", "status", "desired", "next_cursor", "sign_in", "kind", "code", "finished_at", "created_at", "started_at", "expires_at", "oldest_queued_at", "renewed_at"];
  const poison = (value, name) => {
    if (typeof value === "string") return kept.includes(name) ? value : hostile;
    if (Array.isArray(value)) return value.map((each) => poison(each, name));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key === "scopes" ? each : poison(each, key)]));
  };
  await page.route(/\/v1\/(?!.*events)/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: poison(await answer.json(), "") });
  });
  await page.route(/\/events$/, (route) => route.fulfill({ contentType: "text/event-stream",
    body: `id: a-1\nevent: notice\ndata: ${JSON.stringify({ level: "info", text: hostile })}\n\nid: a-2\nevent: po\ndata: ${JSON.stringify({ po_number: hostile, error: { message: hostile } })}\n\n` }));
  await page.goto(`${PAGE_URL}/`);
  const link = page.getByRole("link", { name: hostile }).first();
  await link.waitFor();
  await link.click();
  await page.getByRole("table", { name: "Purchase orders" }).waitFor();
  await page.getByRole("button", { name: /^Files of order/ }).first().click();
  await page.getByRole("table", { name: "Errors by cause" }).waitFor();
  await page.goto(`${PAGE_URL}/#/new`);
  await page.locator("option", { hasText: "onerror" }).first().waitFor({ state: "attached" });
  for (const hash of ["#/", "#/new", `#/batch/${encodeURIComponent(hostile)}`, "#/?state=%3Cimg%20src=x%3E"]) {
    await page.goto(`${PAGE_URL}/${hash}`);
    await page.locator("h1").waitFor();
    assert.equal(await page.locator("img, iframe, script:not([src])").count(), 0, hash);
  }
  await leave(page);
});

test("with tokens: asked for once, sent as a field only, and the buttons are those that it allows", async () => {
  const id = await submit(PAGE_GUARDED_URL, "name=Guarded", `po_number\n${orders.slice(0, 5).join("\n")}\n`, { Authorization: `Bearer ${token("submit")}` });
  const page = await tab();
  await page.goto(`${PAGE_GUARDED_URL}/#/batch/${id}`);
  await page.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("This token is not known here.").waitFor();
  await look(page, "token");
  const buttons = { read: [], submit: ["Check the files"], admin: ["Delete"] };
  for (const [scope, allowed] of Object.entries(buttons)) {
    await page.getByLabel("Token").fill(token(scope));
    await page.keyboard.press("Enter");
    await waitForState(page, /Complete|With gaps/);
    const group = page.getByRole("group", { name: "What can be done with the batch" }).getByRole("button");
    const seen = (await group.allTextContents()).filter((each) => each !== "Retry all that failed");
    assert.deepEqual(seen, allowed, scope);
    assert.equal(await page.getByRole("link", { name: "New batch" }).count(), scope === "submit" ? 1 : 0);
    const [report] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the report as Excel" }).click()]);
    assert.equal(fs.readFileSync(await report.path()).subarray(0, 2).toString(), "PK");
    await page.reload();
    await waitForState(page, /Complete|With gaps/);
    assert.ok(await page.evaluate((text) => sessionStorage.length === 1 && localStorage.length === 0 && !document.cookie && !document.documentElement.outerHTML.includes(text), token(scope)));
    await page.getByRole("button", { name: "Forget the token" }).click();
    await page.getByLabel("Token").waitFor();
  }
  const api = page.asked.filter((each) => each.url().includes("/v1/"));
  assert.ok(api.filter((each) => each.headers().authorization).length > 10);
  for (const each of page.asked) for (const scope of Object.keys(buttons)) assert.ok(!each.url().includes(token(scope)));
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await leave(page);
});

test("a session that has ended: the page says so, takes fresh cookies, and the batch goes on by itself", async () => {
  const page = await tab();
  await page.goto(`${PAGE_BLOCKED_URL}/`);
  const id = await submit(PAGE_BLOCKED_URL, "name=Evening", `po_number\n${orders.slice(0, 8).join("\n")}\n`);
  await page.getByRole("link", { name: "Evening" }).click();
  await waitForState(page, "Held up");
  await page.getByText("sign-in needed").waitFor(limit);
  await look(page, "sign-in");
  await page.getByRole("button", { name: "Give fresh cookies" }).first().click();
  await page.getByLabel("or the text itself").fill(PAGE_COOKIES);
  await page.getByRole("button", { name: "Use these cookies" }).click();
  await said(page, /cookies of main are in use|Running|Waiting|Complete/);
  await waitForState(page, "Complete");
  assert.equal((await (await fetch(`${PAGE_BLOCKED_URL}/v1/batches/${id}`)).json()).state, "completed");
  assert.ok(!(await page.content()).includes(PAGE_COOKIES.trim().split("\t").pop()));
  await leave(page);
});

test("nothing moves for those who asked for that", async () => {
  const page = await tab({ reducedMotion: "reduce" });
  await page.goto(`${PAGE_URL}/`);
  await page.locator("progress").first().waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("progress"), "::-webkit-progress-value").transitionDuration), "0s");
  await leave(page);
});

test("only a look: submitted with the keyboard, and nothing is fetched", async () => {
  const page = await tab();
  await page.goto(`${PAGE_URL}/#/new`);
  await page.getByRole("heading", { name: "New batch" }).waitFor();
  await page.locator("#file").setInputFiles({ name: "look.csv", mimeType: "text/csv", buffer: Buffer.from(`po_number\n${orders.slice(0, 20).join("\n")}\n`) });
  await tabTo(page, /^What is done/);
  await page.keyboard.press("O");
  assert.equal(await page.getByLabel("What is done").inputValue(), "plan");
  await tabTo(page, /^Submit$/);
  await page.keyboard.press("Enter");
  await said(page, "The batch is submitted.");
  const id = page.url().slice(-26);
  await page.locator("#main > div .state", { hasText: /Complete|With gaps/ }).waitFor(limit);
  await page.locator(".counts", { hasText: /^20 of 20 orders looked up: \d+ files found\. Nothing is fetched\.$/ }).waitFor();
  const batch = await (await fetch(`${PAGE_URL}/v1/batches/${id}`)).json();
  assert.equal(batch.mode, "plan");
  assert.ok(batch.totals.attachments_found > 0);
  assert.equal(batch.totals.attachments_downloaded, 0);
  await look(page, "only-a-look");
  await leave(page);
});
