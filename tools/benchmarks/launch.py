"""Runs one command and writes what it cost as JSON:  launch.py RESULT COMMAND...

A process of its own, because the peak memory that the kernel reports for a child is at least that of its parent when
it was started: this one is small.
"""
import json
import os
import sys
import time

result, command = sys.argv[1], sys.argv[2:]
begun = time.monotonic()
# What this machine's user has set for certificates, proxies or pofetch is not part of what is compared.
known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
child = os.posix_spawnp(command[0], command, known)
_, status, usage = os.wait4(child, 0)
ended = time.monotonic()
with open(result, "w") as file:
    json.dump({"wall": ended - begun, "user": usage.ru_utime, "system": usage.ru_stime,
               "memory": usage.ru_maxrss * 1024, "status": os.waitstatus_to_exitcode(status)}, file)
