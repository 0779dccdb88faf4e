"""An export: a child's records, by what of them is the child's own and what is another person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.held_records import Held
from app.domain.subject_access import SubjectAccess, ThirdParties
from app.domain.transfer import Milestone, Transfer

Row = dict[str, Any]
THIRD_PARTY = "withheld: another person's details"
DECIDED = "meeting_decided"
"""The milestone whose note is what a meeting said, and belongs to its part."""


@dataclass(frozen=True, slots=True)
class Export:
    """The request, its transfers, and the names of the people and teams that they name by id."""

    request: SubjectAccess
    held: tuple[Held, ...]
    names: Mapping[str, str]

    def name(self, who: str | None) -> str | None:
        """The name that somebody, or a team, goes by."""
        return None if who is None else self.names.get(who, who)

    def other(self, details: str) -> str:
        """Another person's details, where the review lets them out."""
        return THIRD_PARTY if self.request.third_parties is ThirdParties.WITHHELD else details

    def ours(self, child_id: str | None) -> bool:
        """Whether something is of this child, or of no child in particular."""
        return child_id in (None, self.request.child_id)

    def marks(self, transfer: Transfer) -> Sequence[Milestone]:
        """The milestones, but for those that tell of another child."""
        others = {child.child_id for child in transfer.children} - {self.request.child_id}
        return [mark for mark in transfer.milestones if mark.person not in others]
