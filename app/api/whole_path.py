"""A route that has its path to itself: no other route is asked for a method that it lacks."""

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from app.api.problems import problem


class WholePath(APIRoute):
    """For a path that is read, and that a parameter of another route would match as well.

    `PATCH /v1/transfers/counts` is no change of a transfer called `counts`: it answers 405.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Full where the path is, whatever the method."""
        match, child = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), child

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse a method that is not this route's."""
        if scope["method"] in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        refusal = problem("method-not-allowed", headers={"Allow": "GET, HEAD"})
        await refusal(scope, receive, send)
