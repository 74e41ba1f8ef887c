"""The neutral server: nginx with TLS on loopback, which serves orders in the shape of Coupa's pages.

Every order number exists. Its page is made from one template (server-side includes put the number in), its attachments
are all one body, so that a site of a hundred thousand orders takes no room and no time to make. What differs from
server to server stands in the port: see `PORTS`.
"""
import dataclasses
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

FIRST_ORDER = 7000001
LATENCY = 0.05
PORTS = ("plain", "late", "fresh", "foreign", "slow", "closed")
# late: LATENCY before every answer; fresh: one request a connection; foreign: the same, and no TLS session can be
# resumed; slow: bodies at SLOW_RATE; closed: everything leads to signing in
SLOW_RATE = 8 << 10

CONFIG = """
daemon off;
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
{modules}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  default_type application/octet-stream;
  types {{ text/html html; application/pdf pdf; }}
  root {folder}/site;
  open_file_cache max=100;
  tcp_nodelay on;
  keepalive_timeout 60s;
  keepalive_requests 1000000;
  ssl_certificate {folder}/server.pem;
  ssl_certificate_key {folder}/server.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  map $request_uri $order {{ ~^/order_headers/(?<digits>\\d+) $digits; default ""; }}
  map $request_uri $file {{ ~^/attachment/attachment_file/type/\\d+/(?<name>[^/?]+)$ $name; default ""; }}
  map $request_uri $what {{ ~^/order_headers/\\d+$ /page; ~^/attachment/ /body; /order_headers /orders; default /none; }}
  server {{ listen 127.0.0.1:{status}; location / {{ stub_status; }} }}
{servers}
}}
"""

SERVER = """
  server {{
    listen 127.0.0.1:{port} ssl backlog=4096;
    {settings}
    location / {{ {first} echo_exec $what; }}
    location = /page {{ internal; ssi on; try_files /page.html =404; }}
    location = /orders {{ internal; try_files /orders.html =404; }}
    location = /body {{ internal; add_header Content-Disposition 'attachment; filename="$file"'; try_files /body.pdf =404; }}
    location = /none {{ internal; return 404; }}
  }}
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Purchase Order #{order}</title></head>
<body>
<header><nav>
<a href="/order_headers">Orders</a> <a href="/requisition_headers/new">Request something</a>
<a href="/help/downloads">Help with downloads</a> <a href="#content">To the content</a>
<a href="javascript:void(0)">More</a> <a href="mailto:help@example.com">Contact</a>
</nav></header>
<form id="topForm" method="post" action="/order_headers/update">
<h1>Purchase Order #{order}</h1>
<span class="po-supplier-name bold">Example Supplies Ltd.</span>
</form>
<a href="/order_headers/{order}/download_pdf" title="Download PDF">Print view</a>
<h2>Attachments</h2>
<ul class="files">
{files}</ul>
<table class="lines">
{lines}</table>
<footer><a href="/help/about">About</a> <a href="#top">Top</a></footer>
</body>
</html>
"""

FILE = """<li class="attachment" data-url="/attachments/{order}{number}">
<span class="attachment-file" data-url="{path}">
<span role="button" title="quote-{number}.pdf" aria-label="quote-{number}.pdf file attachment">quote-{number}.pdf</span>
</span></li>
"""


def path_of(order, number):
    return f"/attachment/attachment_file/type/{order}{number}/quote-{number}.pdf"


