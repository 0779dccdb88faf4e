"""Reading a request's body once, to look at it before the application reads it again."""

import json
from collections.abc import Sequence

from starlette.types import Message, Receive


async def read(receive: Receive, limit: int) -> list[Message]:
    """Receive the body, or as much of it as is more than the limit."""
    messages = [await receive()]
    while messages[-1].get("more_body", False) and size(messages) <= limit:
        messages.append(await receive())
    return messages


def size(messages: Sequence[Message]) -> int:
    """Count the bytes that were read."""
    return sum(len(message.get("body", b"")) for message in messages)


def replayed(messages: Sequence[Message], receive: Receive) -> Receive:
    """Receive again what was read, then whatever comes after it."""
    waiting = list(messages)

    async def receive_again() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return receive_again


def reference_in(messages: Sequence[Message]) -> str | None:
    """Find the sender's reference in a body that may be anything at all."""
    try:
        body = json.loads(b"".join(message.get("body", b"") for message in messages))
    except (ValueError, RecursionError):
        return None
    reference = body.get("reference") if isinstance(body, dict) else None
    return reference if isinstance(reference, str) and reference.isascii() else None
