"""A person of the council as transfers name them."""

from app.domain.reassign import Worker
from app.store.directory import person_of, shares_name
from app.usecases.call import Call


async def worker_of(call: Call, person: str) -> Worker | None:
    """By their id, and by their name unless two people have it; None where the council has none.

    A name that two people have says of neither whose work it is.
    """
    found = await person_of(call.tx, person)
    if found is None or found.authority != call.actor.authority:
        return None
    return Worker(found.id, found.id if await shares_name(call.tx, found) else found.name)
