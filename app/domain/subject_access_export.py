"""What of a child's records is released: each part of each transfer, without the other children."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.domain.custody import Custody
from app.domain.subject_access import Part, SubjectAccess, ThirdParties
from app.domain.transfer import Milestone, Transfer

Row = dict[str, Any]
THIRD_PARTY = "withheld: another person's details"
DECIDED = "meeting_decided"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to a case system: what kind, when, and whether it arrived."""

    destination: str
    kind: str
    state: str
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who read which part of the record, how often, and when first and last."""

    person: str
    part: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A transfer with what the store holds of it besides."""

    transfer: Transfer
    custody: tuple[Custody, ...] = ()
    sent: tuple[Sent, ...] = ()
    read_by: tuple[ReadBy, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """The request, its transfers, and the names of the people and teams that they name by id."""

    request: SubjectAccess
    held: tuple[Held, ...]
    names: Mapping[str, str]

    def document(self, made_at: datetime) -> Row:
        """Everything that is released, as plain values.

        Staff and teams go by their names, which those who act for the council are disclosed by;
        other people's details are withheld unless the review says otherwise.
        """
        request = self.request
        return {
            "request": request.id,
            "child_id": request.child_id,
            "received_on": request.received_on,
            "made_at": made_at,
            "third_parties": request.third_parties,
            "withheld": [{"part": x, "reason": why} for x, why in request.withheld.items()],
            "parts": {
                part: [build(self, one) for one in self.held]
                for part, build in _BUILD.items()
                if part not in request.withheld
            },
        }

    def name(self, who: str | None) -> str | None:
        """The name that somebody, or a team, goes by."""
        return None if who is None else self.names.get(who, who)

    def other(self, details: str) -> str:
        """Another person's details, where the review lets them out."""
        return THIRD_PARTY if self.request.third_parties is ThirdParties.WITHHELD else details

    def ours(self, child_id: str | None) -> bool:
        """Whether something is of this child, or of no child in particular."""
        return child_id in (None, self.request.child_id)


def _transfer(export: Export, held: Held) -> Row:
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


def _forms(_: Export, held: Held) -> Row:
    form = held.transfer.form
    return {
        "forms": [asdict(x) for x in form.forms],
        "references": [asdict(x) for x in form.references],
        "statements": dict(form.statements),
        "factors": list(form.factors),
        "primary_need": form.primary_need,
    }


def _comments(export: Export, held: Held) -> Row:
    transfer = held.transfer
    closing = transfer.closing
    return {
        "comments": transfer.form.comments,
        "notes": [
            {"on": mark.name, "at": mark.at, "note": mark.note}
            for mark in _marks(export, transfer)
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


def _consents(export: Export, held: Held) -> Row:
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


def _meetings(export: Export, held: Held) -> Row:
    decided = (mark for mark in _marks(export, held.transfer) if mark.name == DECIDED)
    return {
        "form": asdict(held.transfer.form.meeting),
        "decisions": [
            {"at": x.at, "by": export.name(x.by), "outcome": x.outcome, "rationale": x.note}
            for x in decided
        ],
    }


def _disagreements(export: Export, held: Held) -> Row:
    return {
        "disagreements": [
            asdict(x)
            | {"raised_by": export.name(x.raised_by), "resolved_by": export.name(x.resolved_by)}
            | {"steps": [asdict(step) | {"by": export.name(step.by)} for step in x.steps]}
            for x in held.transfer.disagreements
        ]
    }


def _feedback(export: Export, held: Held) -> Row:
    return {
        "feedback": [
            asdict(x)
            | {"recorded_by": export.name(x.recorded_by)}
            | {"words": x.words if x.childs_voice else export.other(x.words)}
            for x in held.transfer.feedback
            if export.ours(x.child_id)
        ]
    }


def _custody(export: Export, held: Held) -> Row:
    return {
        "custody": [
            asdict(x)
            | {"team": export.name(x.team), "lead_professional": export.name(x.lead_professional)}
            for x in held.custody
        ]
    }


def _history(export: Export, held: Held) -> Row:
    return {
        "history": [
            {"what": x.name, "at": x.at, "by": export.name(x.by), "outcome": x.outcome}
            for x in _marks(export, held.transfer)
        ]
    }


def _deliveries(_: Export, held: Held) -> Row:
    return {"deliveries": [asdict(x) for x in held.sent]}


def _readers(export: Export, held: Held) -> Row:
    return {"readers": [asdict(x) | {"person": export.name(x.person)} for x in held.read_by]}


def _marks(export: Export, transfer: Transfer) -> Sequence[Milestone]:
    """The milestones, but for those that tell of another child."""
    others = {child.child_id for child in transfer.children} - {export.request.child_id}
    return [mark for mark in transfer.milestones if mark.person not in others]


_BUILD: Mapping[Part, Callable[[Export, Held], Row]] = {
    Part.TRANSFER: _transfer,
    Part.FORMS: _forms,
    Part.COMMENTS: _comments,
    Part.CONSENTS: _consents,
    Part.MEETINGS: _meetings,
    Part.DISAGREEMENTS: _disagreements,
    Part.FEEDBACK: _feedback,
    Part.CUSTODY: _custody,
    Part.HISTORY: _history,
    Part.DELIVERIES: _deliveries,
    Part.READERS: _readers,
}


def named_in(held: Iterable[Held]) -> frozenset[str]:
    """Every id of a person or a team that the parts name."""
    found: set[str | None] = set()
    for one in held:
        transfer = one.transfer
        found |= {transfer.origin_team, transfer.sent_to, transfer.worker, transfer.origin_lead}
        found |= {transfer.lead_professional}
        found |= {mark.by for mark in transfer.milestones}
        found |= {x.team for x in one.custody} | {x.lead_professional for x in one.custody}
        found |= {x.person for x in one.read_by}
        for consent in transfer.consents:
            found |= {consent.recorded_by, consent.withdrawn_by, consent.decided_by}
        found |= {x.recorded_by for x in transfer.sharing_bases}
        found |= {x.recorded_by for x in transfer.feedback}
        found |= {x.by for x in transfer.reviews}
        for dispute in transfer.disagreements:
            found |= {dispute.raised_by, dispute.resolved_by, *(x.by for x in dispute.steps)}
    return frozenset(x for x in found if x is not None)
