"""Requests for a child's records as they stand: one, or those that somebody may see."""

from app.domain.answer_subject_access import require_sees_request, to_request
from app.domain.authority import may
from app.domain.errors import NotVisible
from app.domain.party import Parties
from app.domain.rights import Act
from app.domain.subject_access import SubjectAccess, access_event
from app.domain.transfer import Transfer
from app.domain.withheld import reader
from app.store.held_records import cases_of
from app.store.legal_holds import transfers_of_child
from app.store.subject_access import list_requests, load_request
from app.store.transfers import load_transfers
from app.store.unit_of_work import record_events
from app.usecases.call import Call
from app.usecases.export_records import case_of

MOST_AT_ONCE = 200


async def read_request(call: Call, request_id: str) -> SubjectAccess:
    """The request.

    Raises:
        NotVisible: there is none for this actor.
    """
    return (await seen_request(call, request_id))[0]


async def find_requests(call: Call, after: str | None, limit: int) -> list[SubjectAccess]:
    """The requests that the actor may see past that one, what is due first.

    Past one that is not there, or not there for them, there is none.
    """
    try:
        last = await read_request(call, after) if after is not None else None
    except NotVisible:
        return []
    key = (last.due_on, last.id) if last else None
    seen: list[SubjectAccess] = []
    while len(seen) < limit:
        page = await list_requests(call.tx, call.actor.authority, key, MOST_AT_ONCE)
        children = {x.child_id for x in page}
        cases = await cases_of(call.tx, call.actor.authority, children, reader(call.actor))
        who = ((x, to_request(call.actor, x, cases[x.child_id])) for x in page)
        seen += [x for x, is_ in who if may(Act.READ_SUBJECT_ACCESS, is_)]
        if len(page) < MOST_AT_ONCE:
            break
        key = (page[-1].due_on, page[-1].id)
    return seen[:limit]


async def seen_request(
    call: Call, request_id: str, *, to_change: bool = False
) -> tuple[SubjectAccess, Parties]:
    """The request, and what the actor is to it. Raises NotVisible."""
    found = await load_request(call.tx, request_id, to_change=to_change)
    if found is None:
        raise NotVisible("subject access")
    case = await case_of(call, found.child_id)
    seen = require_sees_request(call.actor, found, case)
    return seen, to_request(call.actor, seen, case)


async def transfers_asked_for(
    call: Call, found: SubjectAccess, *, to_change: bool = False
) -> list[Transfer]:
    """The child's transfers; `to_change` keeps their rows for this transaction."""
    ids = await transfers_of_child(call.tx, found.authority, found.child_id)
    return list((await load_transfers(call.tx, ids, to_change=to_change)).values())


async def audit_access(
    call: Call, action: str, found: SubjectAccess, codes: tuple[str, ...]
) -> None:
    """Write down what was done with the request."""
    event = access_event(action, found, call.actor.id, call.now, codes)
    await record_events(call.tx, found.authority, None, (event,))
