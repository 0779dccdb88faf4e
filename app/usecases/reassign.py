"""Reassign a leaver's open transfers of a team to a colleague, all or none."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.authority import require_of_team
from app.domain.breach import must
from app.domain.decision import Event
from app.domain.errors import NotVisible, RulesBroken
from app.domain.london import local_date
from app.domain.people import Actor
from app.domain.reassign import Part, Reassignment, Worker, breaches
from app.domain.reassign import reassign as decide_reassign
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.domain.withheld import denied, withheld
from app.store.directory import actor_of_person
from app.store.open_of_team import open_of_worker
from app.store.unit_of_work import record_events
from app.usecases.call import Call
from app.usecases.worker_of import worker_of


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A transfer that changed hands, and what the leaver was to it."""

    transfer: str
    what: tuple[Part, ...]


async def reassign(
    call: Call, person: str, to: str, team: str, comment: str | None
) -> list[Reassigned]:
    """What changed hands, by transfer, in one transaction.

    Raises:
        NotVisible: the team's work, or the leaver, does not exist for this actor.
        NotPermitted: the actor does not manage the team.
        RulesBroken: the colleague is not one of the team today, or is kept from some of it, or
            there is too much of it.

    What is withheld from the actor stays whose it is, for another manager to reassign.
    """
    await require_may_reassign(call, team)
    leaver = await worker_of(call, person)
    if leaver is None:
        raise NotVisible(person)
    colleague = await worker_of(call, to)
    asked = Reassignment(team, leaver, colleague or Worker(to, to), comment)
    there = await actor_of_person(call.tx, to, local_date(call.now)) if colleague else None
    names = leaver.names
    ids = await open_of_worker(call.tx, call.actor.authority, team, names)
    broken = tuple(breaches(asked, there or Actor(to, call.actor.authority), len(ids)))
    if broken:
        raise RulesBroken(broken)
    moved = []
    held = [await call.transfer(transfer_id) for transfer_id in ids]
    theirs = [transfer for transfer in held if not withheld(call.actor, transfer)]
    _require_open_to(to, theirs)
    for transfer in theirs:
        situation = await call.situation(transfer)
        what = asked.parts(transfer)
        decision = decide_reassign(transfer, asked, call.actor, situation)
        if decision is not None:
            await call.record(decision, situation)
            moved.append(Reassigned(transfer.id, what))
    codes = (f"from:{person}", f"to:{to}", f"team:{team}", f"transfers:{len(moved)}")
    whole = Event("work_reassigned", call.actor.id, call.now, None, None, None, codes)
    await record_events(call.tx, call.actor.authority, None, (whole,))
    return moved


async def require_may_reassign(call: Call, team: str) -> None:
    """Pass, or raise.

    Raises:
        NotVisible, NotPermitted: as reassign.
    """
    await call.require_team(team)
    require_of_team(Act.REASSIGN_WORK, call.actor, team)


def _require_open_to(to: str, transfers: Iterable[Transfer]) -> None:
    kept = [transfer.id for transfer in transfers if denied(to, transfer)]
    if kept:
        says = f"Name somebody from whom none of it is kept: {', '.join(kept)}"
        found = "somebody with a conflict of interest"
        raise RulesBroken((must("reassign-to", says, found),))
