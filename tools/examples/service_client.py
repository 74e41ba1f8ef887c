#!/usr/bin/env python3
"""Has `pofetch serve` fetch a list: service_client.py URL LIST FOLDER. Standard library only; token in POFETCH_TOKEN."""
import json, os, pathlib, shutil, sys, time, urllib.error, urllib.parse, urllib.request, uuid
BASE, LIST, FOLDER = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
TOKEN = {"Authorization": "Bearer " + os.environ["POFETCH_TOKEN"]} if "POFETCH_TOKEN" in os.environ else {}
def ask(path, body=None, fields={}):
    return urllib.request.urlopen(urllib.request.Request(BASE + path, body, TOKEN | fields), timeout=60)
def save(path, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with ask(path) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file)
def events(path):  # goes on behind the last one after a break; 204: there will be none
    last = event = ""
    while True:
        try:
            with ask(path, fields={"Last-Event-ID": last} if last else {}) as stream:
                for line in stream:
                    name, _, value = line.decode().rstrip("\n").partition(": ")
                    if name == "id": last = value
                    if name == "event": event = value
                    if name == "data": yield event, json.loads(value)
                if stream.status == 204 or event == "end": return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as trouble:
            if isinstance(trouble, urllib.error.HTTPError) and trouble.code < 500: raise
        time.sleep(3)
try:
    key = {"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())}  # sent again, it is the same batch
    batch = "/v1/batches/" + json.load(ask("/v1/batches", LIST.read_bytes(), key))["id"]
    for event, data in events(batch + "/events"):
        if event in ("progress", "end"): print(event, data["totals"]["by_status"], flush=True)
    save(batch + "/report", FOLDER / "report.csv")
    page = {"next_cursor": ""}
    while (cursor := page["next_cursor"]) is not None:
        page = json.load(ask(f"{batch}/files?limit=500" + ("&cursor=" + cursor if cursor else "")))
        for file in page["items"]: save(batch + "/files/" + urllib.parse.quote(file["path"]), FOLDER / file["path"])
    for each in json.load(ask(batch + "/errors"))["items"]:
        print(f"{each['count']} x {each['code']}: {each['meaning']} {each['next_step']}")
except urllib.error.HTTPError as refusal:
    problem = json.load(refusal)
    sys.exit(f"{problem.get('detail', problem['title'])} {problem.get('next_step', '')}".strip())
