"""Raise a disagreement on a transfer, escalate it, resolve it."""

from app.domain.disagreement import Disagreement
from app.domain.escalate_disagreement import escalate_disagreement
from app.domain.raise_disagreement import raise_disagreement
from app.domain.resolve_disagreement import resolve_disagreement
from app.usecases.call import Call, Decided


async def raise_(
    call: Call, transfer_id: str, disagreement: Disagreement, *, expected_version: int
) -> Decided:
    """The transfer with the disagreement open.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.raise_disagreement.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: raise_disagreement(
            transfer, disagreement, call.actor, situation, expected_version=expected_version
        ),
    )


async def escalate(  # noqa: PLR0913 - which one, how far, why
    call: Call,
    transfer_id: str,
    disagreement_id: str,
    comment: str,
    level: str | None,
    *,
    expected_version: int,
) -> Decided:
    """The transfer with the disagreement at a higher level.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.escalate_disagreement.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: escalate_disagreement(
            transfer,
            disagreement_id,
            comment,
            call.actor,
            situation,
            level=level,
            expected_version=expected_version,
        ),
    )


async def resolve(  # noqa: PLR0913 - which one, how, why
    call: Call,
    transfer_id: str,
    disagreement_id: str,
    outcome: str,
    rationale: str,
    *,
    expected_version: int,
) -> Decided:
    """The transfer with the disagreement resolved, and moved as its outcome says.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, StaleVersion, RulesBroken: see
            domain.resolve_disagreement.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: resolve_disagreement(
            transfer,
            disagreement_id,
            outcome,
            rationale,
            call.actor,
            situation,
            expected_version=expected_version,
        ),
    )
