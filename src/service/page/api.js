// @ts-check
// Requests to the service. Addresses are relative, so that the page works below any path of a proxy.
import { advice, sentences } from "./words.js";

let token = sessionStorage.getItem("pofetch-token") || "";
/** @type {string[]} */
let scopes = [];

export const hasToken = () => token !== "";
/** @param {string} scope */
export const may = (scope) => scopes.includes(scope);
/** @param {string[]} all */
export const setScopes = (all) => (scopes = all);

/** Kept until the tab is closed. @param {string} text */
export function setToken(text) {
  token = text;
  if (text) sessionStorage.setItem("pofetch-token", text);
  else sessionStorage.removeItem("pofetch-token");
}

/** @param {Record<string, string>} more */
export const headers = (more) => (token ? { ...more, Authorization: `Bearer ${token}` } : more);

/** An answer that is an error; its message is for people. */
export class Refusal extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    const what = body.detail || body.title || `The service answered with ${status}.`;
    super(sentences(what, advice(body.next_step)));
    this.status = status;
    this.columns = body.columns || [];
  }
}

/**
 * @param {string} path
 * @param {{method?: string, json?: any, body?: BodyInit, type?: string, key?: string}} [how]
 * @returns {Promise<Response>}
 */
export async function request(path, { method = "GET", json, body, type, key } = {}) {
  /** @type {Record<string, string>} */
  const fields = {};
  if (json !== undefined) fields["Content-Type"] = "application/json";
  if (type) fields["Content-Type"] = type;
  if (key) fields["Idempotency-Key"] = key;
  const sent = json === undefined ? body : JSON.stringify(json);
  let answer;
  try {
    answer = await fetch(path, { method, headers: headers(fields), body: sent, cache: "no-store" });
  } catch {
    throw new Error("The service cannot be reached. Is it running?");
  }
  if (answer.ok) return answer;
  const refused = new Refusal(answer.status, await answer.json().catch(() => ({})));
  if (answer.status === 401) dispatchEvent(new CustomEvent("token-needed"));
  throw refused;
}

/** @param {string} path @returns {Promise<any>} */
export const get = async (path) => (await request(path)).json();
/** @param {string} path @param {any} [json] @returns {Promise<any>} */
export const post = async (path, json) => (await request(path, { method: "POST", json })).json();

/** @param {string} id @param {string} [rest] */
export const batchPath = (id, rest = "") => `v1/batches/${encodeURIComponent(id)}${rest}`;

/** Saves what is at an address as a file, with the token. @param {string} path @param {string} name */
export async function download(path, name) {
  const link = document.createElement("a");
  link.download = name;
  link.href = path;
  if (!hasToken()) return link.click(); // the browser can do it alone, whatever the size
  const address = URL.createObjectURL(await (await request(path)).blob());
  link.href = address;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** 26 digits that nobody has used before. */
export function newKey() {
  const numbers = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(numbers, (each) => each.toString(16).padStart(2, "0")).join("");
}
