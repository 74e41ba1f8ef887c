"""wrk as the client: how many requests a second, and how long each took."""
import dataclasses
import json
import os
import subprocess

CORES = sorted(os.sched_getaffinity(0))
# Server and client each have one core, so that neither takes from the other what is measured.
SERVER_CORE = ["taskset", "-c", str(CORES[0])]
CLIENT_CORE = ["taskset", "-c", str(CORES[-1])]

SCRIPT = """
wrk.method = "{method}"
wrk.body = {body}
{fields}
{delay}
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\nRESULT {{"requests":%d,"bytes":%d,"span":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}}\\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclasses.dataclass
class Ask:
    """One request, as it is sent again and again."""
    url: str
    method: str = "GET"
    body: str = ""
    fields: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Load:
    """A second's requests and bytes; milliseconds; requests that were refused, and connections that broke."""
    a_second: float
    bytes_a_second: float
    p50: float
    p99: float
    refused: int
    broken: int


def script_of(ask, pause):
    fields = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in ask.fields.items())
    delay = f"function delay() return {pause} end" if pause else ""
    return SCRIPT.format(method=ask.method, body=f"[[{ask.body}]]" if ask.body else "nil", fields=fields, delay=delay)


class Wrk:
    """Under way from the start of the `with` block; `result()` waits for its end."""

    def __init__(self, folder, ask, seconds, connections=64, pause=0, pinned=True):
        script = folder / "wrk.lua"
        script.write_text(script_of(ask, pause))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script, ask.url]
        self.process = subprocess.Popen([*(CLIENT_CORE if pinned else []), *command], stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.stdout.close()
        self.process.wait()

    def result(self):
        said = self.process.communicate()[0]
        lines = [line[7:] for line in said.splitlines() if line.startswith("RESULT ")]
        if not lines:
            raise SystemExit("bench: wrk gave no result: " + said)
        got = json.loads(lines[0])
        span = got["span"] / 1e6
        return Load(got["requests"] / span, got["bytes"] / span, got["p50"] / 1e3, got["p99"] / 1e3, got["refused"],
                    got["broken"])


def load(folder, ask, seconds, connections=64):
    """So many connections that ask as fast as they can, for so long."""
    with Wrk(folder, ask, seconds, connections) as wrk:
        return wrk.result()
