"""What must hold after any storm: each check is a query that finds what breaks it, as a set."""

from dataclasses import dataclass

from chaos.evidence import Evidence, Row

DISPATCHED = "('dispatched', 'picked_up', 'started', 'allocated', 'completed', 'declined')"
"""The stages in which a transfer's present task is in a tray."""


@dataclass(frozen=True, slots=True)
class Check:
    """`broken_by` finds the rows that break it; none: it holds."""

    says: str
    broken_by: str


CHECKS = {
    "acknowledged_and_lost": Check(
        "a transfer that somebody was told of is stored",
        """
        SELECT DISTINCT told.transfer FROM told
        WHERE told.status < 300 AND told.transfer NOT IN (SELECT id FROM transfers)
        """,
    ),
    "change_lost": Check(
        "a change that somebody was told of has its audit event, under its version",
        """
        SELECT told.transfer, told.action, told.version FROM told
        WHERE told.status < 300 AND NOT EXISTS (
            SELECT 1 FROM events WHERE events.transfer = told.transfer
            AND events.version = told.version AND events.action = told.action)
        """,
    ),
    "opened_twice": Check(
        "a child who was opened once has one transfer",
        "SELECT child, count(*) FROM children GROUP BY child HAVING count(*) > 1",
    ),
    "answered_differently": Check(
        "the same key got the same answer, however often",
        """
        SELECT key, count(DISTINCT digest) FROM told WHERE status < 300
        GROUP BY key HAVING count(DISTINCT digest) > 1 OR count(DISTINCT status) > 1
        """,
    ),
    "unexpected_answer": Check(
        "nobody got an answer that is no answer to what they did",
        "SELECT action, status, transfer FROM told WHERE status NOT IN (200, 201, 409, 412)",
    ),
    "version_missing": Check(
        "every version of a transfer has an audit event, without a gap",
        """
        SELECT t.id, t.version, count(DISTINCT e.version), max(e.version)
        FROM transfers t LEFT JOIN events e ON e.transfer = t.id AND e.version IS NOT NULL
        GROUP BY t.id HAVING count(DISTINCT e.version) <> t.version OR max(e.version) <> t.version
        """,
    ),
    "stage_without_event": Check(
        "the events lead from stage to stage, up to the present one",
        """
        WITH steps AS (
            SELECT transfer, version, from_stage, to_stage,
                lag(to_stage) OVER (PARTITION BY transfer ORDER BY version, id) AS before,
                row_number() OVER (PARTITION BY transfer ORDER BY version DESC, id DESC) AS last
            FROM events WHERE to_stage IS NOT NULL)
        SELECT steps.* FROM steps JOIN transfers ON transfers.id = steps.transfer
        WHERE steps.from_stage IS NOT steps.before
        OR (steps.last = 1 AND steps.to_stage <> transfers.stage)
        """,
    ),
    "two_leads_or_none": Check(
        "one team leads at every instant, from before the transfer until after it",
        """
        WITH spans AS (
            SELECT transfer, n, since, until,
                lag(until) OVER (PARTITION BY transfer ORDER BY n) AS before,
                count(*) OVER (PARTITION BY transfer) AS holds
            FROM holds)
        SELECT * FROM spans WHERE since IS NOT before
        OR (until IS NULL) <> (n = holds - 1) OR until <= since
        UNION ALL
        SELECT id, NULL, NULL, NULL, NULL, 0 FROM transfers
        WHERE id NOT IN (SELECT transfer FROM holds)
        """,
    ),
    "doubled_task": Check(
        "no task was made twice",
        """
        SELECT system, reference, count(*) FROM requests
        WHERE operation = 'deliverDutyTask' AND processed AND status = 201
        GROUP BY system, reference HAVING count(*) > 1
        UNION ALL
        SELECT system, reference, count(*) FROM tasks
        GROUP BY system, reference HAVING count(*) > 1
        """,
    ),
    "task_missing": Check(
        "a transfer that was sent has its task in the tray, unless a person is told that it is not",
        f"""
        SELECT id, stage, dispatch FROM transfers WHERE stage IN {DISPATCHED}
        AND id || '.' || dispatch NOT IN (SELECT reference FROM tasks WHERE state <> 'withdrawn')
        AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.transfer = transfers.id
            AND d.kind = 'deliver_task' AND d.state IN ('parked', 'uncertain'))
        """,  # noqa: S608 - a word of ours
    ),
    "task_too_many": Check(
        "what is in a tray is the present task of a transfer that was sent and not taken back",
        f"""
        SELECT system, reference, state FROM tasks WHERE state <> 'withdrawn'
        AND reference NOT IN (SELECT id || '.' || dispatch FROM transfers
            WHERE stage IN {DISPATCHED})
        AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.kind = 'withdraw_task'
            AND d.state IN ('parked', 'uncertain') AND reference LIKE d.transfer || '.%')
        """,  # noqa: S608 - as above
    ),
    "task_of_nobody": Check(
        "every task in a tray has a delivery",
        """
        SELECT system, reference FROM tasks
        WHERE reference NOT IN (SELECT transfer || '.' || CAST(revision AS INTEGER)
            FROM deliveries WHERE kind = 'deliver_task')
        """,
    ),
    "delivered_and_not_there": Check(
        "every delivered task is in a tray, withdrawn or not",
        """
        SELECT key FROM deliveries WHERE kind = 'deliver_task' AND state = 'delivered'
        AND transfer || '.' || CAST(revision AS INTEGER) NOT IN (SELECT reference FROM tasks)
        """,
    ),
    "sent_without_delivery": Check(
        "every dispatch of a transfer has its delivery",
        """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20)
        SELECT id, n FROM transfers JOIN numbers ON n <= dispatch
        WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.transfer = transfers.id
            AND d.kind = 'deliver_task' AND CAST(d.revision AS INTEGER) = n)
        """,
    ),
    "not_accounted_for": Check(
        "created = delivered + cancelled + parked + uncertain once it is quiet, each under one key;"
        " only what speaks of a task that is put aside may wait behind it",
        """
        SELECT key, state, 1 FROM deliveries d
        WHERE state NOT IN ('delivered', 'cancelled', 'parked', 'uncertain')
        AND NOT (state = 'pending' AND EXISTS (SELECT 1 FROM deliveries head
            WHERE head.transfer = d.transfer AND head.destination = d.destination
            AND head.id < d.id AND head.kind = 'deliver_task'
            AND head.state IN ('parked', 'uncertain')))
        UNION ALL
        SELECT key, NULL, count(*) FROM deliveries GROUP BY key HAVING count(*) > 1
        """,
    ),
    "nobody_told": Check(
        "what is parked or uncertain has raised its alert",
        """
        SELECT key, state FROM deliveries WHERE state IN ('parked', 'uncertain')
        AND 'delivery_' || state || ':' || key NOT IN (SELECT key FROM alerts)
        """,
    ),
    "out_of_order": Check(
        "what was said of one transfer to one system first arrived in the order it was written",
        """
        WITH first AS (
            SELECT d.transfer, d.destination, d.id, min(r.n) AS arrived FROM deliveries d
            JOIN requests r ON r.key = d.key AND r.system = d.destination AND r.processed
            GROUP BY d.id, d.transfer, d.destination),
        pairs AS (
            SELECT *, lag(arrived) OVER (PARTITION BY transfer, destination ORDER BY id) AS before
            FROM first)
        SELECT * FROM pairs WHERE before > arrived
        """,
    ),
    "never_heard": Check(
        "what was started in its tray is started here, however its callback fared",
        """
        SELECT system, reference FROM tasks WHERE state = 'started' AND reference NOT IN (
            SELECT id || '.' || dispatch FROM transfers
            WHERE stage IN ('started', 'allocated', 'completed'))
        """,
    ),
    "report_lost": Check(
        "a callback that a mock had answered well is in the inbox",
        """
        SELECT system, message_id FROM callbacks WHERE state = 'delivered'
        EXCEPT SELECT system, message_id FROM inbox
        """,
    ),
}


def broken(evidence: Evidence) -> dict[str, list[Row]]:
    """Every check that does not hold, with what breaks it."""
    found = {name: evidence.ask(check.broken_by) for name, check in CHECKS.items()}
    return {name: rows for name, rows in found.items() if rows}
