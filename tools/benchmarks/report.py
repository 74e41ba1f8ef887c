"""Measured rows as a table and as JSON."""
import dataclasses
import os
import pathlib
import platform
import subprocess

from benchmarks.measure import ratios, spread

UNITS = {"wall": "wall", "cpu": "CPU"}


def result_of(row, samples):
    """Everything that was measured of a row, ready for JSON."""
    claims = []
    for claim in row.claims:
        field, against, budget = claim.field, claim.against, claim.budget
        of = claim.of or row.contenders[0].name
        if isinstance(against, str):
            value = ratios(samples, of, against, field)
        else:
            value = spread([getattr(each, field) / against for each in samples[of]])
        claims.append({"of": of, "field": field, "against": against, "ratio": value, "at_most": budget,
                       "met": None if budget is None else value["median"] <= budget})
    programs = {name: {"runs": [dataclasses.asdict(each) for each in runs],
                       **{field: spread([getattr(each, field) for each in runs])
                          for field in ("wall", "cpu", "memory", "requests", "connections")}}
                for name, runs in samples.items()}
    return {"row": row.key, "title": row.title, "rounds": row.rounds, "programs": programs, "ratios": claims,
            "notes": [{"text": text, "value": value, "at_most": budget,
                       "met": None if budget is None else value <= budget}
                      for text, value, budget in (row.notes(samples) if row.notes else [])]}


def as_table(result):
    lines = [f"{result['row']}  {result['title']}; median of {result['rounds']} (min to max)",
             f"  {'':18} {'wall s':>22} {'CPU s':>22} {'peak MB':>8} {'requests':>9} {'connections':>12}"]
    for name, each in result["programs"].items():
        wall, cpu = each["wall"], each["cpu"]
        lines.append(f"  {name:18} {three(wall):>22} {three(cpu):>22} {each['memory']['median'] / 1e6:8.1f} "
                     f"{each['requests']['median']:9.0f} {each['connections']['median']:12.0f}")
    for claim in result["ratios"]:
        ratio = claim["ratio"]
        against = claim["against"] if isinstance(claim["against"], str) else f"the ideal {claim['against']:.3f} s"
        text = f"  {claim['of']} to {against}, {UNITS.get(claim['field'], claim['field'])}:"
        value = f"{ratio['median']:6.2f} ({ratio['min']:.2f} to {ratio['max']:.2f})"
        lines.append(f"{text:60} {value}{verdict_of(claim)}")
    for note in result["notes"]:
        value = "" if note["value"] is None else f": {note['value']:.2f}"
        lines.append(f"  {note['text']}{value}{verdict_of(note)}")
    return "\n".join(lines) + "\n"


def verdict_of(claim):
    return "" if claim["met"] is None else f"  budget {claim['at_most']:g}: {'met' if claim['met'] else 'MISSED'}"


def three(values):
    return f"{values['median']:.2f} ({values['min']:.2f} to {values['max']:.2f})"


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return ""


def machine(folder):
    """Where the numbers come from; `folder` is where files were fetched to."""
    info = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), platform.machine())
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) / (1 << 20)
    nginx = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip().rsplit("/", 1)[-1]
    versions = [first_line("curl", "--version").split(" (")[0], first_line("aria2c", "--version").replace(" version", ""),
                first_line("wget2", "--version").split(" - ")[0], f"nginx {nginx}"]
    load = os.getloadavg()[0]
    kind = first_line("findmnt", "-n", "-o", "FSTYPE", "-T", str(folder))
    text = (f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, files on {kind}, load {load:.1f}; "
            "server and programs on the same machine; " + ", ".join(versions))
    return {"text": text, "file_system": kind, "cpu": cpu, "cores": os.cpu_count(), "memory_gib": round(memory),
            "kernel": platform.release(), "load": load, "versions": versions}
