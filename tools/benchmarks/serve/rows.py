"""The load targets of the service, and what they are held against. Each row yields findings."""
import dataclasses
import pathlib
import resource
import shutil
import signal
import statistics
import subprocess
import time

from benchmarks.origin import FIRST_ORDER, Work
from benchmarks.serve import peers
from benchmarks.serve.load import Ask, CLIENT_CORE, Wrk, load
from benchmarks.serve.service import Service
from benchmarks.serve.streams import Streams

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclasses.dataclass
class Finding:
    """Values of all rounds; the median is held against `at_least` or `at_most`, if there is one of them."""
    text: str
    values: list
    at_least: float = None
    at_most: float = None

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def met(self):
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.median >= self.at_least) and \
            (self.at_most is None or self.median <= self.at_most)


def note(text):
    return Finding(text, [])


class ServeRows:
    """`quick`: less work and shorter runs; what is counted in orders or batches is said in the text."""

    def __init__(self, program, folder, origin, quick, rounds):
        self.program, self.folder, self.origin, self.quick, self.rounds = program, folder, origin, quick, rounds
        self.seconds = 2 if quick else 10
        self.batches = 200 if quick else 1000
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))

    def all(self, wanted):
        made = {"status": self.status, "file": self.file, "known": self.known, "orders": self.orders,
                "streams": self.streams, "submit": self.submit, "beside": self.beside, "slow": self.slow}
        unknown = [key for key in wanted if key not in made]
        if unknown:
            raise SystemExit(f"bench: there is no row {', '.join(unknown)}; choose among {', '.join(made)}")
        return {key: make for key, make in made.items() if not wanted or key in wanted}

    def service(self, *more, name="service", **how):
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return Service(self.program, self.folder / name, self.origin, more, **how)

    def fetched(self, service, work, states=("completed",), query=""):
        self.origin.show(work)
        batch = service.submit(work.numbers(), query)
        service.wait_for(batch, states)
        return batch

    # --- rows ---

    def status(self):
        """64 kept connections that ask for the state of one piece of work, of us and of the peers in turn."""
        running, told = [], []
        for make in peers.APPLICATIONS:
            try:
                running.append(make().begin(self.folder / make.name))
            except peers.Absent as why:
                told.append(note(f"{make.name} is left out: {why}"))
        loads = {}
        with self.service() as service:
            batch = self.fetched(service, Work(1, 1, KIB))
            tag = service.ask("GET", f"/v1/batches/{batch}")[1]["ETag"]
            asks = {"GET batch": Ask(service.url(f"/v1/batches/{batch}")),
                    "304": Ask(service.url(f"/v1/batches/{batch}"), fields={"If-None-Match": tag.replace('"', '\\"')})}
            asks |= {f"{peer.name} {way}": ask for peer in running for way, ask in peer.asks.items()}
            for _ in range(self.rounds):
                for name, ask in asks.items():
                    loads.setdefault(name, []).append(load(self.folder, ask, self.seconds))
        for peer in running:
            peer.end()
        for name, got in loads.items():
            least = {"GET batch": 25_000, "304": 35_000}.get(name)
            told.append(Finding(f"{name}: requests a second", [each.a_second for each in got], at_least=least))
            told.append(Finding(f"{name}: p99, ms", [each.p99 for each in got], at_most=5 if least else None))
            if any(each.refused or each.broken for each in got):
                told.append(note(f"{name}: some were refused, or broke off"))
        others = [name for name in loads if name not in ("GET batch", "304")]
        best = max(others, key=lambda name: statistics.median(each.a_second for each in loads[name]), default=None)
        if best:
            values = [a.a_second / b.a_second for a, b in zip(loads["GET batch"], loads[best])]
            told.append(Finding(f"GET batch to the best peer, {best}", values, at_least=2))
        return "64 kept connections ask for the state of one batch", told

    def file(self):
        """A large file, from the service and from nginx."""
        size = GIB // 8 if self.quick else GIB
        nginx = peers.Nginx({"body": lambda path: self.origin.put(path, b"%PDF-1.7\n", size)})
        speeds = {"pofetch": [], "nginx": []}
        cpu = []
        with self.service() as service:
            batch = self.fetched(service, Work(1, 1, size))
            path = service.get(f"/v1/batches/{batch}/files")["items"][0]["path"]
            ours = Ask(service.url(f"/v1/batches/{batch}/files/{path}"))
            nginx.begin(self.folder / "nginx")
            for _ in range(self.rounds):
                before = service.cpu()
                speeds["pofetch"].append(load(self.folder, ours, self.seconds, 1).bytes_a_second)
                cpu.append((service.cpu() - before) / self.seconds)
                speeds["nginx"].append(load(self.folder, nginx.asks["body"], self.seconds, 1).bytes_a_second)
            nginx.end()
            told = [Finding(f"{name}: MiB a second", [each / MIB for each in speeds[name]]) for name in speeds]
            ratios = [a / b for a, b in zip(speeds["pofetch"], speeds["nginx"])]
            told.append(Finding("pofetch to nginx", ratios, at_least=0.8))
            told.append(Finding("pofetch: share of a core", cpu))
            told.append(Finding("peak memory of the service, MiB", [service.fact("VmHWM") / MIB]))
        return f"one client takes a file of {size / GIB:g} GiB", told

    def known(self):
        """Many batches that have ended: pages, metrics, memory; the start with four more that ran; the end."""
        told, service = [], self.service("--max-running", "4", ports=("plain", "slow"))
        with service:
            self.origin.show(Work(1, 1, KIB))
            line = service.talk()
            for _ in range(self.batches):
                last = service.submit([FIRST_ORDER], "?profile=plain", line)
            service.wait_for(last, ["completed"])
            while service.get("/v1/batches?state=queued&limit=1")["items"] or \
                    service.get("/v1/batches?state=running&limit=1")["items"]:
                time.sleep(0.1)
            service.stop()
            self.origin.show(Work(64, 4, 256 * KIB))
            service.start()
            for name, target, most in (("list page", "/v1/batches", 5), ("metrics", "/metrics", 5)):
                each = [load(self.folder, Ask(service.url(target)), self.seconds, 1).p99 for _ in range(self.rounds)]
                told.append(Finding(f"{name}: p99, ms", each, at_most=most))
            told.append(Finding("metrics: KiB", [len(service.ask("GET", "/metrics")[2]) / KIB], at_most=64))
            told.append(Finding("memory, MiB", [service.fact("VmRSS") / MIB], at_most=64))
            told += self.restart(service)
        return f"{self.batches} batches that have ended", told

    def restart(self, service):
        ready, going, ended = [], [], []
        numbers = Work(64, 4, 0).numbers()
        batches = [service.submit(numbers, "?profile=slow") for _ in range(4)]
        for _ in range(self.rounds):
            for each in batches:
                service.wait_for(each, ["running"])
            service.stop(signal.SIGKILL)
            begun = time.monotonic()
            ready.append(service.start())
            while any(host["in_flight"] == 0 for host in self.hosts(service)) or \
                    any(service.get(f"/v1/batches/{each}")["state"] != "running" for each in batches):
                time.sleep(0.005)
            going.append(time.monotonic() - begun)
        clients = Streams(service.port, "/v1/events", 500)
        time.sleep(0.5)
        ended.append(service.stop())
        clients.close()
        return [Finding("start after a kill, 4 were running: ready, s", ready, at_most=1),
                Finding("... and all of them go on, s", going, at_most=3),
                Finding("SIGTERM with 500 streams and 4 batches at work, s", ended, at_most=5)]

    @staticmethod
    def hosts(service):
        return service.get("/v1/hosts")["items"] or [{"in_flight": 0}]

    def orders(self):
        """Pages of a long list: nobody is signed in, so that it is read and nothing is fetched."""
        count = 100_000 if self.quick else 1_000_000
        with self.service(ports=("closed",)) as service:
            begun = time.monotonic()
            service.forget_peak()
            rest = service.fact("VmRSS")
            batch = service.submit(range(FIRST_ORDER, FIRST_ORDER + count))
            accepted = time.monotonic() - begun
            grown = service.fact("VmHWM") - rest
            service.wait_for(batch, ["blocked"])
            page = f"/v1/batches/{batch}/purchase-orders?limit=500"
            line, last, target = service.talk(), page, page
            while True:
                got = service.get(target, line)
                if not got["next_cursor"]:
                    break
                last = target = page + "&cursor=" + got["next_cursor"]
            told = [Finding(f"accepted, s ({count} rows)", [accepted], at_most=0.3 * count / 100_000),
                    Finding("... memory for that, MiB", [grown / MIB], at_most=16)]
            for name, where in (("first", page), ("last", last)):
                each = [load(self.folder, Ask(service.url(where)), self.seconds, 1).p99 for _ in range(self.rounds)]
                told.append(Finding(f"{name} page of 500: p99, ms", each, at_most=20))
        return f"a list of {count} orders", told

    def streams(self):
        """Clients of the events of one batch at full speed: 500, since the service takes 512."""
        work, count = Work(250 if self.quick else 1250, 4, 10 * KIB), 500
        self.origin.show(work)
        each, share, spread = [], [], []
        for _ in range(self.rounds):
            with self.service() as alone:
                plain = self.run_in(alone, work)
            with self.service("--max-running", "1") as service:
                before = service.fact("VmRSS")
                idle = Streams(service.port, "/v1/events", count)
                time.sleep(1)
                each.append((service.fact("VmRSS") - before) / count / KIB)
                idle.close()
                first = service.submit(work.numbers())
                service.ask("POST", f"/v1/batches/{first}/pause")
                service.wait_for(first, ["paused", "completed"])
                clients = Streams(service.port, f"/v1/batches/{first}/events", count)
                begun, cpu = time.monotonic(), service.cpu_of_answers()
                service.ask("POST", f"/v1/batches/{first}/resume")
                service.wait_for(first, ["completed"])
                wall, used = time.monotonic() - begun, service.cpu_of_answers() - cpu
                time.sleep(0.5)
                spread += clients.spread() or [0]
                clients.close()
            share.append(max(0.0, used - plain[1]) / wall)
        return f"{count} clients of the events of a batch ({work.orders} orders x 4 x 10 KB)", [
            Finding("memory of an idle one, KiB", each, at_most=8),
            Finding("processor time for all of them, share of a core", share, at_most=0.1),
            Finding("from the first to the last client, ms", [1e3 * most for most in spread], at_most=50)]

    def run_in(self, service, work):
        """Seconds, and seconds of processor time for clients, of a batch from its submission to its end."""
        begun, cpu = time.monotonic(), service.cpu_of_answers()
        batch = service.submit(work.numbers())
        service.wait_for(batch, ["completed"])
        return time.monotonic() - begun, service.cpu_of_answers() - cpu

    def submit(self):
        """How soon the first request of a batch comes, and how soon a long list is taken."""
        first, long = [], []
        with self.service() as service:
            self.fetched(service, Work(1, 1, KIB))
            for _ in range(3 * self.rounds):
                seen = self.origin.counters()[0]
                begun, polls = time.monotonic(), 0
                batch = service.submit([FIRST_ORDER])
                while self.origin.counters()[0] == seen + polls + 1:
                    polls += 1
                first.append((time.monotonic() - begun) * 1e3)
                service.wait_for(batch, ["completed"])
            for _ in range(self.rounds):
                begun = time.monotonic()
                batch = service.submit(range(FIRST_ORDER, FIRST_ORDER + 100_000))
                long.append((time.monotonic() - begun) * 1e3)
                service.ask("POST", f"/v1/batches/{batch}/cancel")
                service.wait_for(batch, ["cancelled"])
        return "submitting", [Finding("one order: until the first request at the origin, ms", first, at_most=50),
                              Finding("100,000 rows: accepted, ms", long, at_most=300)]

    def beside(self):
        """B2 as a batch of the service, alone and with 1,000 requests a second beside it, and by `run`."""
        work = Work(250 if self.quick else 1250, 4, 10 * KIB)
        self.origin.show(work)
        walls = {"run": [], "service": [], "asked": []}
        for _ in range(self.rounds):
            out = self.folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            begun = time.monotonic()
            subprocess.run([self.program, "run", self.origin.list, "--base-url", self.origin.url(), "--cookies",
                            self.origin.cookies, "--cacert", self.origin.ca, "--out", out, "--progress", "none", "-q",
                            "--max-connections", "32"], check=True)
            walls["run"].append(time.monotonic() - begun)
            for name in ("service", "asked"):
                with self.service(pinned=False) as service:
                    if name == "service":
                        walls[name].append(self.run_in(service, work)[0])
                        continue
                    with Wrk(self.folder, Ask(service.url("/v1/batches")), 60, 10, 10, pinned=False):
                        walls[name].append(self.run_in(service, work)[0])
        ratio = [[a / b for a, b in zip(walls[name], walls["run"])] for name in ("service", "asked")]
        return f"{work.orders} orders x 4 x 10 KB, in the service and by run", [
            Finding("run, s", walls["run"]), Finding("service, s", walls["service"]),
            Finding("service to run", ratio[0], at_most=1.05),
            Finding("service that is asked 1,000 times a second to run", ratio[1], at_most=1.10)]

    def slow(self):
        """1,000 clients that never finish a head, beside four that do."""
        if shutil.which("slowhttptest") is None:
            return "1,000 slow clients", [note("left out: slowhttptest is not installed")]
        with self.service() as service:
            before = service.fact("VmRSS")
            report = pathlib.Path(self.folder / "slow.log")
            with open(report, "w") as log:
                attack = subprocess.Popen([*CLIENT_CORE, "slowhttptest", "-c", "1000", "-H", "-i", "3", "-r", "500", "-l",
                                           "12", "-u", service.url("/healthz")], stdout=log, stderr=log,
                                          stdin=subprocess.DEVNULL)
                time.sleep(3)
                with Wrk(self.folder, Ask(service.url("/healthz")), 5, 4, 10) as wrk:
                    got = wrk.result()
                during = service.fact("VmRSS")
                attack.wait()
        return "1,000 slow clients", [Finding("p99 of four others, ms", [got.p99], at_most=50),
                                      Finding("others that were refused", [got.refused + got.broken], at_most=0),
                                      Finding("memory of a slow one, KiB", [(during - before) / 1000 / KIB])]
