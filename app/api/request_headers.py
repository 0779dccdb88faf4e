"""Around the body of a change: which wish it is, against which version, and no body at all.

Each is a coroutine, though none waits: FastAPI sends a plain function to a thread and back.
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from app.api.problem_handlers import Refusal

LONGEST_KEY = 255
VERSION_PATTERN = '^"[0-9]{1,9}"$'
_VERSION = re.compile(r'"([0-9]{1,9})"', re.ASCII)


async def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="1 to 255 visible ASCII characters, new for each new wish",
            examples=["3f0f6b1e-6a52-4b7c-9a3e-0d6c2f3f8b11"],
        ),
    ] = None,
) -> str:
    """The key of a state-changing POST.

    Raises:
        Refusal: it is missing, or not of visible ASCII.
    """
    key = idempotency_key or ""
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= c <= "~" for c in key):
        raise Refusal("missing-idempotency-key", "1 to 255 visible ASCII characters")
    return key


async def expected_version(
    if_match: Annotated[
        str | None, Header(description="The ETag of the version you saw", examples=['"3"'])
    ] = None,
) -> int:
    """The version that a change is made against.

    Raises:
        Refusal: 428 where none is given; 412 where it can be no version of ours.
    """
    if if_match is None or if_match.strip() == "*":
        raise Refusal("missing-if-match")
    version = _VERSION.fullmatch(if_match.strip())
    if version is None:
        raise Refusal("stale-version")
    return int(version[1])


async def no_body(request: Request) -> None:
    """Pass where the request has no body, or an empty object.

    Raises:
        Refusal: the action takes no fields, so any is unknown.
    """
    if (await request.body()).strip() not in (b"", b"{}"):
        raise Refusal("invalid", "this action takes no body")


NO_BODY = Depends(no_body)
IdempotencyKey = Annotated[str, Depends(idempotency_key)]
ExpectedVersion = Annotated[int, Depends(expected_version)]
