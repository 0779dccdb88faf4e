"""A case system whose clock is ahead reports nothing of the future."""

from datetime import date, timedelta

import pytest
from builders import NOW

from app.domain.tray_reports import (
    NewRecord,
    RecordAllocated,
    RecordsCreated,
    not_later_than,
)

AHEAD, BEFORE = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)


@pytest.mark.parametrize(("said", "taken"), [(AHEAD, NOW), (NOW, NOW), (BEFORE, BEFORE)])
def test_a_report_is_taken_as_of_now_at_the_latest(said: object, taken: object) -> None:
    report = RecordAllocated(said, "REC-1", "a.worker")  # type: ignore[arg-type]

    assert not_later_than(NOW, report) == RecordAllocated(taken, "REC-1", "a.worker")  # type: ignore[arg-type]


def test_each_record_is_created_now_at_the_latest_and_keeps_the_rest() -> None:
    made = [
        NewRecord(f"DUR{n}", f"REC-{n}", at, date(2026, 5, 4))
        for n, at in enumerate((AHEAD, BEFORE))
    ]

    taken = not_later_than(NOW, RecordsCreated(AHEAD, "a.worker", tuple(made)))

    assert isinstance(taken, RecordsCreated)
    assert taken.at == NOW
    assert [x.created_at for x in taken.records] == [NOW, BEFORE]
    assert [x.record_id for x in taken.records] == ["REC-0", "REC-1"]
