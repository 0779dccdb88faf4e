"""A mock case system that deduplicates nothing: every delivery that it processes makes a task."""

from fastapi import FastAPI

from adapters.mock_gateway.duty_task import NewDutyTask
from adapters.mock_gateway.task import Task
from adapters.mock_gateway.tasks import Tasks


class ForgetfulTasks(Tasks):
    """Answers a task that came before as if it were new, so that the log counts it twice."""

    def deliver(self, sent: NewDutyTask, key: str) -> tuple[Task, bool]:
        """Put a task into its tray, and again each time it comes."""
        if sent.reference in self._kept:
            return self._kept[sent.reference], True
        return super().deliver(sent, key)


def make_forgetful(app: FastAPI) -> None:
    """Have a mock forget which tasks it was given."""
    app.state.gateway.tasks.__class__ = ForgetfulTasks
