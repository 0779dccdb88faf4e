"""The application of a mock: its contract is its own document, and its wire may break."""

from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import Receive, Scope, Send

from adapters.mock_gateway.examples import answers
from adapters.mock_gateway.gateway import Gateway
from adapters.mock_gateway.operations import Operations
from adapters.mock_gateway.refusals import PROBLEM_SCHEMA, problem_examples
from adapters.mock_gateway.security_headers import with_headers
from adapters.mock_gateway.wire import Request

_CONTRACTS: dict[str, dict[str, Any]] = {}  # every mock of a system has the same contract


class MockServer(FastAPI):
    """A mock case system; its contract is its own OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        """Write the contract: FastAPI's document with the one Problem schema, and examples."""
        if self.title not in _CONTRACTS:
            gateway: Gateway = self.state.gateway
            contract = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                routes=self.routes,
                webhooks=self.webhooks.routes,
            )
            contract["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
            contract["components"]["examples"] = answers(gateway.system) | problem_examples()
            _CONTRACTS[self.title] = contract
        return _CONTRACTS[self.title]

    @cached_property
    def operations(self) -> Operations:
        """Know the operations of the contract."""
        return Operations(self.openapi())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send gateway requests over the wire; pages and controls are never broken."""
        asked = None
        if scope["type"] == "http":
            asked = self.operations.find(scope["method"], scope["path"])
        if asked is None:
            await super().__call__(scope, receive, with_headers(send))
        else:
            gateway: Gateway = self.state.gateway
            await Request(gateway, asked, scope, receive).serve(super().__call__, send)
