"""Close a team: everything open of it passes to its successor, all or none."""

from dataclasses import dataclass, replace

from app.domain.breach import Breach, must
from app.domain.decision import Event
from app.domain.errors import RulesBroken
from app.domain.people import Actor, Team
from app.domain.rights import Act
from app.domain.succession import Succession, succeed
from app.domain.transfer import Transfer
from app.domain.withheld import withheld
from app.store.directory import load_teams_to_change, save_team
from app.store.failures import StoreContended
from app.store.open_of_team import follow_team, open_of_team
from app.store.unit_of_work import record_events
from app.usecases.call import Call, Decided
from app.usecases.rename_team import require_may_change


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A transfer that passed to the successor, and what of it."""

    transfer: str
    what: tuple[str, ...]


async def close_team(call: Call, team: str, successor: str, comment: str) -> list[PassedOn]:
    """What passed on, by transfer, in one transaction; what is withheld from them is not told.

    Raises:
        NotVisible: the council has no such team.
        NotPermitted: the actor is no administrator.
        RulesBroken: no such successor, too many transfers, or a task that may not go there: every
            breach of every transfer, by its id.
        StoreContended: a transfer came to the team meanwhile; try again.
    """
    await require_may_change(Act.CLOSE_TEAM, call, team)
    authority = call.actor.authority
    ids = await open_of_team(call.tx, authority, team)
    # Transfers before teams, as every change takes them: no deadlock.
    held = [await call.transfer(transfer_id) for transfer_id in ids]
    asked = await _asked(call, team, successor, comment, len(ids))
    if set(await open_of_team(call.tx, authority, team)) - set(ids):
        raise StoreContended("a transfer came to the team meanwhile")
    await save_team(call.tx, replace(asked.closed, active=False))
    moving = [transfer for transfer in held if asked.what(transfer)]
    for decision, situation in await _decided(call, asked, moving):
        await call.record(decision, situation)
    await follow_team(call.tx, [transfer.id for transfer in moving], team, successor)
    codes = (f"team:{team}", f"to:{successor}", f"transfers:{len(moving)}")
    whole = Event("team_closed", call.actor.id, call.now, None, None, None, codes)
    await record_events(call.tx, authority, None, (whole,))
    told = [transfer for transfer in moving if not withheld(call.actor, transfer)]
    return [PassedOn(transfer.id, asked.what(transfer)) for transfer in told]


async def _asked(call: Call, team: str, successor: str, comment: str, found: int) -> Succession:
    teams: dict[str, Team] = await load_teams_to_change(call.tx, {team, successor})
    if successor not in teams or teams[successor].authority != call.actor.authority:
        raise RulesBroken((must("successor", "Name another team of the council", "no such team"),))
    asked = Succession(teams[team], teams[successor], comment)
    broken = tuple(asked.breaches(found))
    if broken:
        raise RulesBroken(broken)
    return asked


async def _decided(call: Call, asked: Succession, moving: list[Transfer]) -> list[Decided]:
    decided: list[Decided] = []
    broken: list[Breach] = []
    for transfer in moving:
        situation = await call.situation(transfer, asked.successor.id)
        try:
            decided.append((succeed(transfer, asked, call.actor, situation), situation))
        except RulesBroken as error:
            broken += [
                replace(breach, found=f"{breach.found} ({_called(transfer, call.actor)})")
                for breach in error.breaches
                if breach.blocks
            ]
    if broken:
        raise RulesBroken(tuple(broken))
    return decided


def _called(transfer: Transfer, actor: Actor) -> str:
    return "another transfer" if withheld(actor, transfer) else f"transfer {transfer.id}"
