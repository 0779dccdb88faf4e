"""Find transfers among those that the actor may see."""

from dataclasses import replace

from app.domain.authority import seen_teams
from app.store.search import FoundTransfer, Sought
from app.store.search import find_transfers as search
from app.usecases.call import Call


async def find_transfers(call: Call, sought: Sought) -> list[FoundTransfer]:
    """One page, newest first, never past what the actor may see."""
    seen = replace(sought, authority=call.actor.authority, visible_to=seen_teams(call.actor))
    return await search(call.tx, seen)
