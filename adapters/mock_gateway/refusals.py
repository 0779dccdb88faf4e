"""How refusals stand in the contract file: every status with an example of each code."""

from collections import defaultdict
from typing import Any

from adapters.mock_gateway.problems import KINDS, MEDIA_TYPE

ALWAYS = ("unauthorised", "too_large", "invalid", "too_many_requests", "server_error")

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457 problem details. Decide by `code`; the words are for people.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "One word of this gateway's vocabulary."},
        "held_by": {"type": "string", "description": "With `held_by_another`: who holds it."},
        "errors": {
            "type": "array",
            "description": "With `invalid`: every breach, without the values sent.",
            "items": {
                "type": "object",
                "required": ["where", "problem"],
                "properties": {"where": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}
_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
}
_CHALLENGE = {
    "WWW-Authenticate": {"description": "What is needed.", "schema": {"type": "string"}},
}


def refusals(*codes: str, always: tuple[str, ...] = ALWAYS) -> dict[int | str, dict[str, Any]]:
    """Document the refusals of one operation, besides those that any operation may give."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in (*codes, *always):
        by_status[KINDS[code].status].append(code)
    return {status: _response(found) for status, found in sorted(by_status.items())}


def _response(codes: list[str]) -> dict[str, Any]:
    """Describe one status of one operation."""
    response: dict[str, Any] = {
        "description": "; ".join(f"`{code}`: {KINDS[code].title}" for code in codes),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            },
        },
    }
    if "unauthorised" in codes or "invalid_client" in codes:
        response["headers"] = _CHALLENGE
    if "too_many_requests" in codes:
        response["headers"] = _RETRY_AFTER
    return response


def problem_examples() -> dict[str, Any]:
    """Make an example of every problem, for the contract's components."""
    return {code: {"value": _example(code)} for code in KINDS}


def _example(code: str) -> dict[str, Any]:
    """Make an example of one code."""
    kind = KINDS[code]
    example: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": f"{kind.title}.",
        "code": code,
    }
    if code == "held_by_another":
        example["held_by"] = "tm-bishop-01"
    if code == "invalid":
        example["errors"] = [{"where": "body.comments", "problem": "Field required"}]
    return example
