"""Delegate a role for some days, see who does, and end it."""

from dataclasses import replace

from app.domain.authority import own_teams
from app.domain.decision import Event
from app.domain.delegation import Delegation, end, require_ends
from app.domain.delegation import delegate as decide_delegation
from app.domain.errors import NotVisible, StaleVersion
from app.domain.london import local_date
from app.store.delegations import insert_delegation, keep_end, list_delegations, load_delegation
from app.store.directory import actor_of_person
from app.store.unit_of_work import record_events
from app.usecases.call import Call


async def delegate(call: Call, asked: Delegation) -> Delegation:
    """The delegation, in force on its days.

    Raises:
        NotVisible: the council has no such team; and NotPermitted, RulesBroken: see
            domain.delegation.
    """
    await call.require_team(asked.team)
    today = local_date(call.now)
    delegator = await actor_of_person(call.tx, asked.delegator, today)
    to = await actor_of_person(call.tx, asked.delegate, today)
    made = decide_delegation(asked, call.actor, delegator, to, today)
    made = replace(made, id=await insert_delegation(call.tx, made))
    await _audit(call, "delegated", made)
    return made


async def end_delegation(call: Call, delegation_id: int, *, expected_version: int) -> Delegation:
    """The delegation, over.

    Raises:
        NotVisible, NotPermitted, RulesBroken: see domain.delegation.end.
        StaleVersion: it has ended since.
    """
    found = await _require_ends(call, delegation_id)
    if expected_version != found.version:
        raise StaleVersion(str(delegation_id))
    over = end(found, call.actor, call.now)
    await keep_end(call.tx, over)
    await _audit(call, "delegation_ended", over)
    return over


async def require_still_ends(call: Call, delegation_id: int) -> None:
    """Pass for whoever may end it. Raises NotVisible, NotPermitted as end_delegation does."""
    await _require_ends(call, delegation_id)


async def find_delegations(call: Call, after: int, limit: int) -> list[Delegation]:
    """One page of those of the actor's teams and of those that concern them, in order.

    Auditors and administrators see all of their council's.
    """
    actor = call.actor
    teams = own_teams(actor)
    return await list_delegations(call.tx, actor.authority, actor.id, teams, after, limit)


async def _require_ends(call: Call, delegation_id: int) -> Delegation:
    found = await load_delegation(call.tx, delegation_id, to_change=True)
    if found is None:
        raise NotVisible(str(delegation_id))
    require_ends(found, call.actor)
    return found


async def _audit(call: Call, action: str, what: Delegation) -> None:
    codes = (
        f"delegation:{what.id}",
        f"from:{what.delegator}",
        f"to:{what.delegate}",
        f"role:{what.role}",
        f"team:{what.team}",
        f"days:{what.from_date}/{what.to_date}",
    )
    event = Event(action, call.actor.id, call.now, None, None, None, codes)
    await record_events(call.tx, call.actor.authority, None, (event,))
