"""What became of what a team sent."""

from dataclasses import dataclass

from app.domain.authority import visible_to
from app.domain.became import Became, became
from app.domain.pathway import Stage
from app.store.search import find_transfers
from app.store.sent import SentChild, children_of, marks_of
from app.store.sought import FoundTransfer, Key, Sought
from app.usecases.call import Call


@dataclass(frozen=True, slots=True)
class Sent:
    """A transfer that was sent, what became of it, and its children."""

    found: FoundTransfer
    became: Became
    children: list[SentChild]


async def find_outgoing(call: Call, team: str, before: Key | None, limit: int) -> list[Sent]:
    """One page of what the team dispatched, newest first, as far as the actor may see.

    Raises:
        NotVisible: the authority has no such team.
    """
    await call.require_team(team)
    sought = Sought(
        authority=call.actor.authority,
        visible_to=visible_to(call.actor),
        now=call.now,
        sent_by=frozenset({team}),
        sent=True,
        before=before,
        limit=limit,
    )
    page = await find_transfers(call.tx, sought)
    ids = [found.id for found in page]
    children, marks = await children_of(call.tx, ids), await marks_of(call.tx, ids)
    return [
        Sent(found, became(Stage(found.stage), marks[found.id]), children[found.id])
        for found in page
    ]
