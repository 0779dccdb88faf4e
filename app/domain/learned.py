"""What pushing a message to a tray taught us, for the use case that marks the delivery."""

from dataclasses import dataclass

from app.domain.record_dates import DateFinding
from app.domain.tray_reports import Report


@dataclass(frozen=True, slots=True)
class Learned:
    """`reports` are about the task of `reference`; `date` is what a date check found.

    `missing`: the tray has no such task. `held_by_another`: the tray has it with somebody else,
    and one of the reports says with whom.
    """

    reference: str
    reports: tuple[Report, ...] = ()
    date: DateFinding | None = None
    missing: bool = False
    held_by_another: bool = False
