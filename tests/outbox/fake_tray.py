"""A case system in memory that keeps the promises of the port, and fails as it is told."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date

from builders import NOW

from app.domain.duty_task import DutyTask, SharingLimit, TaskNotice
from app.domain.referral_date import RecordDate, RecordIdentity
from app.domain.tray_reports import Report, TaskReceived
from app.outbox.tray import Capability, HeldByAnother, Receipt, TrayRefused


@dataclass(frozen=True, slots=True)
class Fault:
    """What a call raises; `after`: once it has done what it was asked."""

    error: Exception
    after: bool = False


class FakeTray:
    """`made` counts how often each task was put into the tray; `said` lists every call.

    The next calls meet `faults` one by one; None among them is a call that goes well.
    """

    def __init__(
        self,
        capability: Capability = Capability.DEDUPES_ON_KEY,
        *,
        faults: tuple[Fault | None, ...] = (),
    ) -> None:
        self.capability = capability
        self.faults = list(faults)
        self.said: list[str] = []
        self.made: Counter[str] = Counter()
        self.withdrawn: set[str] = set()
        self.held_by: str | None = None
        self.record = RecordDate(
            date(2026, 5, 4),
            RecordIdentity("DUR1001", "Alex Example", date(2017, 3, 9)),
            '"1"',
        )
        self.reports: tuple[Report, ...] = (TaskReceived(NOW),)
        self.ignores_amendments = False
        self.gate: Callable[[], Awaitable[object]] | None = None
        self._keys: set[str] = set()

    async def deliver(self, task: DutyTask, key: str) -> Receipt:
        fault = await self._meet(f"deliver {task.reference} {key}")
        known = self.capability is Capability.DEDUPES_ON_KEY and key in self._keys
        if not known and task.reference not in self.withdrawn:
            self.made[task.reference] += 1
            self._keys.add(key)
        _raise(fault)
        return Receipt("in the tray", NOW)

    async def withdraw(self, notice: TaskNotice, key: str) -> Receipt:
        fault = await self._meet(f"withdraw {notice.reference} {key}")
        self.withdrawn.add(notice.reference)
        _raise(fault)
        return Receipt("withdrawn")

    async def pick_up(self, notice: TaskNotice, key: str) -> Receipt:
        fault = await self._meet(f"pick_up {notice.reference} {key}")
        _raise(fault)
        if self.held_by not in (None, notice.worker):
            raise HeldByAnother(str(self.held_by))
        return Receipt("picked up")

    async def release(self, notice: TaskNotice, key: str) -> Receipt:
        _raise(await self._meet(f"release {notice.reference} {key}"))
        return Receipt("released")

    async def decline(self, notice: TaskNotice, key: str) -> Receipt:
        _raise(await self._meet(f"decline {notice.reference} {key}"))
        return Receipt("declined")

    async def limit_sharing(self, limit: SharingLimit, key: str) -> Receipt:
        _raise(await self._meet(f"limit_sharing {limit.reference} {key}"))
        return Receipt("sharing limited")

    async def look_up(self, reference: str) -> tuple[Report, ...] | None:
        _raise(await self._meet(f"look_up {reference}"))
        if self.capability is Capability.NONE:
            raise TrayRefused("there is no look-up")
        return self.reports if self.made[reference] else None

    async def read_record(self, record_id: str) -> RecordDate:
        _raise(await self._meet(f"read_record {record_id}"))
        return self.record

    async def amend_date(self, record_id: str, read: RecordDate, right: date, key: str) -> None:
        fault = await self._meet(f"amend_date {record_id} {read.version} {right} {key}")
        if not self.ignores_amendments:
            self.record = replace(self.record, dated=right, version='"2"')
        _raise(fault)

    async def _meet(self, call: str) -> Fault | None:
        """The fault to raise when the call has been processed; others are raised at once."""
        self.said.append(call)
        if self.gate is not None:
            await self.gate()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not fault.after:
            raise fault.error
        return fault

    def spoken(self) -> list[str]:
        """The calls by name alone."""
        return [call.partition(" ")[0] for call in self.said]


def _raise(fault: Fault | None) -> None:
    if fault is not None:
        raise fault.error
