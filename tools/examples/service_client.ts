// Has `pofetch serve` fetch a list, with types made from its own /openapi.json:
//   curl http://127.0.0.1:8080/openapi.json | npx openapi-typescript -o service_api.d.ts
//   npx tsc && node service_client.js http://127.0.0.1:8080 orders.csv files     (token in POFETCH_TOKEN)
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { components } from "./service_api.js";

type Batch = components["schemas"]["Batch"];
type Problem = components["schemas"]["Problem"];
type FilePage = { items: components["schemas"]["File"][]; next_cursor: string | null };

const [base, list, folder] = process.argv.slice(2) as [string, string, string];
const token = process.env["POFETCH_TOKEN"];

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(base + path, { ...init, headers });
  if (answer.ok) return answer;
  const problem = (await answer.json()) as Problem;
  throw new Error(`${problem.detail ?? problem.title} ${problem.next_step ?? ""}`.trim());
}

/** Until the batch has ended. Another connection after a break would send the last id as Last-Event-ID. */
async function* events(path: string): AsyncGenerator<{ name: string; data: unknown }> {
  const answer = await ask(path);
  let text = "";
  for await (const bytes of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = new Map(text.slice(0, end).split("\n").map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      text = text.slice(end + 2);
      if (fields.has("data")) yield { name: fields.get("event") ?? "message", data: JSON.parse(fields.get("data")!) };
    }
  }
}

async function save(path: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const answer = await ask(path);
  await pipeline(Readable.fromWeb(answer.body! as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(target));
}

const headers = { "Content-Type": "text/csv", "Idempotency-Key": crypto.randomUUID() };
const submitted = await ask("/v1/batches", { method: "POST", headers, body: await readFile(list) });
const { id } = (await submitted.json()) as Batch;
const batch = `/v1/batches/${id}`;
for await (const { name } of events(`${batch}/events`)) if (name === "end") break;
const ended = (await (await ask(batch)).json()) as Batch;
console.log(ended.state, ended.totals.by_status);
await save(`${batch}/report`, join(folder, "report.csv"));
for (let cursor: string | null = ""; cursor !== null; ) {
  const page = (await (await ask(`${batch}/files?limit=500${cursor && `&cursor=${cursor}`}`)).json()) as FilePage;
  for (const file of page.items)
    await save(`${batch}/files/${file.path.split("/").map(encodeURIComponent).join("/")}`, join(folder, file.path));
  cursor = page.next_cursor;
}
