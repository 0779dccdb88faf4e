"""What waits for the actor, under every version of a protocol that is still in use."""

from app.domain.party import Party
from app.domain.pathway import TRANSITIONS
from app.domain.people import Role
from app.domain.waiting import RunsUnder, Waiting, waiting_for
from app.store.in_use import in_use
from app.usecases.call import Call

JUDGED = frozenset(
    stage for row in TRANSITIONS if Party.AUTHORISER in row.who for stage in row.sources
)
"""The stages where it depends on the protocol for whom a transfer waits."""


async def waiting(call: Call) -> tuple[Waiting, ...]:
    """Each stage and team where a transfer waits for the actor."""
    under: dict[Role, set[RunsUnder]] = {}
    for runs_under in await in_use(call.tx, call.actor.authority, JUDGED):
        code, version, pathway = runs_under
        protocol = await call.protocol(code, version)
        for role in protocol.pathways[pathway].authorised_by:
            under.setdefault(role, set()).add(runs_under)
    return waiting_for(call.actor, {role: frozenset(found) for role, found in under.items()})
