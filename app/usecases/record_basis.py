"""Record a statutory basis for sharing, which is not consent (hazard 12)."""

from app.domain.record_basis import record_basis as decide_basis
from app.domain.sharing_basis import SharingBasis
from app.usecases.call import Call, Decided


async def record_basis(
    call: Call, transfer_id: str, basis: SharingBasis, *, expected_version: int
) -> Decided:
    """The transfer with the basis.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.record_basis.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: decide_basis(
            transfer, basis, call.actor, situation, expected_version=expected_version
        ),
    )
