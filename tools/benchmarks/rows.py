"""The pieces of work. Each row: what is done, by whom, and what of it is held against what."""
import dataclasses

from benchmarks import programs
from benchmarks.origin import LATENCY, Work

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclasses.dataclass
class Row:
    """`claims`: (field, against which contender or number of seconds, at most or None, [of which contender])."""
    key: str
    title: str
    contenders: list
    claims: list
    rounds: int
    notes: list = dataclasses.field(default_factory=list)


class Rows:
    """Builds rows for one program on one origin. `quick` takes less work, and says so in the title."""

    def __init__(self, builds, origin, quick, rounds):
        self.builds, self.origin, self.quick, self.rounds = builds, origin, quick, rounds

    def all(self, wanted):
        """What makes each row that is wanted; every one if none is named."""
        made = {"B2": self.b2}
        unknown = [key for key in wanted if key not in made]
        if unknown:
            raise SystemExit(f"bench: there is no row {', '.join(unknown)}; choose among {', '.join(made)}")
        return [make for key, make in made.items() if not wanted or key in wanted]

    def ours(self, work, *options, **more):
        """One contender a build, the first of them called pofetch."""
        return [programs.pofetch(path, self.origin, work, *options, name=name, **more) for name, path in self.builds]

    def b2(self):
        work = Work(250 if self.quick else 1250, 4, 10 * KIB)
        self.origin.show(work)
        contenders = self.ours(work, "--max-connections", 32)
        contenders += [peer(self.origin, work, 32) for peer in (programs.curl, programs.aria2, programs.wget2, programs.httpx)]
        claims = [("wall", "curl", 1.0), ("cpu", "curl", 1.0), ("wall", "aria2", 1.0), ("cpu", "aria2", 1.0),
                  ("wall", "wget2", None), ("cpu", "wget2", None), ("wall", "httpx", None), ("cpu", "httpx", None)]
        return Row("B2", f"{work.orders} orders x 4 x 10 KB, no latency, 32 in flight", contenders, claims, self.rounds)
