#!/usr/bin/env python3
"""Prints line and branch coverage of folders from the .gcda files of a build with POFETCH_COVERAGE.

    tools/coverage.py BUILD FOLDER...
"""
import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
build, folders = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
lines = collections.defaultdict(dict)
branches = collections.defaultdict(dict)
with tempfile.TemporaryDirectory() as scratch:
    data = [str(p) for p in build.rglob("*.gcda")]
    for i in range(0, len(data), 50):
        subprocess.run(["gcov", "--json-format", "--branch-probabilities", *data[i:i + 50]], cwd=scratch, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for report in pathlib.Path(scratch).glob("*.gcov.json.gz"):
        for entry in json.loads(gzip.decompress(report.read_bytes()))["files"]:
            path = pathlib.Path(build, entry["file"]).resolve()
            if root not in path.parents:
                continue
            name = str(path.relative_to(root))
            for line in entry["lines"]:
                number = line["line_number"]
                lines[name][number] = lines[name].get(number, 0) + line["count"]
                for index, branch in enumerate(line["branches"]):
                    if branch["throw"]:
                        continue  # edges that only an exception takes
                    key = (number, index)
                    branches[name][key] = branches[name].get(key, 0) + branch["count"]


def share(table, folder):
    counts = [c for name, rows in table.items() if name.startswith(folder + "/") for c in rows.values()]
    return f"{100 * sum(c > 0 for c in counts) / len(counts):5.1f} % of {len(counts):6d}" if counts else "nothing"


for folder in folders:
    print(f"{folder:14s} lines {share(lines, folder)}   branches {share(branches, folder)}")
