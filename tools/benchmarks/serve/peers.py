"""What other programs answer when they are asked for the state of one piece of work, each as its own clients do it.

A peer that is not installed, or does not start, is left out, and said so."""
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request

from benchmarks.origin import free_port
from benchmarks.serve.load import SERVER_CORE, Ask

NGINX = """
daemon off; {user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log error;
events {{ worker_connections 2048; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""
QBITTORRENT = "[LegalNotice]\nAccepted=true\n[Preferences]\nWebUI\\LocalHostAuth=false\nWebUI\\Address=127.0.0.1\n"


class Absent(Exception):
    """It cannot be measured here."""


def send(ask):
    request = urllib.request.Request(ask.url, ask.body.encode() or None, ask.fields, method=ask.method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read()


class Peer:
    """Runs from `begin(folder)` to `end()`; `asks` are its requests by name."""
    name = program = ""

    def __init__(self):
        self.process, self.asks, self.port = None, {}, free_port()

    def url(self, target):
        return f"http://127.0.0.1:{self.port}{target}"

    def begin(self, folder):
        if shutil.which(self.program) is None:
            raise Absent("not installed")
        folder.mkdir(exist_ok=True)
        with open(folder / "log", "w") as log:
            self.process = subprocess.Popen([*SERVER_CORE, *map(str, self.command(folder))], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        why = None
        for _ in range(200):
            try:
                self.asks = self.ways()
                for each in self.asks.values():
                    send(each)
                return self
            except (OSError, KeyError, ValueError) as problem:
                why = problem
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.end()
        raise Absent(f"does not start: {why}")

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Rclone(Peer):
    name = program = "rclone"

    def command(self, folder):
        return ["rclone", "rcd", "--rc-no-auth", "--rc-addr", f"127.0.0.1:{self.port}", "--rc-job-expire-duration", "1h",
                "--config", folder / "rclone.conf", "--cache-dir", folder]

    def post(self, target, body):
        return Ask(self.url(target), "POST", json.dumps(body), {"Content-Type": "application/json"})

    def ways(self):
        job = json.loads(send(self.post("/rc/noop", {"_async": True})))["jobid"]
        return {"rc/noop": self.post("/rc/noop", {}), "job/status": self.post("/job/status", {"jobid": job})}


class Aria2(Peer):
    name, program = "aria2", "aria2c"

    def command(self, folder):
        return ["aria2c", "--no-conf", "--enable-rpc", f"--rpc-listen-port={self.port}", f"--dir={folder}", "--quiet",
                "--disable-ipv6"]

    def call(self, method, *words):
        return Ask(self.url("/jsonrpc"), "POST", json.dumps({"jsonrpc": "2.0", "id": "1", "method": method,
                                                             "params": words}), {"Content-Type": "application/json"})

    def ways(self):
        work = json.loads(send(self.call("aria2.addUri", ["http://127.0.0.1:1/x"], {"pause": "true"})))["result"]
        return {"tellStatus": self.call("aria2.tellStatus", work)}


class Transmission(Peer):
    name, program = "transmission", "transmission-daemon"

    def command(self, folder):
        return ["transmission-daemon", "--foreground", "--config-dir", folder, "--download-dir", folder, "--no-auth",
                "--port", self.port, "--rpc-bind-address", "127.0.0.1", "--no-portmap", "--no-dht", "--no-lpd",
                "--peerport", free_port()]

    def ways(self):
        fields = {"Content-Type": "application/json"}
        ask = Ask(self.url("/transmission/rpc"), "POST", '{"method":"session-get"}', fields)
        try:
            send(ask)
        except urllib.error.HTTPError as refused:
            if refused.code != 409:
                raise
            fields["X-Transmission-Session-Id"] = refused.headers["X-Transmission-Session-Id"]
        return {"session-get": ask}


class Qbittorrent(Peer):
    name, program = "qbittorrent", "qbittorrent-nox"

    def command(self, folder):
        where = folder / "qBittorrent/config"
        where.mkdir(parents=True, exist_ok=True)
        (where / "qBittorrent.conf").write_text(QBITTORRENT)
        return ["qbittorrent-nox", f"--profile={folder}", f"--webui-port={self.port}"]

    def ways(self):
        return {"transfer/info": Ask(self.url("/api/v2/transfer/info"))}


class Prometheus(Peer):
    name = program = "prometheus"

    def command(self, folder):
        (folder / "prometheus.yml").write_text("global: {}\n")
        return ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{self.port}"]

    def ways(self):
        return {"/-/healthy": Ask(self.url("/-/healthy"))}


class Nginx(Peer):
    """Serves files of `site`."""
    name = program = "nginx"

    def __init__(self, files):
        super().__init__()
        self.files = files

    def command(self, folder):
        (folder / "site").mkdir(exist_ok=True)
        for name, make in self.files.items():
            make(folder / "site" / name)
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(NGINX.format(user=user, folder=folder, port=self.port))
        return ["nginx", "-c", folder / "nginx.conf", "-p", folder]

    def ways(self):
        return {name: Ask(self.url("/" + name)) for name in self.files}


APPLICATIONS = (Rclone, Aria2, Transmission, Qbittorrent, Prometheus)
