"""What the README uses of curl, for a machine that has none: -s, -X, -H, -d and a URL."""

import argparse
import sys

import httpx

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("-s", action="store_true")
parser.add_argument("-X", dest="method")
parser.add_argument("-H", dest="headers", action="append", default=[])
parser.add_argument("-d", dest="body")
asked = parser.parse_args()
answer = httpx.request(
    asked.method or ("GET" if asked.body is None else "POST"),
    asked.url,
    headers=dict(header.split(": ", 1) for header in asked.headers),
    content=asked.body,
)
sys.stdout.write(answer.text)
