"""Recording a statutory basis for sharing what belongs to a scope of consent (hazard 12)."""

from dataclasses import replace

from app.domain.authority import require, require_version
from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.people import Actor
from app.domain.record_consent import scope_faults
from app.domain.recording import recorded
from app.domain.rights import Act
from app.domain.sharing_basis import BASES, SharingBasis
from app.domain.transfer import Transfer


def record_basis(
    transfer: Transfer,
    basis: SharingBasis,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with one more basis for sharing, on the word of a manager of either team.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: the protocol has no such scope, or the last day is past.
    """
    require(Act.RECORD_SHARING_BASIS, actor, transfer)
    require_version(transfer, expected_version)
    breaches = list(scope_faults(basis.scope, transfer, situation))
    if not basis.stands(local_date(situation.now)):
        says, (_, source) = "Give the last day on which it stands, or none", BASES[basis.basis]
        breaches.append(must("basis-end", says, "a day that is past", source))
    if breaches:
        raise RulesBroken(tuple(breaches))
    bases = (*transfer.sharing_bases, basis)
    after = replace(transfer, sharing_bases=bases, version=transfer.version + 1)
    codes = (basis.scope, basis.basis.value)
    return recorded(transfer, after, "sharing_basis_recorded", actor, situation, codes)
