"""`pofetch serve` for the time of a measurement, beside the neutral server of origin.py."""
import http.client
import json
import re
import signal
import subprocess
import time

from benchmarks.serve.load import SERVER_CORE

PROFILE = """
[profile.{name}]
base-url = "{url}"
source = "web"
cookies = "{cookies}"
cacert = "{ca}"
max-connections = {connections}
"""


class Service:
    """Runs while the `with` block does. `data` stays, so that it can be started again in the same folder."""

    def __init__(self, program, folder, origin, more=(), pinned=True, ports=("plain",), connections=32):
        self.folder, self.origin = folder, origin
        folder.mkdir(exist_ok=True)
        self.config = folder / "pofetch.toml"
        self.config.write_text("".join(PROFILE.format(name=name, url=origin.url(name), cookies=origin.cookies, ca=origin.ca,
                                                      connections=connections) for name in ports))
        self.command = [*(SERVER_CORE if pinned else []), program, "serve", "--config", self.config, "--data",
                        folder / "data", "--listen", "127.0.0.1:0", "--min-free", "1M", *more]
        self.log = folder / "serve.log"
        self.process = self.port = None

    def start(self):
        """Seconds until it listened."""
        begun = time.monotonic()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([str(each) for each in self.command], stdout=log, stderr=log)
        while True:
            said = re.search(r"listening on http://127\.0\.0\.1:(\d+)\n", self.log.read_text())
            if said:
                self.port = int(said[1])
                return time.monotonic() - begun
            if self.process.poll() is not None or time.monotonic() - begun > 30:
                raise SystemExit("bench: the service does not start: " + self.log.read_text())
            time.sleep(0.002)

    def stop(self, how=signal.SIGTERM):
        """Seconds until it had ended."""
        begun = time.monotonic()
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None
        return time.monotonic() - begun

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    def url(self, target):
        return f"http://127.0.0.1:{self.port}{target}"

    def talk(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, method, target, body=None, kind=None, talk=None):
        """Status, fields and body; fails where the status is an error."""
        line = talk or self.talk()
        line.request(method, target, body, {"Content-Type": kind} if kind else {})
        got = line.getresponse()
        text = got.read()
        if got.status >= 400:
            raise SystemExit(f"bench: {method} {target}: {got.status} {text[:300].decode()}")
        return got.status, dict(got.getheaders()), text

    def get(self, target, talk=None):
        return json.loads(self.ask("GET", target, talk=talk)[2])

    def submit(self, numbers, query="", talk=None):
        """The id of a new batch of these orders."""
        text = "po_number\n" + "".join(f"{number}\n" for number in numbers)
        return json.loads(self.ask("POST", "/v1/batches" + query, text, "text/csv", talk)[2])["id"]

    def wait_for(self, batch, states, limit=300):
        until = time.monotonic() + limit
        while time.monotonic() < until:
            got = self.get(f"/v1/batches/{batch}?wait=5")
            if got["state"] in states:
                return got
        raise SystemExit(f"bench: batch {batch} does not come to {states}: {got}")

    def fact(self, name):
        """Of /proc: VmRSS, VmHWM in bytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(name + r":\s+(\d+) kB", file.read())[1]) * 1024

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")

    def cpu(self):
        """Seconds of processor time so far."""
        return self.seconds_in("stat")

    def cpu_of_answers(self):
        """The same of the thread that answers clients: what the others do for batches is not in it."""
        return self.seconds_in(f"task/{self.process.pid}/stat")

    def seconds_in(self, file):
        with open(f"/proc/{self.process.pid}/{file}") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100
