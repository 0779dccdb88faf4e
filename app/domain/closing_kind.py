"""How the origin closes its own record, as a protocol declares it."""

from dataclasses import dataclass

from app.domain.milestone_kind import RECORDERS
from app.domain.milestone_names import Named
from app.domain.people import Role


@dataclass(frozen=True, slots=True)
class ClosingKind:
    """The closing at source of one pathway (DL 7, 18).

    `roles`: who of the origin may say that it is closed. `after`: one of these must stand before,
    besides the receiving side's acceptance. `steps` are milestones of the protocol, in their order.
    """

    says: str
    source: str
    roles: tuple[Role, ...] = RECORDERS
    after: tuple[Named, ...] = ()
    steps: tuple[str, ...] = ()
    note: str | None = None
