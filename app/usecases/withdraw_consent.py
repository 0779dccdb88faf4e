"""Withdraw a consent of the family, and limit what was shared on it (IS 7; hazards 11 and 12)."""

from app.domain.withdraw_consent import Withdrawal
from app.domain.withdraw_consent import withdraw_consent as decide_withdrawn
from app.usecases.call import Call, Decided


async def withdraw_consent(
    call: Call, transfer_id: str, consent_id: str, withdrawal: Withdrawal, *, expected_version: int
) -> Decided:
    """The transfer without the consent.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.withdraw_consent.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: decide_withdrawn(
            transfer,
            consent_id,
            withdrawal,
            call.actor,
            situation,
            expected_version=expected_version,
        ),
    )
