"""Verifies the message on stdin with dkimpy, keys from a zone file."""
import re
import sys

import dkim

records = {}
with open(sys.argv[1], encoding="ascii") as zone:
    for line in zone:
        if line.startswith(";"):
            continue
        name = line.split()[0].lower()
        records[name] = "".join(re.findall(r'"([^"]*)"', line)).encode()


def lookup(name, timeout=5):
    return records.get(name.decode().lower())


sys.exit(0 if dkim.verify(sys.stdin.buffer.read(), dnsfunc=lookup) else 1)
