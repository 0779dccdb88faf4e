"""What of a child's records is released: each part of each transfer, as a document."""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.domain.export_of_course import (
    custody_part,
    deliveries_part,
    disagreements_part,
    feedback_part,
    history_part,
    meetings_part,
    readers_part,
)
from app.domain.export_of_record import comments_part, consents_part, forms_part, transfer_part
from app.domain.held_records import Held
from app.domain.subject_access import Part
from app.domain.subject_access_export import Export, Row

_BUILD: Mapping[Part, Callable[[Export, Held], Row]] = {
    Part.TRANSFER: transfer_part,
    Part.FORMS: forms_part,
    Part.COMMENTS: comments_part,
    Part.CONSENTS: consents_part,
    Part.MEETINGS: meetings_part,
    Part.DISAGREEMENTS: disagreements_part,
    Part.FEEDBACK: feedback_part,
    Part.CUSTODY: custody_part,
    Part.HISTORY: history_part,
    Part.DELIVERIES: deliveries_part,
    Part.READERS: readers_part,
}


def document(export: Export, made_at: datetime) -> Row:
    """Everything that is released, as plain values.

    Staff and teams go by their names, which those who act for the council are disclosed by;
    other people's details are withheld unless the review says otherwise.
    """
    request = export.request
    return {
        "request": request.id,
        "child_id": request.child_id,
        "received_on": request.received_on,
        "made_at": made_at,
        "third_parties": request.third_parties,
        "withheld": [{"part": x, "reason": why} for x, why in request.withheld.items()],
        "parts": {
            part: [build(export, one) for one in export.held]
            for part, build in _BUILD.items()
            if part not in request.withheld
        },
    }
