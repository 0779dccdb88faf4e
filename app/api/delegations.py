"""Dated delegation: a manager's role, held for some days by somebody else as well."""

from typing import Annotated

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api.caller import Answer, CallerNow
from app.api.delegation_bodies import (
    DELEGATE,
    DELEGATION_ID,
    DelegationBody,
    DelegationList,
    DelegationView,
    delegation_view,
)
from app.api.etag import ETAG, etag
from app.api.pages import BIGGEST, After, Limit
from app.api.problems import documented
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.domain.delegation import Delegation, require_delegates
from app.usecases.call import Call
from app.usecases.delegations import (
    delegate,
    end_delegation,
    find_delegations,
    require_still_ends,
)

router = APIRouter(prefix="/v1/delegations", tags=["Directory"])


@router.post(
    "",
    operation_id="delegateRole",
    summary="Delegate a manager's role for some days",
    status_code=201,
    response_model=DelegationView,
    responses={201: ETAG, **documented(400, 401, 403, 404, 409, 413, 415, 422, 503)},
)
async def delegate_(
    caller: CallerNow,
    key: IdempotencyKey,
    body: Annotated[DelegationBody, Body(openapi_examples=DELEGATE)],
) -> Response:
    """Have somebody of the council hold a manager's role in a team as well, from one London day to
    another. By whose role it is, or the team's operations manager; not of what was delegated
    itself. The delegate judges no form that the delegator prepared.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        asked = body.value(call.actor.authority, call.actor.id, call.now)
        return _answer(await delegate(call, asked), 201)

    async def still_allowed(call: Call) -> None:
        await call.require_team(body.team)
        require_delegates(call.actor, body.delegator, body.team)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "",
    operation_id="listDelegations",
    summary="List delegations",
    response_model=DelegationList,
    responses=documented(401, 403, 422, 503),
)
async def delegations(caller: CallerNow, after: After = 0, limit: Limit = 50) -> Response:
    """List those of my teams and those that concern me, in the order in which they were made, over
    or not; for auditors and administrators the council's.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        found = await find_delegations(call, after, limit)
        last = found[-1].id if len(found) == limit else None
        return Answer({"items": [delegation_view(x) for x in found], "next": last})

    return await caller.look_up(work)


@router.post(
    "/{delegation_id}/end",
    operation_id="endDelegation",
    summary="End a delegation",
    response_model=DelegationView,
    responses={200: ETAG, **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)},
    dependencies=[NO_BODY],
)
async def end(
    caller: CallerNow,
    delegation_id: Annotated[
        int,
        Path(ge=1, le=BIGGEST, description="The delegation's id", examples=[DELEGATION_ID]),
    ],
    key: IdempotencyKey,
    version: ExpectedVersion,
) -> Response:
    """End it before its last day: by the delegator, the delegate or the team's operations manager.
    It counts from the next request on.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        return _answer(await end_delegation(call, delegation_id, expected_version=version))

    async def still_allowed(call: Call) -> None:
        await require_still_ends(call, delegation_id)

    return await caller.once(key, work, still_allowed=still_allowed)


def _answer(delegation: Delegation, status: int = 200) -> Answer:
    return Answer(delegation_view(delegation), status, etag(delegation))
