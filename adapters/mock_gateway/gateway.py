"""One running mock: everything it remembers, in one place."""

from typing import Annotated

from fastapi import Depends, Request

from adapters.mock_gateway.answers import Answers
from adapters.mock_gateway.callbacks import Callbacks
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.clock import Clock
from adapters.mock_gateway.faults import Faults
from adapters.mock_gateway.records import Records
from adapters.mock_gateway.request_log import RequestLog
from adapters.mock_gateway.settings import MockSettings
from adapters.mock_gateway.tasks import Tasks
from adapters.mock_gateway.tokens import Tokens


class Gateway:
    """The state of one mock case system."""

    def __init__(self, system: CaseSystem, settings: MockSettings) -> None:
        self.system = system
        self.clock = Clock()
        self.faults = Faults()
        self.log = RequestLog()
        self.tokens = Tokens(settings)
        self.answers = Answers()
        self.callbacks = Callbacks(settings, self.clock, self.faults)
        self.records = Records(system, self.clock, self.callbacks)
        self.tasks = Tasks(settings, self.clock, self.records, self.callbacks)

    def reset(self) -> None:
        """Begin again with empty trays, real time, no faults and empty logs."""
        self.clock.frozen = None
        for kept in (
            self.faults,
            self.log,
            self.answers,
            self.callbacks,
            self.records,
            self.tasks,
        ):
            kept.clear()


def gateway_of(request: Request) -> Gateway:
    """Find the mock that serves this request."""
    gateway: Gateway = request.app.state.gateway
    return gateway


ThisGateway = Annotated[Gateway, Depends(gateway_of)]
