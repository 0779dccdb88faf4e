"""Review a request for a child's records: take it, extend it, release or refuse."""

from collections.abc import Callable

from app.domain.answer_subject_access import begin_review, decide_request, extend
from app.domain.party import Parties
from app.domain.subject_access import ExtensionReason, RequestState, Review, SubjectAccess
from app.store.subject_access import update_request
from app.usecases.call import Call
from app.usecases.export_records import release_export
from app.usecases.subject_access import audit_access, seen_request, transfers_asked_for

Change = Callable[[SubjectAccess, Parties], SubjectAccess]


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
        held = await transfers_asked_for(call, after)
        await release_export(call, after, held, export_days)
    return after


async def _change(
    call: Call, request_id: str, action: str, change: Change, codes: tuple[str, ...] = ()
) -> SubjectAccess:
    found, who = await seen_request(call, request_id, to_change=True)
    after = change(found, who)
    await update_request(call.tx, after)
    await audit_access(call, action, after, (f"state:{after.state}", *codes))
    return after
