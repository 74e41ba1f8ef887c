"""pofetch and its peers, each with the options that serve it best on this work."""
import pathlib

from benchmarks.measure import Contender

HERE = pathlib.Path(__file__).resolve().parent


def pofetch(program, origin, work, *options, port="plain", name="pofetch", source=None, **more):
    """Finds, fetches, hashes, commits and reports, unless the options say otherwise. `source`: another list."""
    def command(out):
        return [program, "run", source or origin.list, "--base-url", origin.url(port), "--cookies", origin.cookies,
                "--cacert", origin.ca, "--out", out, "--progress", "none", "-q", *options]
    return Contender(name, command, work.all_files, work.bytes, **more)


def curl(origin, work, at_once, port="plain"):
    """The bare list of addresses: nothing to find, nothing checked, nothing remembered."""
    def command(out):
        config = origin.folder / "curl.txt"
        config.write_text("".join(f'url = "{origin.url(port)}{path}"\noutput = "{out}/{order}-{number}.pdf"\n'
                                  for order, number, path in work.paths()))
        return ["curl", "--parallel", "--parallel-immediate", "--parallel-max", at_once, "--http1.1", "--fail", "--silent",
                "--show-error", "--cacert", origin.ca, "--cookie", origin.cookies, "--config", config]
    return Contender("curl", command, work.all_files, work.bytes)


def curl_and_sync(origin, work, at_once, port="plain"):
    """curl, and afterwards everything on stable storage: the nearest to what pofetch promises."""
    bare = curl(origin, work, at_once, port)

    def command(out):
        return ["sh", "-c", '"$@" && sync -f "$0"', out, *bare.command(out)]
    return Contender("curl, sync", command, work.all_files, work.bytes)


def curl_sync_and_digest(origin, work, at_once, port="plain"):
    """The same, and then the SHA-256 of every file: what pofetch does with its defaults."""
    bare = curl(origin, work, at_once, port)

    def command(out):
        return ["sh", "-c", '"$@" && sync -f "$0" && cd "$0" && find . -name "*.pdf" -exec sha256sum {} + > /dev/null', out,
                *bare.command(out)]
    return Contender("curl, sync, sha256sum", command, work.all_files, work.bytes)


def aria2(origin, work, at_once, port="plain"):
    """The same list. It syncs every file by itself, and has no option against it."""
    def command(out):
        config = origin.folder / "aria2.txt"
        config.write_text("".join(f"{origin.url(port)}{path}\n  out={order}-{number}.pdf\n"
                                  for order, number, path in work.paths()))
        return ["aria2c", "--no-conf", "--input-file", config, "--dir", out, f"--max-concurrent-downloads={at_once}",
                "--max-connection-per-server=1", "--split=1", "--file-allocation=none", "--auto-save-interval=0",
                "--quiet=true", "--console-log-level=error", "--summary-interval=0", "--disable-ipv6=true",
                f"--ca-certificate={origin.ca}", f"--load-cookies={origin.cookies}"]
    return Contender("aria2", command, work.all_files, work.bytes)


def wget2(origin, work, at_once, port="plain"):
    def command(out):
        config = origin.folder / "wget2.txt"
        config.write_text("".join(f"{origin.url(port)}{path}\n" for _, _, path in work.paths()))
        return ["wget2", "--no-config", "--quiet", "--input-file", config, "--directory-prefix", out, "--force-directories",
                f"--max-threads={at_once}", "--no-http2", "--no-robots", "--no-hsts", "--no-tls-resume", "--no-ocsp",
                f"--ca-certificate={origin.ca}", f"--load-cookies={origin.cookies}"]
    return Contender("wget2", command, work.all_files, work.bytes)


def httpx(origin, work, at_once, port="plain"):
    """The way in which this job is done without pofetch: asyncio and httpx, files of one order one after another."""
    def command(out):
        return ["/usr/bin/python3", HERE / "httpx_way.py", origin.url(port), origin.list, out, origin.ca, at_once]
    return Contender("httpx", command, work.all_files, work.bytes)
