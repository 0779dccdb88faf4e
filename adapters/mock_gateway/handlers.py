"""How every failure leaves the gateway: as a problem, never as a 500, never echoing input."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from adapters.mock_gateway.problems import Refusal, problem

_CODES = {
    400: "malformed",
    401: "invalid_client",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
_CHALLENGES = {"unauthorised": "Bearer", "invalid_client": "Basic"}
_MOST_ERRORS = 100


async def refused(_: Request, error: Exception) -> JSONResponse:
    """Answer with the gateway's own refusal."""
    assert isinstance(error, Refusal)  # noqa: S101  registered for nothing else
    challenge = _CHALLENGES.get(error.code)
    return error.answer({"WWW-Authenticate": challenge} if challenge else None)


async def invalid(_: Request, error: Exception) -> JSONResponse:
    """List every breach of the contract, without the values that were sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for nothing else
    breaches = error.errors()
    if any(breach["type"] == "json_invalid" for breach in breaches):
        return problem("malformed", "It is not JSON.")
    errors = [
        {"where": _place(breach["loc"]), "problem": breach["msg"]}
        for breach in breaches[:_MOST_ERRORS]
    ]
    return problem("invalid", "See errors.", members={"errors": errors})


async def not_served(_: Request, error: Exception) -> JSONResponse:
    """Answer for the framework: no such address, method, or readable body."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for nothing else
    code = _CODES.get(error.status_code, "malformed")
    return problem(code, "See the contract.", headers=dict(error.headers or {}))


def _place(steps: tuple[object, ...]) -> str:
    """Name the place of a breach in text that can be sent, whatever the field was called."""
    place = ".".join(str(step) for step in steps)[:200]
    return place.encode(errors="replace").decode()
