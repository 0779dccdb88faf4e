"""A task that comes back into the tray of a team that was closed while somebody held it."""

from app.domain.decision import Alert
from app.domain.pathway import Stage
from app.domain.transfer import Transfer


def left_in_a_closed_tray(before: Transfer, after: Transfer) -> tuple[Alert, ...]:
    """An alert where a task is put back into the tray of a team that another has succeeded."""
    if (before.stage, after.stage) != (Stage.PICKED_UP, Stage.DISPATCHED):
        return ()
    if after.sent_to is None or not after.lies_in_closed_tray:
        return ()
    kind = "task_in_closed_tray"
    key = f"{after.id}:{kind}:{after.dispatch}:{after.version}"
    says = "The task was put back into the tray of a closed team: redirect it"
    return (Alert(kind, key, after.sent_to, says),)
