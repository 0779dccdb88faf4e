"""The kinds of milestone that people record, as a protocol declares them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.milestone_names import Named
from app.domain.people import Role
from app.domain.rules.facts import Need

RECORDERS = (Role.PRACTITIONER, Role.TEAM_MANAGER)


class Side(StrEnum):
    """Which side of the transfer."""

    ORIGIN = "origin"
    RECEIVING = "receiving"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class MilestoneKind:
    """A milestone that people record.

    `roles`: who of the side may. `after`: one of these must stand before. `outcomes` (code
    to words): one of them must be given. `about_recipient`: it counts for the recipient that is
    chosen then; `names_receiving_manager`: and concerns a manager of it. `not_by_author`: not for
    the form's author or last editor. `gives_time`: a time that was agreed must be given.
    `passes_to_kind`: it names a team of that kind, which is the receiving team from then on.
    `voided_by_edit`: it does not stand any more once the form is edited, save for what the
    meeting decides. `needs`: what must hold for it to be recorded.
    """

    name: str
    says: str
    by: Side
    source: str
    roles: tuple[Role, ...] = RECORDERS
    after: tuple[Named, ...] = ()
    outcomes: Mapping[str, str] = field(default_factory=dict)
    about_recipient: bool = False
    names_receiving_manager: bool = False
    not_by_author: bool = False
    gives_time: bool = False
    passes_to_kind: str | None = None
    voided_by_edit: bool = False
    needs: Need | None = None
    note: str | None = None
