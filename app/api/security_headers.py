"""Middleware: what every answer tells a browser. No CORS header is among them, nor ever sent.

A page that needs more than nothing says so in a Content-Security-Policy of its own.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTHING = (
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": f"{NOTHING}; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR = 365 * 24 * 3600
TLS_ALONE = {"Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"}
"""In production, where TLS ends at a proxy before us. Browsers heed it under TLS alone."""


class SecurityHeaders:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp, *, tls_alone: bool) -> None:
        """`tls_alone`: browsers are to come over TLS from then on."""
        self._app = app
        self._headers = [
            (name.lower().encode(), value.encode())
            for name, value in (HEADERS | (TLS_ALONE if tls_alone else {})).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what an answer says itself stays."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                said = {name.lower() for name, _ in given}
                message["headers"] = given + [pair for pair in self._headers if pair[0] not in said]
            await send(message)

        await self._app(scope, receive, sending)
