"""Many clients of one event stream, and when each of them had an event."""
import re
import selectors
import socket
import threading
import time

EVENT = re.compile(rb"id: \S+-(\d+)\nevent: progress\n")


class Streams:
    """So many streams, read by a thread of their own until `close()`. All of them are under way once this is made."""

    def __init__(self, port, target, count):
        self.seen, self.bytes, self.begun, self.ending = {}, 0, 0, False
        self.selector = selectors.EpollSelector()
        head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        for _ in range(count):
            one = socket.create_connection(("127.0.0.1", port))
            one.sendall(head)
            one.setblocking(False)
            self.selector.register(one, selectors.EVENT_READ, [b""])
        self.open = count
        self.thread = threading.Thread(target=self.read)
        self.thread.start()
        until = time.monotonic() + 30
        while self.begun < count:
            if time.monotonic() > until:
                raise SystemExit(f"bench: {self.begun} of {count} streams have begun")
            time.sleep(0.01)

    def read(self):
        while not self.ending and self.open:
            for key, _ in self.selector.select(0.2):
                try:
                    got = key.fileobj.recv(1 << 18)
                except OSError:
                    got = b""
                if got:
                    self.take(key.data, got)
                else:
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()
                    self.open -= 1

    def take(self, rest, got):
        self.bytes += len(got)
        self.begun += not rest[0].startswith(b"+")
        text = rest[0][1:] + got
        if b"event: progress" in text:
            now = time.monotonic()
            for found in EVENT.finditer(text):
                self.seen.setdefault(int(found[1]), []).append(now)
        rest[0] = b"+" + (text[-100:] if EVENT.search(text[-100:]) is None else b"")

    def spread(self):
        """Seconds between the first and the last client that had it, for each event that all had."""
        full = max((len(times) for times in self.seen.values()), default=0)
        return [times[-1] - times[0] for times in self.seen.values() if len(times) == full]

    def close(self):
        self.ending = True
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()
