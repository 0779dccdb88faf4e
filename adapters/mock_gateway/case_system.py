"""What tells one case system from the other, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from adapters.mock_gateway.duty_task import NewDutyTask
from adapters.mock_gateway.record import DateRules


@dataclass(frozen=True, kw_only=True)
class CaseSystem:
    """A case system: its name, its words, and its rules for copying and for dates.

    Attributes:
        name: `LCS` or `EHM`.
        sender: The system whose transfers arrive here; it stands in their title.
        pathway: The pathway that ends here.
        trays: Durham's duty trays, code to team name.
        record: What is started here: `referral` or `episode`.
        records: The same, many; the path of the records.
        start: The path, operation and button that start it (DL 8, DL 19).
        date_name: The name of the record's date, on pages.
        worker_name: The name of the person it is allocated to, on pages.
        open_state: The state of a record that was just started.
        reason_pattern: The reasons for closing that are known here.
        reason_hint: The same for people, on pages.
        example: A record of the contract's examples.
        copied_date: Where the record's date is copied from.
        copied_fields: Which fields copy forward into the record.
        date_rules: The codes under which a date is refused.
        due_on: When the next step is due, where the system counts that.
    """

    name: Literal["LCS", "EHM"]
    sender: Literal["LCS", "EHM"]
    pathway: Literal["step_up", "step_down"]
    trays: Mapping[str, str]
    record: str
    records: str
    start: "StartLink"
    date_name: str
    worker_name: str
    open_state: str
    reason_pattern: str
    reason_hint: str
    example: Mapping[str, Any]
    copied_date: Callable[[NewDutyTask], date]
    copied_fields: Callable[[NewDutyTask], dict[str, str]]
    date_rules: DateRules
    due_on: Callable[[date], date] | None = None

    def title(self, authority: str) -> str:
        """Say what a transfer into this system is labelled (DL 8, DL 19)."""
        return f"Transfer from {authority} {self.sender}"


@dataclass(frozen=True)
class StartLink:
    """The link on a picked up task that starts its records."""

    path: str
    operation: str
    label: str
    description: str
