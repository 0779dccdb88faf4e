"""Restrict a transfer, lift that, and read from whom it is withheld."""

from collections.abc import Iterable

from app.domain.authority import require
from app.domain.london import local_date
from app.domain.people import SYSTEM_ROLES, Role
from app.domain.restrict import Known, Restricting, lift, restrict
from app.domain.restriction import RestrictionKind
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.store.directory import actor_of_person, list_members
from app.usecases.call import Call, Decided
from app.usecases.worker_of import worker_of


async def restrict_transfer(
    call: Call, transfer_id: str, asked: Restricting, *, expected_version: int
) -> Decided:
    """The transfer as it is withheld from now on.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.restrict.
    """
    transfer = await call.transfer(transfer_id)
    known = await _known(call, asked.people, transfer.origin_team)
    situation = await call.situation(transfer)
    decision = restrict(
        transfer, asked, known, call.actor, situation, expected_version=expected_version
    )
    return await call.record(decision, situation)


async def lift_restriction(
    call: Call,
    transfer_id: str,
    kind: RestrictionKind,
    people: tuple[str, ...],
    *,
    expected_version: int,
) -> Decided:
    """The transfer without those restrictions. Raises as restrict_transfer does."""
    return await call.decide(
        transfer_id,
        lambda transfer, situation: lift(
            transfer, kind, people, call.actor, situation, expected_version=expected_version
        ),
    )


async def read_restrictions(call: Call, transfer_id: str) -> Transfer:
    """The transfer with every restriction that stands or stood.

    Raises:
        NotVisible, NotPermitted: it is not theirs to read.
    """
    transfer = await call.transfer(transfer_id, to_change=False)
    require(Act.READ_RESTRICTIONS, call.actor, transfer)
    return transfer


async def _known(call: Call, people: Iterable[str], origin_team: str) -> Known:
    today = local_date(call.now)
    workers, systems = {}, set()
    for person in dict.fromkeys(people):
        worker = await worker_of(call, person)
        if worker is None:
            continue
        workers[person] = worker
        actor = await actor_of_person(call.tx, person, today)
        if actor is not None and actor.holds(*SYSTEM_ROLES.values()):
            systems.add(person)
    managers = {
        person.id
        for person, held in await list_members(call.tx, origin_team)
        if held.role is Role.TEAM_MANAGER
        and held.from_date <= today
        and (held.to_date is None or today <= held.to_date)
    }
    return Known(workers, frozenset(systems), frozenset(managers))
