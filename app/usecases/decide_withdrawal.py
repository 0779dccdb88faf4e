"""Decide what becomes of a transfer whose consent was withdrawn after it was sent (hazard 12)."""

from app.domain.consent import WithdrawalDecision
from app.domain.decide_withdrawal import decide_withdrawal as decide_so
from app.usecases.call import Call, Decided


async def decide_withdrawal(  # noqa: PLR0913 - which, what, and why
    call: Call,
    transfer_id: str,
    consent_id: str,
    decision: WithdrawalDecision,
    comment: str,
    *,
    expected_version: int,
) -> Decided:
    """The transfer with the decision; cancelled where it is recalled in time.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.decide_withdrawal.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: decide_so(
            transfer,
            consent_id,
            decision,
            comment,
            call.actor,
            situation,
            expected_version=expected_version,
        ),
    )
