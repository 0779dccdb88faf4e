"""The log of gateway requests, for a checker to reconcile with what the sender believes."""

from datetime import datetime

from pydantic import BaseModel


class LogEntry(BaseModel):
    """One request, whether its answer left the building or not."""

    at: datetime
    method: str
    path: str
    operation: str
    reference: str | None
    idempotency_key: str | None
    fault: str | None = None
    processed: bool = False
    status: int | None = None
    answered: bool = False


class RequestLog:
    """Every gateway request since the last reset."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []

    def clear(self) -> None:
        """Forget every request."""
        self.entries = []
