"""From exceptions to problems: the one table of which refusal answers with what."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from app.api.problems import breach_view, problem
from app.api.query import query_faults
from app.domain.errors import (
    AgendaCirculated,
    CalledOff,
    ChildInTransfer,
    IllegalTransition,
    NotPermitted,
    NotVisible,
    RulesBroken,
    SeparationOfDuties,
    StaleVersion,
)
from app.domain.see_to_subscription import SubscriptionHasEnded
from app.domain.settled import Settled
from app.protocols.shelf import NoSuchVersion
from app.store.failures import StoreContended, StoreError
from app.store.idempotency import KeyInUse
from app.store.protocol_versions import VersionChanged
from app.usecases.replay_delivery import NotStuck

SOON = {"Retry-After": "1"}
WITH_HEADERS = {"not-authenticated": {"WWW-Authenticate": "Bearer"}, "unavailable": SOON}
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
KEYED_BY_CLIENT = {"fields", "statements"}
FILES_TAKE = ("GET", "HEAD")


class Refusal(Exception):
    """A problem that the API itself raises; `kind` is one of problems.TITLES."""

    def __init__(self, kind: str, detail: str | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


REFUSALS: dict[type[Exception], tuple[str, Mapping[str, str]]] = {
    NotVisible: ("not-found", {}),
    SeparationOfDuties: ("separation-of-duties", {}),
    NotPermitted: ("not-permitted", {}),
    IllegalTransition: ("illegal-transition", {}),
    ChildInTransfer: ("child-in-transfer", {}),
    StaleVersion: ("stale-version", {}),
    AgendaCirculated: ("agenda-circulated", {}),
    CalledOff: ("meeting-called-off", {}),
    SubscriptionHasEnded: ("subscription-ended", {}),
    NotStuck: ("not-stuck", {}),
    Settled: ("settled", {}),
    KeyInUse: ("in-progress", SOON),
    StoreContended: ("in-progress", SOON),
    StoreError: ("unavailable", SOON),
    VersionChanged: ("protocol-changed", {}),
    NoSuchVersion: ("protocol-missing", {}),
}
SAYS_WHY = (IllegalTransition, SeparationOfDuties, NotStuck, Settled)


def install(app: FastAPI) -> None:
    """Give the app a handler for everything that can be raised."""
    for kind in REFUSALS:
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RulesBroken, _rules_broken)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _refused(_request: Request, error: Exception) -> Response:
    kind, headers = next(answer for type_, answer in REFUSALS.items() if isinstance(error, type_))
    return problem(kind, str(error) if isinstance(error, SAYS_WHY) else None, headers=headers)


async def _refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return problem(error.kind, error.detail, headers=WITH_HEADERS.get(error.kind))


async def _rules_broken(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RulesBroken):
        raise error
    return problem("rules-broken", breaches=[breach_view(breach) for breach in error.breaches])


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [*error.errors(), *query_faults(request)]
    return problem("invalid", breaches=[field_breach(fault) for fault in faults])


def field_breach(fault: Mapping[str, Any]) -> dict[str, str]:
    """A field's fault without its value; a key that the client made up is not echoed either."""
    where = [str(part) for part in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        where, says = where[:-1], "an unknown field"
    elif fault["type"] == "union_tag_invalid":
        says = f"choose one of {fault['ctx']['expected_tags']}"
    else:
        says = str(fault["msg"]).removeprefix("Value error, ")
    shown = next((n for n, name in enumerate(where, 1) if name in KEYED_BY_CLIENT), len(where))
    where = where[:shown]
    return {"code": str(fault["type"]), "says": says, "where": "/" + "/".join(where)}


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 405:  # noqa: PLR2004
        return problem("method-not-allowed", headers={"Allow": _allowed(request)})
    kinds = {404: "not-found", 400: "malformed", 413: "too-large", 415: "unsupported-media-type"}
    return problem(kinds.get(error.status_code, "malformed"))


def _allowed(request: Request) -> str:
    """Every method of the path: the framework alone would name the first route's."""
    found = []
    root = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    for method in METHODS:
        served = "GET" if method == "HEAD" else method
        scope = {**request.scope, "method": served, "root_path": root}
        takes = [r for r in request.app.routes if r.matches(scope)[0] is Match.FULL]
        if any(method in FILES_TAKE or not isinstance(route, Mount) for route in takes):
            found.append(method)
    return ", ".join(found)
