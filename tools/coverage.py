#!/usr/bin/env python3
"""Line and branch coverage of folders of src/, from a build with POFETCH_COVERAGE whose tests have run.

    tools/coverage.py BUILD [--missing] [--lines PERCENT] [--branches PERCENT] FOLDER...

--missing lists what was not reached; below --lines or --branches in one of the folders the exit state is 1.

What counts: every line that holds code (a closing brace alone holds none), also of files that no test has loaded; of all object files and template
instantiations of a line the sum. A branch counts where the source decides something: on lines with `if`, `for`,
`while`, `case`, `switch`, `&&`, `||` or `?`. Left out are pairs of which one way is that of an exception (every call that may throw
is such a pair for GCC), lines with `co_await`, `co_return` or `co_yield`, which GCC turns into a machine of
states, guards of function-local statics, and with them the initialisation of globals, destructors and what is tidied
up at the end of a scope.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DECIDES = re.compile(r"\b(if|for|while|case|switch)\b|&&|\|\||\?")
GENERATED = re.compile(r"\bco_(await|return|yield)\b|^\s*(static|thread_local)\b|\bif constexpr\b")
BATCH = 20


def source_lines(path):
    """The lines of a file, comments and the insides of literals blanked."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z])\'(?:\\.|[^\'\\\n])+\'', re.S)
    text = pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), path.read_text())
    return text.splitlines()


def deciding_lines(path):
    return {number for number, line in enumerate(source_lines(path), 1)
            if DECIDES.search(line) and not GENERATED.search(line)}


def closing_lines(path):
    """Lines with nothing but a closing brace: what GCC puts there tidies up."""
    return {number for number, line in enumerate(source_lines(path), 1) if re.fullmatch(r"\s*}[;)]*\s*", line)}


def without_exceptions(branches):
    """The branches of one line in one function, without the pairs that an exception makes."""
    kept, i = [], 0
    while i < len(branches):
        pair = branches[i:i + 2]
        if len(pair) == 2 and pair[0]["throw"] != pair[1]["throw"]:
            i += 2
            continue
        if not branches[i]["throw"]:
            kept.append(branches[i])
        i += 1
    return kept


def read_notes(notes, build):
    """What gcov says about these object files (.gcno: also those that never ran)."""
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout", *notes], cwd=scratch,
                              check=True, capture_output=True, text=True)
    for report in done.stdout.splitlines():
        for entry in json.loads(report)["files"]:
            path = pathlib.Path(build, entry["file"])
            yield pathlib.Path(os.path.normpath(path)), entry["lines"]


def measure(build, folders):
    """Per file the counts by line, and by (line, function, index) for branches."""
    lines = collections.defaultdict(collections.Counter)
    branches = collections.defaultdict(collections.Counter)
    deciding, closing = {}, {}
    wanted = [ROOT / folder for folder in folders]
    notes = sorted(str(path) for path in build.rglob("*.gcno"))
    batches = [notes[i:i + BATCH] for i in range(0, len(notes), BATCH)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for reports in pool.map(lambda batch: list(read_notes(batch, build)), batches):
            for path, rows in reports:
                if not any(folder in path.parents for folder in wanted):
                    continue
                name = str(path.relative_to(ROOT))
                if name not in deciding:
                    deciding[name], closing[name] = deciding_lines(path), closing_lines(path)
                for row in rows:
                    number = row["line_number"]
                    if number in closing[name]:
                        continue
                    lines[name][number] += row["count"]
                    if number not in deciding[name]:
                        continue
                    function = re.sub(r"I.*", "", row.get("function_name", ""))  # one for all instantiations
                    for index, branch in enumerate(without_exceptions(row["branches"])):
                        branches[name][number, function, index] += branch["count"]
    return lines, branches


def share(table, folder):
    counts = [count for name, rows in table.items() if name.startswith(folder + "/") for count in rows.values()]
    return 100 * sum(count > 0 for count in counts) / max(len(counts), 1), len(counts)


def print_missing(lines, branches, folder):
    for name in sorted(lines):
        if not name.startswith(folder + "/"):
            continue
        text = (ROOT / name).read_text().splitlines()
        never = {number for number, count in lines[name].items() if count == 0}
        half = collections.Counter(number for (number, _, _), count in branches[name].items() if count == 0)
        for number in sorted(never | set(half)):
            mark = "never" if number in never else f"{half[number]} way(s) not"
            print(f"{name}:{number}: {mark}: {text[number - 1].strip()}")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", type=lambda text: pathlib.Path(text).resolve())
    options.add_argument("folders", nargs="+")
    options.add_argument("--missing", action="store_true")
    options.add_argument("--lines", type=float, default=0)
    options.add_argument("--branches", type=float, default=0)
    given = options.parse_args()
    lines, branches = measure(given.build, given.folders)
    enough = True
    for folder in given.folders:
        if given.missing:
            print_missing(lines, branches, folder)
        (line_share, line_count), (branch_share, branch_count) = share(lines, folder), share(branches, folder)
        good = line_count > 0 and line_share >= given.lines and branch_share >= given.branches
        enough = enough and good
        print(f"{folder:14s} lines {line_share:5.1f} % of {line_count:5d}   branches {branch_share:5.1f} % of "
              f"{branch_count:5d}{'' if good else '   TOO LOW'}")
    if not enough:
        print(f"wanted: lines {given.lines:g} %, branches {given.branches:g} %", file=sys.stderr)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
