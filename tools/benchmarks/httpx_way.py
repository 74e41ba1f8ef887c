"""What a careful script on asyncio and httpx does:  httpx_way.py BASE_URL LIST FOLDER CA ORDERS_AT_ONCE

Several orders at once, the files of one order one after another, streamed to disk and renamed when whole.
"""
import asyncio
import csv
import os
import re
import ssl
import sys

import httpx

LINK = re.compile(r'class="attachment-file" data-url="([^"]+)"')


async def fetch(client, address, path):
    async with client.stream("GET", address) as answer:
        answer.raise_for_status()
        with open(path + ".part", "wb") as file:
            async for piece in answer.aiter_bytes(65536):
                file.write(piece)
    os.rename(path + ".part", path)


async def order(client, permits, number, folder):
    async with permits:
        page = await client.get(f"/order_headers/{number}")
        page.raise_for_status()
        os.makedirs(f"{folder}/{number}", exist_ok=True)
        for address in LINK.findall(page.text):
            await fetch(client, address, f"{folder}/{number}/{address.rsplit('/', 1)[1]}")


async def main():
    base, rows, folder, authority, at_once = sys.argv[1:]
    permits = asyncio.Semaphore(int(at_once))
    with open(rows, newline="") as file:
        numbers = [row["po_number"] for row in csv.DictReader(file)]
    limits = httpx.Limits(max_connections=int(at_once), max_keepalive_connections=int(at_once))
    async with httpx.AsyncClient(base_url=base, verify=ssl.create_default_context(cafile=authority), limits=limits,
                                 timeout=60) as client:
        await asyncio.gather(*(order(client, permits, number, folder) for number in numbers))


asyncio.run(main())
