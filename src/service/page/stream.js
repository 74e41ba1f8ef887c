// @ts-check
// Server-sent events by fetch, since EventSource cannot send a token. One stream a tab, and none while it is hidden.
import { headers } from "./api.js";

const again = 3000;
const silence = 45000; // three heartbeats

/** @type {(() => void) | null} */
let closeOpen = null;

export const closeStream = () => closeOpen?.();

/**
 * Opens the stream of this tab; one that is open is closed.
 * @param {string} path
 * @param {(name: string, data: any) => void} take  reset: fetch everything anew
 * @param {(live: boolean) => void} live
 */
export function follow(path, take, live) {
  closeStream();
  let over = false;
  let last = "";
  /** @type {AbortController | null} */
  let at = null;
  /** @type {number | undefined} */
  let timer;

  async function read() {
    const here = (at = new AbortController());
    let watch = 0;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => here.abort(), silence);
    };
    try {
      alive();
      const answer = await fetch(path, { headers: headers(last ? { "Last-Event-ID": last } : {}), signal: here.signal, cache: "no-store" });
      if (answer.status === 204 || answer.status === 401 || answer.status === 403 || answer.status === 404) over = true;
      if (!answer.ok || !answer.body || over) throw new Error(`answered with ${answer.status}`);
      live(true);
      const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let got = await text.read(); !got.done; got = await text.read()) {
        alive();
        const parts = (rest + got.value).split("\n\n");
        rest = parts.pop() || "";
        for (const part of parts) if (!here.signal.aborted) dispatch(part);
      }
    } catch {
      // whatever it was: it is tried again
    }
    clearTimeout(watch);
    if (at !== here) return;
    at = null;
    live(false);
    if (!over && !document.hidden) timer = setTimeout(read, again);
  }

  /** @param {string} block */
  function dispatch(block) {
    let name = "";
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("id: ")) last = line.slice(4);
      else if (line.startsWith("event: ")) name = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (name === "end") over = true;
    if (name) take(name, JSON.parse(data || "{}"));
  }

  function stop() {
    clearTimeout(timer);
    const open = at;
    at = null;
    open?.abort();
  }
  function turn() {
    if (document.hidden) return stop(), live(false);
    if (!over && !at) read();
  }
  function close() {
    over = true;
    stop();
    document.removeEventListener("visibilitychange", turn);
    if (closeOpen === close) closeOpen = null;
  }
  closeOpen = close;
  document.addEventListener("visibilitychange", turn);
  if (!document.hidden) read();
  return close;
}
