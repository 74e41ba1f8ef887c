"""What one run of one program cost, and what is made of several runs."""
import dataclasses
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Sample:
    """Seconds, bytes, and what the origin counted."""
    wall: float
    cpu: float
    memory: int
    requests: int = 0
    connections: int = 0


class Failed(Exception):
    """A program did not do its work; its numbers would mean nothing."""


@dataclasses.dataclass
class Contender:
    """A program on a piece of work: `command(folder)` fetches into the folder, `files` and `size` is what must be
    there then, `status` how it has to end. `prepare()` sets the origin up; `after(folder)` looks closer, and raises
    Failed."""
    name: str
    command: object
    files: int = 0
    size: int = 0
    status: int = 0
    after: object = None
    prepare: object = None


def files_below(folder):
    """Number and bytes of the files that were fetched; pofetch's own ones do not count."""
    count = size = 0
    for path, folders, names in os.walk(folder):
        if ".pofetch" in folders:
            folders.remove(".pofetch")
        for name in names:
            if path == str(folder) and name == "report.csv":
                continue
            count += 1
            size += os.lstat(os.path.join(path, name)).st_size
    return count, size


class Stage:
    """Where programs run: a scratch folder, an origin that counts, and how urgent it all is."""

    def __init__(self, folder, origin, realtime):
        self.folder, self.origin = folder, origin
        self.prefix = ["chrt", "-r", "5"] if realtime else []

    def run(self, contender):
        out, log, cost = self.folder / "out", self.folder / "program.log", self.folder / "cost.json"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        if contender.prepare:
            contender.prepare()
        command = [str(part) for part in contender.command(out)]
        os.sync()  # what earlier runs wrote must not be paid by this one
        before = self.origin.counters()
        with open(log, "w") as file:
            subprocess.run([*self.prefix, sys.executable, "-I", "-S", HERE / "launch.py", cost, *command], stdout=file,
                           stderr=file, check=True)
        after = self.origin.counters()
        told = json.loads(cost.read_text())
        self.check(contender, out, told["status"], log)
        shutil.rmtree(out, ignore_errors=True)
        # The question for `after` is a request, and a connection, as well.
        return Sample(told["wall"], told["user"] + told["system"], told["memory"], after[0] - before[0] - 1,
                      after[1] - before[1] - 1)

    @staticmethod
    def check(contender, out, status, log):
        if status != contender.status:
            report = out / "report.csv"
            said = log.read_text() + (report.read_text() if report.exists() else "")
            raise Failed(f"{contender.name} ended with {status}: {said[-500:].strip()}")
        there = files_below(out)
        if there != (contender.files, contender.size):
            raise Failed(f"{contender.name} left {there[0]} files of {there[1]} bytes, not {contender.files} of "
                         f"{contender.size}: {log.read_text()[-500:].strip()}")
        if contender.after:
            contender.after(out)

    def race(self, contenders, rounds, tell):
        """All of them in turn, round after round, each round beginning with another one."""
        samples = {contender.name: [] for contender in contenders}
        for number in range(rounds):
            first = number % len(contenders)
            for contender in contenders[first:] + contenders[:first]:
                tell(f"round {number + 1} of {rounds}: {contender.name}")
                samples[contender.name].append(self.run(contender))
        return samples


def spread(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def ratios(samples, of, to, field):
    """Round by round, so that what slows the machine for a while slows both."""
    return spread([getattr(a, field) / max(getattr(b, field), 1e-6) for a, b in zip(samples[of], samples[to])])
