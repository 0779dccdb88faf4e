"""The checks themselves: sound evidence breaks none, and each finds the fault planted for it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from chaos.checks import CHECKS, broken
from chaos.evidence import Evidence

UP, DOWN, BACK = "up", "down", "back"
"""A step up that was redirected and started, a step down in its tray, one that was cancelled."""


@pytest.fixture
def sound() -> Evidence:
    """What a storm leaves behind when nothing went wrong."""
    made = Evidence()
    made.add("transfers", [(UP, "started", 4, 2), (DOWN, "dispatched", 3, 1),
                           (BACK, "cancelled", 3, 1)])  # fmt: skip
    made.add("children", [(UP, "c1"), (DOWN, "c2"), (BACK, "c3")])
    made.add(
        "deliveries",
        [
            (1, "up:1", UP, "lcs", "deliver_task", "1", "delivered", 0, 1),
            (2, "up:w", UP, "lcs", "withdraw_task", "1", "delivered", 0, 1),
            (3, "up:2", UP, "lcs", "deliver_task", "2", "delivered", 0, 2),
            (4, "down:1", DOWN, "ehm", "deliver_task", "1", "delivered", 0, 1),
            (5, "back:1", BACK, "lcs", "deliver_task", "1", "cancelled", 0, 0),
            (6, "back:w", BACK, "lcs", "withdraw_task", "1", "delivered", 0, 1),
        ],
    )
    made.add(
        "events",
        [
            (1, UP, "open", None, "draft", 1),
            (2, UP, "finalise", "draft", "dispatched", 2),
            (3, UP, "redirect", "dispatched", "dispatched", 3),
            (4, UP, "start", "dispatched", "started", 4),
            (5, DOWN, "open", None, "draft", 1),
            (6, DOWN, "finalise", "draft", "awaiting_authorisation", 2),
            (7, DOWN, "authorise", "awaiting_authorisation", "dispatched", 3),
            (8, BACK, "open", None, "draft", 1),
            (9, BACK, "finalise", "draft", "dispatched", 2),
            (10, BACK, "cancel", "dispatched", "cancelled", 3),
        ],
    )
    made.add("holds", [(UP, 0, "op", None, "2026-11-20"), (UP, 1, "ff", "2026-11-20", None),
                       (DOWN, 0, "ff", None, None), (BACK, 0, "op", None, None)])  # fmt: skip
    made.add("tasks", [("lcs", "up.1", "withdrawn"), ("lcs", "up.2", "started"),
                       ("ehm", "down.1", "waiting")])  # fmt: skip
    made.add(
        "requests",
        [
            (1, "lcs", "deliverDutyTask", "up.1", "up:1", 1, 201, 1, None),
            (2, "lcs", "withdrawDutyTask", "up.1", "up:w", 1, 200, 1, None),
            (3, "lcs", "deliverDutyTask", "up.2", "up:2", 1, 201, 0, "reset_after_processing"),
            (4, "lcs", "deliverDutyTask", "up.2", "up:2", 1, 200, 1, None),
            (1, "ehm", "deliverDutyTask", "down.1", "down:1", 1, 201, 1, None),
            (5, "lcs", "withdrawDutyTask", "back.1", "back:w", 1, 200, 1, None),
        ],
    )
    made.add("inbox", [("lcs", "m1")])
    made.add("callbacks", [("lcs", "m1", "delivered"), ("lcs", "m2", "failed")])
    told = [(UP, "c1", "open", "k1", 201, 1, "draft", "d1", 0, False),
            (UP, "c1", "finalise", "k2", 200, 2, "dispatched", "d2", 3, False),
            (UP, "c1", "finalise", "k2", 200, 2, "dispatched", "d2", 0, True),
            (BACK, "c3", "cancel", "k3", 412, None, None, "d3", 0, False)]  # fmt: skip
    made.add("told", told)
    return made


PLANTED = {
    "acknowledged_and_lost": "UPDATE told SET transfer = 'gone' WHERE action = 'open'",
    "change_lost": "UPDATE told SET version = 9 WHERE action = 'finalise'",
    "opened_twice": "INSERT INTO children VALUES ('down', 'c1')",
    "answered_differently": "UPDATE told SET digest = 'other' WHERE replayed",
    "unexpected_answer": "UPDATE told SET status = 500 WHERE action = 'cancel'",
    "version_missing": "DELETE FROM events WHERE id = 3",
    "stage_without_event": "UPDATE transfers SET stage = 'allocated' WHERE id = 'up'",
    "two_leads_or_none": "UPDATE holds SET since = '2026-11-19' WHERE transfer = 'up' AND n = 1",
    "doubled_task": "UPDATE requests SET status = 201 WHERE key = 'up:2'",
    "task_missing": "DELETE FROM tasks WHERE reference = 'down.1'",
    "task_too_many": "UPDATE tasks SET state = 'waiting' WHERE reference = 'up.1'",
    "task_of_nobody": "INSERT INTO tasks VALUES ('lcs', 'stray.1', 'withdrawn')",
    "delivered_and_not_there": "DELETE FROM tasks WHERE reference = 'up.1'",
    "sent_without_delivery": "DELETE FROM deliveries WHERE key = 'up:1'",
    "not_accounted_for": "UPDATE deliveries SET state = 'leased' WHERE key = 'up:w'",
    "nobody_told": "UPDATE deliveries SET state = 'parked' WHERE key = 'up:w'",
    "out_of_order": "UPDATE requests SET n = 9 WHERE key = 'up:w'",
    "never_heard": "UPDATE tasks SET state = 'started' WHERE reference = 'down.1'",
    "report_lost": "DELETE FROM inbox",
}
ALSO_PLANTED = [
    ("not_accounted_for", "UPDATE deliveries SET state = 'pending' WHERE key = 'up:2'"),
    ("not_accounted_for", "UPDATE deliveries SET key = 'up:1' WHERE id = 2"),
    ("doubled_task", "INSERT INTO tasks VALUES ('ehm', 'down.1', 'waiting')"),
    ("task_too_many", "INSERT INTO tasks VALUES ('lcs', 'back.1', 'waiting')"),
    ("task_missing", "UPDATE tasks SET state = 'withdrawn' WHERE reference = 'up.2'"),
    ("two_leads_or_none", "DELETE FROM holds WHERE transfer = 'down'"),
    ("two_leads_or_none", "DELETE FROM holds WHERE transfer = 'up' AND n = 1"),
    ("stage_without_event", "UPDATE events SET from_stage = 'draft' WHERE id = 7"),
    ("version_missing", "UPDATE transfers SET version = 5 WHERE id = 'up'"),
]


def test_sound_evidence_breaks_no_check(sound: Evidence) -> None:
    assert broken(sound) == {}


def test_evidence_is_kept_for_a_person_to_ask(sound: Evidence, tmp_path: Path) -> None:
    file = tmp_path / "evidence.sqlite3"

    sound.keep(file)

    with closing(sqlite3.connect(file)) as kept:
        assert kept.execute("SELECT count(*) FROM transfers").fetchone() == (3,)


def test_every_check_has_a_fault_planted_for_it() -> None:
    assert PLANTED.keys() == CHECKS.keys()


@pytest.mark.parametrize(("check", "fault"), [*PLANTED.items(), *ALSO_PLANTED])
def test_a_planted_fault_is_found(sound: Evidence, check: str, fault: str) -> None:
    sound.plant(fault)

    assert check in broken(sound)


def test_a_task_that_is_missing_and_of_which_a_person_is_told_is_accounted_for(
    sound: Evidence,
) -> None:
    sound.plant("""
        DELETE FROM tasks WHERE reference = 'down.1';
        UPDATE deliveries SET state = 'uncertain' WHERE key = 'down:1';
        INSERT INTO alerts VALUES ('delivery_uncertain:down:1');
    """)

    assert broken(sound) == {}
