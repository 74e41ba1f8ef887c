"""How long the compiler works: for a build from nothing as tools/demo makes it, and after small changes in the preset dev.

CPU seconds depend less on what else the machine does than the time that passes; both are printed. Nothing comes from a
compiler cache."""
import os
import pathlib
import re
import resource
import subprocess
import tempfile
import time

CHANGES = [("one .cpp of src/core", "src/core/glob.cpp", 15), ("a header of include/pofetch", "include/pofetch/error.hpp", 120)]


def timed(command, **more):
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise SystemExit("bench: " + " ".join(map(str, command)) + " failed:\n" + done.stdout + done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def configured(root, folder, preset):
    timed(["cmake", "--preset", preset, "-B", folder, "-DCMAKE_CXX_COMPILER_LAUNCHER=env"], cwd=root)


def measure(root, rounds):
    subprocess.run([root / "tools/setup", "--build-only"], check=True)
    jobs = subprocess.run([root / "tools/build", "--jobs"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{'build':<45} {'wall':>8} {'CPU':>8} {'at most':>8}   ({jobs} compilers at once, {os.cpu_count()} cores)")

    def build(folder, targets):
        return timed(["cmake", "--build", folder, "-j", jobs, "--target", *targets, "--", "--quiet"])

    def row(name, samples, budget):
        wall, cpu = sorted(samples)[len(samples) // 2]
        over = "  over" if wall > budget else ""
        print(f"{name:<45} {wall:>6.0f} s {cpu:>6.0f} s {budget:>6} s{over}", flush=True)

    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="pofetch-build-") as folder:
            configured(root, folder, "demo")
            row("from nothing: program and simulator, demo", [build(folder, ["pofetch_program", "coupa-sim"])], 170)
    with tempfile.TemporaryDirectory(prefix="pofetch-build-") as folder:
        # In a copy of the sources, so that nothing of the user's is touched.
        copy = pathlib.Path(folder) / "pofetch"
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.split(b"\0")
        for name in (each.decode() for each in listed if each):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            if (root / name).is_file():
                (copy / name).write_bytes((root / name).read_bytes())
                (copy / name).chmod((root / name).stat().st_mode)
        target = str(copy / "build/dev")
        configured(copy, target, "dev")
        row("from nothing: program, dev", [build(target, ["pofetch_program"])], 170)
        for name, file, budget in CHANGES:
            changed = copy / file
            text = changed.read_text()
            samples = []
            for number in range(rounds):
                changed.write_text(re.sub(r"\Z", f"// {number}\n", text))
                samples.append(build(target, ["pofetch_program"]))
            row("after a change in " + name + ", dev", samples, budget)
    return 0
