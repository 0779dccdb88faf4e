"""The family's consent, its withdrawal, and what may be shared without it."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api import consent_examples as examples
from app.api.acting import ID_PATTERN, ROUTER, TransferId, record_around
from app.api.caller import CallerNow
from app.api.consent_bodies import (
    ConsentBody,
    SharingBasisBody,
    WithdrawalBody,
    WithdrawalDecisionBody,
)
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_views import TransferView
from app.usecases.call import Call, Decided
from app.usecases.decide_withdrawal import decide_withdrawal
from app.usecases.record_basis import record_basis
from app.usecases.record_consent import record_consent
from app.usecases.withdraw_consent import withdraw_consent

router = APIRouter(tags=["Consent"], **ROUTER)
ConsentId = Annotated[
    str,
    Path(description="The consent's id", pattern=ID_PATTERN, examples=[examples.CONSENT_ID]),
]


@router.post(
    "/consents",
    operation_id="recordConsent",
    summary="Record a consent of the family",
    response_model=TransferView,
)
async def consent(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[ConsentBody, Body(openapi_examples=examples.CONSENT)],
) -> Response:
    """Record that the family consents to one of the protocol's scopes: to the step down, to share
    each thing (IS 6, 7), to a joint visit (DF 10). By a practitioner or manager of either team.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        given = body.value(str(uuid4()), call.actor.id, call.now)
        return await record_consent(call, transfer_id, given, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/consents/{consent_id}/withdraw",
    operation_id="withdrawConsent",
    summary="Withdraw a consent",
    response_model=TransferView,
)
async def withdraw(  # noqa: PLR0913 - two ids
    caller: CallerNow,
    transfer_id: TransferId,
    consent_id: ConsentId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[WithdrawalBody, Body(openapi_examples=examples.WITHDRAW)],
) -> Response:
    """The family withdraws, at any time (IS 7); no earlier consent to the scope revives. Before the
    task is sent, its rules ask again. Afterwards forms that were shared on it alone become
    references, the receiving system is told to share them no further, and both teams are alerted.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        withdrawal = body.value(call.now)
        return await withdraw_consent(
            call, transfer_id, consent_id, withdrawal, expected_version=version
        )

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/consents/{consent_id}/decision",
    operation_id="decideWithdrawal",
    summary="Decide what a withdrawn consent means",
    response_model=TransferView,
)
async def decision(  # noqa: PLR0913 - two ids
    caller: CallerNow,
    transfer_id: TransferId,
    consent_id: ConsentId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[WithdrawalDecisionBody, Body(openapi_examples=examples.CONTINUE)],
) -> Response:
    """A manager of either team, or their operations manager, decides once a consent was withdrawn
    from a transfer that was sent. To `continue` needs another basis for sharing where the protocol
    asks for that consent itself. To `recall` cancels the transfer where it can still be cancelled,
    by those who may cancel it; later the receiving team is alerted.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await decide_withdrawal(
            call, transfer_id, consent_id, body.decision, body.comment, expected_version=version
        )

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/sharing-bases",
    operation_id="recordSharingBasis",
    summary="Record a statutory basis for sharing",
    response_model=TransferView,
)
async def basis(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[SharingBasisBody, Body(openapi_examples=examples.BASIS)],
) -> Response:
    """A team manager of either side records that the law lets what belongs to a scope be shared:
    enquiries under section 47, the duty to share, a court's order. It is not consent: forms may
    travel on it, and what needs consent itself still needs it.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        value = body.value(str(uuid4()), call.actor.id, call.now)
        return await record_basis(call, transfer_id, value, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)