@dataclasses.dataclass
class Work:
    """Orders, attachments of each, bytes of each."""
    orders: int
    files: int
    size: int

    @property
    def all_files(self):
        return self.orders * self.files

    @property
    def bytes(self):
        return self.all_files * self.size

    def numbers(self):
        return range(FIRST_ORDER, FIRST_ORDER + self.orders)

    def paths(self):
        return [(order, number, path_of(order, number)) for order in self.numbers() for number in range(self.files)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Origin:
    """Runs while the `with` block does. `show(work)` changes what it serves."""

    def __init__(self, folder, prefix=()):
        self.folder, self.prefix = pathlib.Path(folder), list(prefix)
        (self.folder / "site").mkdir(parents=True)
        self.ca, self.cookies = self.folder / "ca.pem", self.folder / "cookies.txt"
        self.list = self.folder / "orders.csv"
        self.ports = {name: free_port() for name in PORTS}
        self.status_port = free_port()
        self.process = None

    def url(self, port="plain"):
        return f"https://localhost:{self.ports[port]}"

    def show(self, work):
        site = self.folder / "site"
        number = '<!--# echo var="order" -->'
        files = "".join(FILE.format(order=number, number=i, path=path_of(number, i)) for i in range(work.files))
        lines = "".join(f"<tr class=\"line\"><td>{i}</td><td>Item {i:05x}</td><td>{i * 7}.50</td><td>EUR</td></tr>\n"
                        for i in range(24))
        self.put(site / "page.html", PAGE.format(order=number, files=files, lines=lines).encode())
        orders = PAGE.format(order=1, files="", lines="").replace("Purchase Order", "Orders")
        self.put(site / "orders.html", orders.encode())
        self.put(site / "body.pdf", b"%PDF-1.7\n", work.size)
        self.list_only(work)
        self.reload()

    def list_only(self, work):
        """Another list for the site that is shown; its pages differ in nothing but the number."""
        with open(self.list, "w") as file:
            file.write("po_number\n")
            file.writelines(f"{order}\n" for order in work.numbers())

    def manifest(self, work, port="plain"):
        """The same work as a list of addresses."""
        path = self.folder / "manifest.csv"
        rows = "".join(f"{order},{self.url(port)}{file}\n" for order, _, file in work.paths())
        path.write_text("po_number,url\n" + rows)
        return path

    @staticmethod
    def put(path, text, size=None):
        new = path.with_suffix(".new")
        with open(new, "wb") as file:
            file.write(text)
            if size is not None:
                file.truncate(size)
        new.replace(path)

    def reload(self):
        """nginx keeps open files; a new process does not. Ends only when the new one answers."""
        self.stop()
        self.process = subprocess.Popen([*self.prefix, "nginx", "-c", self.folder / "nginx.conf", "-p", self.folder])
        for _ in range(200):
            try:
                self.counters()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("bench: nginx does not start: " + (self.folder / "error.log").read_text())

    def counters(self):
        """Requests and connections since the start, that of this question among them."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.status_port}/", timeout=5) as answer:
            accepted, _, requests = answer.read().decode().splitlines()[2].split()
        return int(requests), int(accepted)

    def __enter__(self):
        self.make_certificates()
        self.cookies.write_text("# Netscape HTTP Cookie File\nlocalhost\tFALSE\t/\tTRUE\t0\t_coupa_session\tbenchmark\n")
        self.cookies.chmod(0o600)
        module = "/usr/lib/nginx/modules/ngx_http_echo_module.so"
        if not os.path.exists(module):
            raise SystemExit("bench: nginx has no echo module; run tools/bench once with the right to install packages")
        same = {"plain": "", "late": "", "fresh": "keepalive_requests 1;",
                "foreign": "keepalive_requests 1; ssl_session_cache off; ssl_session_tickets off;",
                "slow": f"limit_rate {SLOW_RATE};", "closed": ""}
        first = {"late": f"echo_sleep {LATENCY};", "closed": "return 302 /sessions/new;"}
        servers = "".join(SERVER.format(port=port, settings=same[name], first=first.get(name, ""))
                          for name, port in self.ports.items())
        (self.folder / "nginx.conf").write_text(CONFIG.format(
            user="user root;" if os.getuid() == 0 else "", folder=self.folder, workers=os.cpu_count(),
            modules=f"load_module {module};", status=self.status_port, servers=servers))
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def make_certificates(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=Benchmark CA", "-keyout", "ca.key", "-out", "ca.pem")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-keyout",
                "server.key", "-out", "server.csr")
        (self.folder / "san.txt").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "san.txt", "-out", "server.pem")
