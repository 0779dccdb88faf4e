"""The parts of an export that a transfer's record is made of: what was written and agreed."""

from dataclasses import asdict

from app.domain.held_records import Held
from app.domain.subject_access_export import DECIDED, Export, Row


def transfer_part(export: Export, held: Held) -> Row:
    """The transfer itself: its origin, teams, people, child and end."""
    transfer = held.transfer
    child = transfer.child(export.request.child_id)
    closing = transfer.closing
    return {
        "pathway": transfer.pathway,
        "route": transfer.route,
        "stage": transfer.stage,
        "origin": asdict(transfer.origin),
        "origin_record": asdict(transfer.origin_record),
        "origin_team": export.name(transfer.origin_team),
        "sent_to": export.name(transfer.sent_to),
        "worker": export.name(transfer.worker),
        "lead_professional": export.name(transfer.lead_professional),
        "origin_lead": export.name(transfer.origin_lead),
        "date_of_transfer": transfer.form.date_of_transfer,
        "child": None if child is None else asdict(child),
        "team_around_the_family": [
            {"name": x.name, "agency": x.agency, "purpose": x.purpose} for x in transfer.team_around
        ],
        "closed_on": closing and closing.closed_on,
        "closing_reason": closing and closing.reason,
    }


def forms_part(_: Export, held: Held) -> Row:
    """What the forms say."""
    form = held.transfer.form
    return {
        "forms": [asdict(x) for x in form.forms],
        "references": [asdict(x) for x in form.references],
        "statements": dict(form.statements),
        "factors": list(form.factors),
        "primary_need": form.primary_need,
    }


def comments_part(export: Export, held: Held) -> Row:
    """What was written in words, wherever."""
    transfer = held.transfer
    closing = transfer.closing
    return {
        "comments": transfer.form.comments,
        "notes": [
            {"on": mark.name, "at": mark.at, "note": mark.note}
            for mark in export.marks(transfer)
            if mark.note and mark.name != DECIDED
        ],
        "pauses": [{"clock": x.clock, "comment": x.comment} for x in transfer.pauses],
        "reviews": [asdict(x) | {"by": export.name(x.by)} for x in transfer.reviews],
        "closing": closing and closing.comment,
        "after_closing": [
            {"outcome": x.outcome, "comment": x.comment}
            for x in (closing.remaining if closing else ())
            if export.ours(x.child_id)
        ],
    }


def consents_part(export: Export, held: Held) -> Row:
    """Consents, and other bases for sharing."""
    transfer = held.transfer
    people = ("recorded_by", "withdrawn_by", "decided_by")
    return {
        "consents": [
            asdict(x)
            | {"given_by": export.other(x.given_by)}
            | {who: export.name(getattr(x, who)) for who in people}
            for x in transfer.consents
        ],
        "sharing_bases": [
            asdict(x) | {"recorded_by": export.name(x.recorded_by)} for x in transfer.sharing_bases
        ],
    }
