"""Middleware that reads a request's body before anyone trusts it.

Too large 413; not application/json in UTF-8 415; not JSON, a key twice in one object, or nested
too deep 400. What passes is handed on byte for byte.
"""

import json
import re
from collections.abc import Iterable
from email.message import Message
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as AsgiMessage

from app.api.problems import problem

MOST_BYTES = 1_000_000
DEEPEST = 32
_STRING = re.compile(r'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)
"""Also one that does not end, without ever going back: the time stays linear in the body."""
_BRACKET = re.compile(r"[\[\]{}]")
READS_A_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Malformed(Exception):
    """It is not the JSON that we take."""


class _CutOff(Exception):
    """The body did not come whole: nobody waits for an answer, and nothing is done."""


class _TooLarge(Exception):
    """The body is longer than MOST_BYTES."""


class StrictJson:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a body where the method has one."""
        if scope["type"] != "http" or scope["method"] not in READS_A_BODY:
            await self.app(scope, receive, send)
            return
        try:
            body = await _read(receive)
        except _CutOff:
            return
        except _TooLarge:
            await problem("too-large", f"at most {MOST_BYTES} bytes")(scope, receive, send)
            return
        if body and not _is_json(Headers(scope=scope)):
            await problem("unsupported-media-type")(scope, receive, send)
            return
        try:
            if body:
                check(body)
        except Malformed as error:
            await problem("malformed", str(error))(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


def check(body: bytes) -> None:
    """Pass, or raise Malformed with words that quote nothing of the body."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("the body is not UTF-8") from None
    if _too_deep(text):
        raise Malformed(f"the body is nested more than {DEEPEST} levels deep")
    try:
        json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed("an object has the same key twice")
        found[key] = value
    return found


def _too_deep(text: str) -> bool:
    """Whether brackets outside of strings nest deeper than DEEPEST, found without recursion."""
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _is_json(headers: Headers) -> bool:
    if headers.get("content-encoding", "identity") != "identity":
        return False
    given = headers.get("content-type", "")
    if given == "application/json":  # as nearly everybody says it
        return True
    declared = Message()
    declared["Content-Type"] = given
    charset = declared.get_param("charset", "utf-8")
    known = str(charset).lower() in ("utf-8", "utf8")
    return known and declared.get_content_type() == "application/json"


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _CutOff
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise _TooLarge
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def replayed() -> AsgiMessage:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
