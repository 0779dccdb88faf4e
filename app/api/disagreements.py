"""Disagreements on a transfer: raised, escalated up the protocol's ladder, resolved."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api import disagreement_bodies as bodies
from app.api.acting import ID_PATTERN, ROUTER, TransferId, record_around
from app.api.caller import CallerNow
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_views import TransferView
from app.usecases import disagreements as usecases
from app.usecases.call import Call, Decided

router = APIRouter(tags=["Around the transfer"], **ROUTER)
DisagreementId = Annotated[
    str,
    Path(
        description="The disagreement's id",
        pattern=ID_PATTERN,
        examples=[bodies.DISAGREEMENT_ID],
    ),
]


@router.post(
    "/disagreements",
    operation_id="raiseDisagreement",
    summary="Raise a disagreement",
    response_model=TransferView,
)
async def raise_(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[bodies.DisagreementBody, Body(openapi_examples=bodies.RAISE)],
) -> Response:
    """Say what is disagreed on, as one or more of the protocol's kinds (RO 27), by anybody of
    either team (CE M7). One is open at a time. Until it is resolved the lead does not pass to the
    receiving team (IS 12), and the transfer is not complete.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        raised = body.value(str(uuid4()), call.actor.id, call.now)
        return await usecases.raise_(call, transfer_id, raised, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/disagreements/{disagreement_id}/escalate",
    operation_id="escalateDisagreement",
    summary="Escalate a disagreement",
    response_model=TransferView,
)
async def escalate(  # noqa: PLR0913 - two ids
    caller: CallerNow,
    transfer_id: TransferId,
    disagreement_id: DisagreementId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[bodies.EscalateBody, Body(openapi_examples=bodies.ESCALATE)],
) -> Response:
    """Take it up to the next level of the protocol's ladder, or to one above (DF 21, CE M27,
    RO 28), by a manager or chair of either team or by whoever raised it. Both teams are alerted.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await usecases.escalate(
            call,
            transfer_id,
            disagreement_id,
            body.comment,
            body.level,
            expected_version=version,
        )

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/disagreements/{disagreement_id}/resolve",
    operation_id="resolveDisagreement",
    summary="Resolve a disagreement",
    response_model=TransferView,
)
async def resolve(  # noqa: PLR0913 - two ids
    caller: CallerNow,
    transfer_id: TransferId,
    disagreement_id: DisagreementId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[bodies.ResolveBody, Body(openapi_examples=bodies.RESOLVE)],
) -> Response:
    """Record how it ended and why, by those who decide at its level and never by whoever raised
    it. The outcome moves the transfer as the protocol says: `goes_ahead` overrules the meeting, or
    sends a declined task again, held to the rules of the dispatch; `taken_back` makes a declined or
    unauthorised form a draft again, and withdraws a task that nobody picked up, by somebody of the
    origin or its meeting; `stays` moves nothing. A lead that waited passes now, and both teams are
    alerted.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await usecases.resolve(
            call,
            transfer_id,
            disagreement_id,
            body.outcome,
            body.rationale,
            expected_version=version,
        )

    return await record_around(caller, transfer_id, key, recording)
