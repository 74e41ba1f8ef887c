"""The pieces of work. Each row: what is done, by whom, and what of it is held against what."""
import dataclasses
import statistics

from benchmarks import programs
from benchmarks.measure import Contender, Failed
from benchmarks.origin import LATENCY, Work

KB, KIB, GIB = 1000, 1 << 10, 1 << 30
LIST_PEERS = (programs.curl, programs.aria2, programs.wget2)


@dataclasses.dataclass
class Claim:
    """`field` of contender `of` (none: the first) against a contender or a number; at most `budget` if there is one."""
    field: str
    against: object
    budget: float = None
    of: str = None


@dataclasses.dataclass
class Row:
    """`notes(samples)`: what follows from the numbers beyond ratios, a list of (text, value, budget or None)."""
    key: str
    title: str
    contenders: list
    rounds: int
    claims: list = dataclasses.field(default_factory=list)
    notes: object = None


class Rows:
    """Builds rows for one program, or several builds of it. `quick` takes less work; titles say how much."""

    def __init__(self, builds, origin, quick, rounds):
        self.builds, self.origin, self.quick, self.rounds = builds, origin, quick, rounds

    def all(self, wanted):
        """What makes each row that is wanted; every one if none is named."""
        made = {"B1": self.latency, "B1a": self.one_order, "B2": self.small_files, "B3": self.large_files,
                "B4a": self.slow_downloads, "B4b": self.million, "B5": self.growth, "pool": self.pool,
                "handshake": self.handshakes, "threads": self.threads, "parts": self.parts}
        unknown = [key for key in wanted if key not in made]
        if unknown:
            raise SystemExit(f"bench: there is no row {', '.join(unknown)}; choose among {', '.join(made)}")
        return [make for key, make in made.items() if not wanted or key in wanted]

    def ours(self, work, *options, **more):
        """One contender a build, the first of them called pofetch."""
        return [programs.pofetch(path, self.origin, work, *options, name=name, **more) for name, path in self.builds]

    def variant(self, name, work, *options, **more):
        return programs.pofetch(self.builds[0][1], self.origin, work, *options, name=name, **more)

    def few_rounds(self):
        """Of work that takes long, or that has many contenders."""
        return 1 if self.quick else min(self.rounds, 3)

    # --- the budgets ---

    def latency(self):
        work = Work(40 if self.quick else 200, 4, 100 * KB)
        self.origin.show(work)
        ideal = (work.orders + work.all_files) * LATENCY / 16
        contenders = self.ours(work, "--max-connections", 16, port="late")
        peers = (programs.curl, programs.aria2, programs.httpx)
        contenders += [peer(self.origin, work, 16, port="late") for peer in peers]
        return Row("B1", f"{work.orders} orders x 4 x 100 KB, 50 ms before every answer, 16 in flight", contenders,
                   self.rounds, [Claim("wall", ideal, 1.05), Claim("wall", "httpx")],
                   lambda _: [("curl and aria2 have the addresses already: their ideal is "
                               f"{work.all_files * LATENCY / 16:.3f} s", None, None)])

    def one_order(self):
        work = Work(1, 4, 100 * KB)
        self.origin.show(work)
        return Row("B1a", "1 order x 4 x 100 KB, 50 ms before every answer", [
            self.variant("4 at once", work, "--workers", 1, "--max-concurrent", 4, port="late"),
            self.variant("one by one", work, "--workers", 1, "--max-concurrent", 1, port="late")],
            self.rounds, [Claim("wall", "one by one", 1 / 1.6)],
            lambda _: [("60 % faster is 1/1.6 of the time; of the whole run, with start, probe, page, sync and report", None,
                        None)])

    def small_files(self):
        work = Work(250 if self.quick else 1250, 4, 10 * KIB)
        self.origin.show(work)
        contenders = self.ours(work, "--max-connections", 32)
        contenders += [peer(self.origin, work, 32) for peer in (*LIST_PEERS, programs.curl_and_sync,
                                                              programs.curl_sync_and_digest, programs.httpx)]
        claims = [Claim(field, peer, 1.0) for peer in ("curl", "aria2") for field in ("wall", "cpu")]
        claims += [Claim("cpu", "curl, sync, sha256sum", 1.0), Claim("wall", "curl, sync, sha256sum")]
        claims += [Claim(field, peer) for peer in ("curl, sync", "wget2", "httpx") for field in ("wall", "cpu")]
        return Row("B2", f"{work.orders} orders x 4 x 10 KB, no latency, 32 in flight", contenders, self.rounds, claims)

    def large_files(self):
        work = Work(1, 4, GIB // 8 if self.quick else GIB)
        spread = Work(4, 1, work.size)
        self.origin.show(work)
        contenders = self.ours(work, "--max-concurrent", 4)
        for one in contenders:
            one.prepare = lambda: self.origin.show(work)
        four = self.variant("in 4 orders", spread)
        four.prepare = lambda: self.origin.show(spread)
        contenders += [four]
        for name, options in (("no sync", ("--durability", "none")), ("no hash", ("--hash", "none")),
                              ("no hash, no sync", ("--hash", "none", "--durability", "none"))):
            one = self.variant(name, work, "--max-concurrent", 4, *options)
            one.prepare = lambda: self.origin.show(work)
            contenders.append(one)
        contenders += [peer(self.origin, work, 4) for peer in (programs.curl, programs.curl_and_sync,
                                                               programs.curl_sync_and_digest, programs.aria2)]
        return Row("B3", f"4 x {work.size / GIB:g} GiB, 4 in flight", contenders, self.few_rounds(),
                   [Claim("wall", "curl", 1.0), Claim("wall", "curl", 1.0, "in 4 orders"),
                    Claim("cpu", "curl", 1.0, "no hash"), Claim("wall", "curl, sync"), Claim("cpu", "curl, sync"),
                    Claim("wall", "curl, sync, sha256sum", 0.75), Claim("cpu", "curl, sync, sha256sum", 0.95),
                    Claim("wall", "curl", None, "no sync"), Claim("wall", "curl", None, "no hash, no sync"),
                    Claim("cpu", "curl", None, "no hash, no sync")])

    def slow_downloads(self):
        many, few = (200, 20) if self.quick else (1000, 20)
        size = 16 * KIB if self.quick else 64 * KIB
        work, less = Work(many // 4, 4, size), Work(few // 4, 4, size)
        self.origin.show(work)
        options = ["--workers", many // 4, "--max-connections", many]
        base = self.variant(f"{few} at once", less, "--workers", few // 4, "--max-connections", few, port="slow")
        base.prepare = lambda: self.origin.list_only(less)
        slow = self.variant(f"{many} at once", work, *options, port="slow")
        slow.prepare = lambda: self.origin.list_only(work)

        def notes(samples):
            most, least = (statistics.median(run.memory for run in samples[each.name]) for each in (slow, base))
            each = (most - least) / (many - few) / KIB
            return [(f"memory for each of {many - few} more downloads at once, KiB", each, 96)]
        return Row("B4a", f"{many} slow downloads at once", [slow, base], 1, notes=notes)

    def million(self):
        """A list of a million orders into the ledger and out again; nobody is signed in, so that nothing is fetched."""
        few, many = (10_000, 100_000) if self.quick else (100_000, 1_000_000)
        program = self.builds[0][1]

        def run(count):
            def command(out):
                return [program, "run", self.origin.list, "--base-url", self.origin.url("closed"), "--cookies",
                        self.origin.cookies, "--cacert", self.origin.ca, "--out", out, "--progress", "none", "-q"]
            made = Contender(f"list of {count}", command, status=3, after=lambda out: self.read_back(program, out, count))
            made.prepare = lambda: self.origin.list_only(Work(count, 0, 0))
            return made
        contenders = [run(many), run(few)]

        def notes(samples):
            most, least = (statistics.median(each.memory for each in samples[one.name]) for one in contenders)
            return [(f"peak for {many} orders, MB", most / 1e6, 150),
                    (f"{many} orders to {few}, memory", most / least, None)]
        self.origin.show(Work(1, 0, 0))
        return Row("B4b", f"{many} orders in the ledger: list read in, run ended for want of a session, report written",
                   contenders, 1, notes=notes)

    @staticmethod
    def read_back(program, out, count):
        """The report has a row for each; the ledger answers."""
        with open(out / "report.csv", "rb") as file:
            rows = sum(1 for _ in file) - 1
        if rows != count:
            raise Failed(f"the report of {program} has {rows} rows, not {count}")

    def growth(self):
        sizes = [1_000, 4_000] if self.quick else [1_000, 10_000, 100_000]
        contenders = []
        for count in sizes:
            work = Work(count, 1, KB)
            one = self.variant(f"{count} orders", work, "--max-connections", 32)
            one.prepare = lambda work=work: self.origin.list_only(work)
            contenders.append(one)
        self.origin.show(Work(1, 1, KB))

        def notes(samples):
            each = [statistics.median(run.cpu for run in samples[one.name]) / count * 1e6
                    for one, count in zip(contenders, sizes)]
            told = [(f"CPU an order, {count} orders, microseconds", cpu, None) for count, cpu in zip(sizes, each)]
            told += [(f"CPU an order, {later} to {earlier} orders", b / a, 1.10)
                     for earlier, later, a, b in zip(sizes, sizes[1:], each, each[1:])]
            return told
        return Row("B5", "orders with 1 x 1 KB, no latency, 32 in flight", contenders, 1, notes=notes)

    # --- what costs what ---

    def pool(self):
        """One order; its attachments by how many of them may be fetched at once."""
        contenders = []
        counts = (1, 4) if self.quick else (1, 2, 4, 8)
        for files in counts:
            for at_once in counts:
                work = Work(1, files, 100 * KB)
                one = self.variant(f"{files} files, {at_once} at once", work, "--workers", 1, "--max-concurrent", at_once,
                                   port="late")
                one.prepare = lambda work=work: self.origin.show(work)
                contenders.append(one)
        pairs = [(files, at_once) for files in counts for at_once in counts if 1 < at_once <= files]
        claims = [Claim("wall", f"{files} files, 1 at once", 1 / 1.3 if at_once == files else None,
                        f"{files} files, {at_once} at once") for files, at_once in pairs]
        return Row("pool", "one order, 50 ms before every answer, by --max-concurrent", contenders, self.few_rounds(),
                   claims)

    def handshakes(self):
        work = Work(50 if self.quick else 250, 4, 10 * KIB)
        self.origin.show(work)
        options = ["--max-connections", 16]

        def notes(samples):
            told = []
            for how in ("resumed", "full"):
                pairs = zip(samples[f"new, {how}"], samples["kept"])
                each = statistics.median((a.cpu - b.cpu) / (a.connections - b.connections) for a, b in pairs)
                told.append((f"CPU of a new connection, {how}, microseconds", each * 1e6, None))
            return told
        return Row("handshake", f"{work.orders} orders x 4 x 10 KB: connections kept, or a new one for every request", [
            self.variant("kept", work, *options), self.variant("new, resumed", work, *options, port="fresh"),
            self.variant("new, full", work, *options, port="foreign")], self.rounds,
            [Claim(field, "kept", None, of) for of in ("new, resumed", "new, full") for field in ("cpu", "wall")], notes)

    def threads(self):
        work = Work(250 if self.quick else 1250, 4, 10 * KIB)
        self.origin.show(work)
        return Row("threads", f"{work.orders} orders x 4 x 10 KB, 32 in flight, by --io-threads", [
            self.variant("2 threads", work, "--max-connections", 32, "--io-threads", 2),
            self.variant("1 thread", work, "--max-connections", 32, "--io-threads", 1)], self.rounds,
            [Claim("wall", "1 thread"), Claim("cpu", "1 thread")])

    def parts(self):
        """Digest, durability, and discovery with the ledger's intake: each alone."""
        work = Work(250 if self.quick else 1250, 4, 10 * KIB)
        self.origin.show(work)
        manifest = self.origin.manifest(work)
        options = ["--max-connections", 32]
        only_pages = self.variant("only pages", work, *options, "--exclude", "*")
        only_pages.files = only_pages.size = 0
        return Row("parts", f"{work.orders} orders x 4 x 10 KB, 32 in flight: what one part costs", [
            self.variant("all on", work, *options), self.variant("no hash", work, *options, "--hash", "none"),
            self.variant("no sync", work, *options, "--durability", "none"),
            self.variant("sync a file", work, *options, "--durability", "file"),
            self.variant("no pages", work, *options, source=manifest),
            only_pages], self.few_rounds(),
            [Claim(field, "all on", None, of) for of in ("no hash", "no sync", "sync a file", "no pages", "only pages")
             for field in ("cpu", "wall")])
