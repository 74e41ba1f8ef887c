"""Runs the rows of the service and prints what was found."""
import json
import tempfile
import pathlib

from benchmarks import report
from benchmarks.origin import Origin
from benchmarks.serve.rows import ServeRows


def line_of(finding):
    if not finding.values:
        return "  " + finding.text
    spread = f" ({min(finding.values):,.2f} to {max(finding.values):,.2f})" if len(finding.values) > 1 else ""
    text = f"  {finding.text + ':':62} {finding.median:12,.2f}{spread}"
    if finding.met is None:
        return text
    bound = f"at least {finding.at_least:g}" if finding.at_least is not None else f"at most {finding.at_most:g}"
    return f"{text}  {bound}: {'met' if finding.met else 'MISSED'}"


def measure(program, options, tell):
    """Ends with 0 if everything was measured, whether or not a target was met."""
    rounds = options.rounds or (1 if options.quick else 3)
    wanted = [key for key in options.only.split(",") if key]
    rows = []
    with tempfile.TemporaryDirectory(dir=options.work, prefix="pofetch-bench-") as name:
        folder = pathlib.Path(name)
        with Origin(folder / "origin") as origin:
            for key, make in ServeRows(program, folder, origin, options.quick, rounds).all(wanted).items():
                tell(key)
                title, found = make()
                tell("")
                print("\n".join([f"{key}  {title}; median of {rounds}", *map(line_of, found), ""]), flush=True)
                rows.append({"row": key, "title": title, "findings": [
                    {"text": each.text, "values": each.values, "at_least": each.at_least, "at_most": each.at_most,
                     "met": each.met if each.values else None} for each in found]})
    about = report.machine(options.work or tempfile.gettempdir())
    print(about["text"])
    if options.json:
        options.json.write_text(json.dumps({"schema": "pofetch.bench-serve/1", "machine": about, "quick": options.quick,
                                            "rows": rows}, indent=1) + "\n")
    return 0
