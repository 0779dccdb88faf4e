"""Ask for a child's records."""

from dataclasses import dataclass
from datetime import date

from app.domain.answer_subject_access import request, require_may_request
from app.domain.subject_access import Applicant, SubjectAccess, due
from app.store.subject_access import insert_request
from app.usecases.call import Call
from app.usecases.export_records import case_of
from app.usecases.subject_access import audit_access, transfers_asked_for


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
    await transfers_asked_for(call, made, to_change=True)
    await insert_request(call.tx, request(made, call.actor, await case_of(call, made.child_id)))
    await audit_access(call, "requested", made, (f"applicant:{made.applicant}",))
    return made


async def require_still_requests(call: Call, child_id: str) -> None:
    """Pass for whoever may ask for the child's records. Raises NotPermitted, NotVisible."""
    require_may_request(call.actor, await case_of(call, child_id))
