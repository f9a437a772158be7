"""Asks a service again and again, as one of several processes, and writes down what it was told and when.

``python hammer_reader.py PORT SECONDS SEED PATH…`` prints one JSON array per answer: when it was asked for and when it
was there (CLOCK_MONOTONIC, which all processes share), path, status, the numbers in it, entity tag, and a hash of the
content.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import random
import re
import sys
import time

import brotli

NUMBERS = re.compile(rb"Stand (\d+)")
CODINGS = ("identity", "gzip", "br")
TIMEOUT_S = 20


def main(port: int, seconds: float, seed: int, paths: list[str]) -> None:
    """Ask until the time is over."""
    chance = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    tags: dict[tuple[str, str], tuple[str, list[int]]] = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        path, coding = chance.choice(paths), chance.choice(CODINGS)
        headers = {"Accept-Encoding": coding}
        known = tags.get((path, coding))
        if known and chance.random() < 0.3:
            headers["If-None-Match"] = known[0]
        asked = time.monotonic()
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            _tell(asked, time.monotonic(), path, 0, [], repr(error), "")
            connection.close()
            continue
        told = time.monotonic()
        tag = response.headers["ETag"] or ""
        numbers: list[int] = []
        if response.status == 304 and known:
            numbers = known[1]
        elif response.status == 200:
            plain = _decoded(content, response.headers["Content-Encoding"])
            numbers = sorted({int(number) for number in NUMBERS.findall(plain)})
            tags[path, coding] = tag, numbers
        digest = hashlib.blake2b(content, digest_size=8).hexdigest() if response.status == 200 else ""
        _tell(asked, told, path, response.status, numbers, tag, digest)


def _tell(*answer: object) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")


def _decoded(content: bytes, coding: str | None) -> bytes:
    if coding == "gzip":
        return gzip.decompress(content)
    return bytes(brotli.decompress(content)) if coding == "br" else content


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
