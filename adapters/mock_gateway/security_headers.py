"""What every page tells a browser, whatever comes of it: no script, nothing from elsewhere."""

from starlette.types import Message, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def with_headers(send: Send) -> Send:
    """Send what is sent, with these headers; what an answer says itself stays."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            said = {name.lower() for name, _ in given}
            message["headers"] = given + [pair for pair in _RAW if pair[0] not in said]
        await send(message)

    return sending
