"""Record a consent of the family (IS 6, 7)."""

from app.domain.consent import Consent
from app.domain.record_consent import record_consent as decide_consent
from app.usecases.call import Call, Decided


async def record_consent(
    call: Call, transfer_id: str, consent: Consent, *, expected_version: int
) -> Decided:
    """The transfer with the consent.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.record_consent.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: decide_consent(
            transfer, consent, call.actor, situation, expected_version=expected_version
        ),
    )
