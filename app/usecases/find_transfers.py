"""Find transfers among those that the actor may see."""

from dataclasses import replace

from app.domain.authority import READS_ALL
from app.domain.people import SYSTEM_ROLES
from app.store.search import FoundTransfer, Sought
from app.store.search import find_transfers as search
from app.usecases.call import Call


async def find_transfers(call: Call, sought: Sought) -> list[FoundTransfer]:
    """One page, newest first, never past what the actor may see."""
    sees_all = call.actor.holds(*READS_ALL, *SYSTEM_ROLES.values())
    visible_to = None if sees_all else call.actor.teams()
    return await search(
        call.tx, replace(sought, authority=call.actor.authority, visible_to=visible_to)
    )
