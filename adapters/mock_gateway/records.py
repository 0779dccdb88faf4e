"""The referrals or episodes of a mock, and what may be done to them."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from adapters.mock_gateway.callbacks import Callbacks
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.clock import Clock
from adapters.mock_gateway.events import RecordAllocated, RecordClosed, RecordUpdated
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.record import Record, RecordChild


@dataclass(frozen=True)
class Change:
    """What a save changes; None leaves a thing as it is, fields are set one by one."""

    dated: date | None = None
    note: str | None = None
    fields: dict[str, str] | None = None


class Records:
    """Keeps the records; every change raises the version and sends its callback."""

    def __init__(self, system: CaseSystem, clock: Clock, callbacks: Callbacks) -> None:
        self.system = system
        self._clock = clock
        self._callbacks = callbacks
        self._kept: dict[str, Record] = {}

    def create(
        self,
        reference: str | None,
        child: RecordChild,
        dated: date,
        fields: dict[str, str],
        *,
        record_id: str | None = None,
    ) -> Record:
        """Start a record with the date it was given, right or wrong (DL 9, DL 20)."""
        initial = self.system.record[0].upper()
        record = Record(
            record_id=record_id or f"{initial}-{uuid4().hex[:12].upper()}",
            reference=reference,
            child=child,
            created_at=self._clock.now(),
            copied=dated,
            dated=dated,
            state=self.system.open_state,
            fields=dict(fields),
        )
        self._kept[record.record_id] = record
        return record

    def get(self, record_id: str) -> Record:
        """Find a record.

        Raises:
            Refusal: There is none.
        """
        if record_id not in self._kept:
            raise Refusal(f"unknown_{self.system.record}", "Nothing was started under this id.")
        return self._kept[record_id]

    def save(self, record_id: str, change: Change) -> Record:
        """Save changed fields, if the date is possible.

        Raises:
            Refusal: The date is impossible.
        """
        record = self.get(record_id)
        if change.dated is not None:
            self.system.date_rules.check(record, change.dated, self._clock.today())
            record.dated = change.dated
        if change.note is not None:
            record.note = change.note
        record.fields |= change.fields or {}
        return self._updated(record)

    def copy_date_again(self, record_id: str) -> None:
        """Spoil the date once more, as the real LCS may (DL 9)."""
        if record_id in self._kept:
            record = self._kept[record_id]
            record.dated = record.copied
            self._updated(record)

    def finalise(self, record_id: str) -> Record:
        """Finalise the record (DL 10, DL 21).

        Raises:
            Refusal: It is past that.
        """
        record = self._not_closed(record_id)
        if record.state != self.system.open_state:
            raise Refusal("already_finalised", "It can be allocated.")
        record.state = "finalised"
        record.version += 1
        return record

    def allocate(self, record_id: str, worker: str) -> Record:
        """Allocate to a social worker (DL 10) or lead professional (DL 21), or to another one.

        Raises:
            Refusal: It is not finalised, or closed.
        """
        record = self._not_closed(record_id)
        if record.state == self.system.open_state:
            raise Refusal("not_finalised", "Save and finalise it before allocating.")
        record.state, record.worker = "allocated", worker
        record.version += 1
        told = RecordAllocated(reference=record.reference, record_id=record_id, worker=worker)
        self._callbacks.send(f"{self.system.record}.allocated", told)
        return record

    def close(self, record_id: str, reason: str, closed_on: date) -> Record:
        """Close the record, as the sender must after a transfer (DL 7, DL 18).

        Raises:
            Refusal: It is closed, or the reason or the date is impossible.
        """
        record = self._not_closed(record_id)
        if not re.fullmatch(self.system.reason_pattern, reason):
            raise Refusal("unknown_reason", "Choose a reason of the list.")
        if closed_on > self._clock.today():
            raise Refusal("closed_in_future", f"Today is {self._clock.today()}.")
        if closed_on < record.dated:
            raise Refusal(self.system.date_rules.after_closure, f"It is dated {record.dated}.")
        record.state, record.reason, record.closed_on = "closed", reason, closed_on
        record.version += 1
        told = RecordClosed(reference=record.reference, record_id=record_id)
        self._callbacks.send(f"{self.system.record}.closed", told)
        return record

    def clear(self) -> None:
        """Forget every record."""
        self._kept.clear()

    def _not_closed(self, record_id: str) -> Record:
        """Find a record that is still open to change.

        Raises:
            Refusal: It is closed, or there is none.
        """
        record = self.get(record_id)
        if record.state == "closed":
            raise Refusal("already_closed", f"It was closed on {record.closed_on}.")
        return record

    def _updated(self, record: Record) -> Record:
        """Raise the version and tell the sender the record's date as it is now."""
        record.version += 1
        told = RecordUpdated(
            reference=record.reference, record_id=record.record_id, dated=record.dated
        )
        self._callbacks.send(f"{self.system.record}.updated", told)
        return record
