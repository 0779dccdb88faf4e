"""Ask for a child's records, review what is released, and read how requests stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.answer_subject_access import (
    begin_review,
    decide_request,
    extend,
    request,
    require_may_request,
    require_sees_request,
    to_request,
)
from app.domain.authority import may
from app.domain.errors import NotVisible
from app.domain.party import Parties
from app.domain.rights import Act
from app.domain.subject_access import (
    Applicant,
    ExtensionReason,
    RequestState,
    Review,
    SubjectAccess,
    access_event,
    due,
)
from app.domain.transfer import Transfer
from app.domain.withheld import reader
from app.store.held_records import cases_of
from app.store.legal_holds import transfers_of_child
from app.store.subject_access import insert_request, list_requests, load_request, update_request
from app.store.transfers import load_transfers
from app.store.unit_of_work import record_events
from app.usecases.call import Call
from app.usecases.export_records import case_of, release_export

MOST_AT_ONCE = 200
Change = Callable[[SubjectAccess, Parties], SubjectAccess]


@dataclass(frozen=True, slots=True)
class Requesting:
    """What is asked for."""

    id: str
    child_id: str
    applicant: Applicant
    received_on: date


async def request_access(call: Call, asked: Requesting) -> SubjectAccess:
    """The request. It says nothing of what is held: the reviewer finds that.

    Raises:
        NotPermitted, NotVisible, RulesBroken: see domain.answer_subject_access.request.
    """
    made = SubjectAccess(
        id=asked.id,
        authority=call.actor.authority,
        child_id=asked.child_id,
        applicant=asked.applicant,
        received_on=asked.received_on,
        requested_by=call.actor.id,
        requested_at=call.now,
        due_on=due(asked.received_on),
    )
    await _held(call, made, to_change=True)
    await insert_request(call.tx, request(made, call.actor, await case_of(call, made.child_id)))
    await _audit(call, "requested", made, (f"applicant:{made.applicant}",))
    return made


async def read_request(call: Call, request_id: str, *, to_change: bool = False) -> SubjectAccess:
    """The request.

    Raises:
        NotVisible: there is none for this actor.
    """
    return (await _seen(call, request_id, to_change=to_change))[0]


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


async def take_into_review(call: Call, request_id: str, *, expected_version: int) -> SubjectAccess:
    """The request, in review by the actor.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, StaleVersion, Settled: see the domain.
    """
    return await _change(
        call,
        request_id,
        "in_review",
        lambda found, who: begin_review(found, call.actor, who, expected_version=expected_version),
    )


async def extend_request(
    call: Call, request_id: str, because: ExtensionReason, *, expected_version: int
) -> SubjectAccess:
    """The request with two months more. Raises as above, and RulesBroken."""
    return await _change(
        call,
        request_id,
        "extended",
        lambda found, who: extend(found, because, who, call.now, expected_version=expected_version),
        (f"reason:{because}",),
    )


async def decide_access(
    call: Call, request_id: str, review: Review, *, expected_version: int, export_days: int
) -> SubjectAccess:
    """The request, released with its export, or refused. Raises as above."""
    codes = (
        f"third_parties:{review.third_parties}",
        *(f"withheld:{part}:{why}" for part, why in review.withheld.items()),
        *((f"refused:{review.refused_because}",) if review.refused_because else ()),
    )
    after = await _change(
        call,
        request_id,
        "decided",
        lambda found, who: decide_request(
            found, review, who, call.now, expected_version=expected_version
        ),
        codes,
    )
    if after.state is RequestState.RELEASED:
        held = await _held(call, after)
        await release_export(call, after, held, export_days)
    return after


async def require_still_requests(call: Call, child_id: str) -> None:
    """Pass for whoever may ask for the child's records. Raises NotPermitted, NotVisible."""
    require_may_request(call.actor, await case_of(call, child_id))


async def seen_request(call: Call, request_id: str) -> tuple[SubjectAccess, Parties]:
    """The request, and what the actor is to it. Raises NotVisible."""
    return await _seen(call, request_id, to_change=False)


async def _change(
    call: Call, request_id: str, action: str, change: Change, codes: tuple[str, ...] = ()
) -> SubjectAccess:
    found, who = await _seen(call, request_id, to_change=True)
    after = change(found, who)
    await update_request(call.tx, after)
    await _audit(call, action, after, (f"state:{after.state}", *codes))
    return after


async def _seen(call: Call, request_id: str, *, to_change: bool) -> tuple[SubjectAccess, Parties]:
    found = await load_request(call.tx, request_id, to_change=to_change)
    if found is None:
        raise NotVisible("subject access")
    case = await case_of(call, found.child_id)
    seen = require_sees_request(call.actor, found, case)
    return seen, to_request(call.actor, seen, case)


async def _held(call: Call, found: SubjectAccess, *, to_change: bool = False) -> list[Transfer]:
    ids = await transfers_of_child(call.tx, found.authority, found.child_id)
    return list((await load_transfers(call.tx, ids, to_change=to_change)).values())


async def _audit(call: Call, action: str, found: SubjectAccess, codes: tuple[str, ...]) -> None:
    event = access_event(action, found, call.actor.id, call.now, codes)
    await record_events(call.tx, found.authority, None, (event,))
