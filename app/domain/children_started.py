"""Children told apart when the receiving team starts: whom it takes, and whom it does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.breach import Breach, must
from app.domain.commands import NotTaken, Start
from app.domain.decision import Alert
from app.domain.transfer import Child, ChildOutcome, CreatedRecord, Transfer
from app.domain.tray_reports import NewRecord

NOT_TAKEN = "child_not_taken"
"""The milestone of a child who is not taken, and the alert that tells the sender."""


@dataclass(frozen=True, slots=True)
class Started:
    """What a start says of the children. `by_system`: the case system itself reports it.

    `reasons` are the protocol's for not taking a case on, by code; empty: any code will do.
    """

    command: Start
    reasons: Mapping[str, str]
    by_system: bool

    @property
    def at(self) -> datetime:
        """When the last record was created."""
        return max(record.created_at for record in self.command.records)

    def breaches(self, transfer: Transfer) -> Iterator[Breach]:
        """Why it cannot be: each child of the transfer once, somebody taken, known reasons."""
        taken, left = self.command.records, self.command.not_taken
        given = sorted([*(x.child_id for x in taken), *(x.child_id for x in left)])
        if given != sorted(child.child_id for child in transfer.children):
            says = (
                "Say of each child of the transfer, once, and of no other: what was created, "
                "or that they are not taken"
            )
            yield must("record-per-child", says, f"{len(given)} given", "DL 8, 19")
        elif len({record.record_id for record in taken}) < len(taken):
            says = "Give each child a record of their own"
            yield must("record-per-child", says, "the same record twice", "DL 8, 19")
        if left and not taken:
            yield must("start-nobody", "Decline where no child is taken", "nobody", "DL 8, 19")
        if self.reasons and not self.by_system and {x.reason for x in left} - self.reasons.keys():
            says = f"Choose a reason: {', '.join(self.reasons)}"
            yield must("not-taken-reason", says, "no such reason")

    def children(self, transfer: Transfer) -> tuple[Child, ...]:
        """The transfer's children, each with what became of them."""
        created = {record.child_id: record for record in self.command.records}
        left = {x.child_id: x for x in self.command.not_taken}
        return tuple(
            self._taken(child, created[child.child_id])
            if child.child_id in created
            else self._not_taken(child, left[child.child_id])
            for child in transfer.children
        )

    def _taken(self, child: Child, new: NewRecord) -> Child:
        record = CreatedRecord(
            new.record_id, new.created_at, new.dated, new.dated, not self.by_system
        )
        return replace(child, record=record, outcome=ChildOutcome.TAKEN, outcome_at=new.created_at)

    def _not_taken(self, child: Child, left: NotTaken) -> Child:
        return replace(
            child,
            outcome=ChildOutcome.NOT_TAKEN,
            outcome_reason=left.reason,
            outcome_at=self.at,
        )


def sender_is_told(before: Transfer, after: Transfer) -> tuple[Alert, ...]:
    """An alert to the origin team for each child who was not taken by this change."""
    return tuple(
        Alert(
            NOT_TAKEN,
            f"{after.id}:{NOT_TAKEN}:{after.dispatch}:{place}",
            after.origin_team,
            f"A child was not taken: {child.outcome_reason}",
        )
        for place, (was, child) in enumerate(zip(before.children, after.children, strict=True))
        if was.outcome is None and child.outcome is ChildOutcome.NOT_TAKEN
    )
