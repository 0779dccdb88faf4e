"""What was released, as a plain page to print: no script, no style, everything escaped."""

from collections.abc import Iterator
from html import escape
from typing import Any

import orjson

DEEPEST = 6
"""The smallest heading there is."""


def page(content: bytes) -> bytes:
    """An export, which is JSON, as HTML in UTF-8."""
    found = orjson.loads(content)
    title = f"Records of {found['child_id']}"
    body = "".join(_shown(found, 2))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"</head><body><h1>{escape(title)}</h1>{body}</body></html>"
    ).encode()


def _shown(value: Any, level: int) -> Iterator[str]:  # noqa: ANN401 - whatever JSON has
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _named(str(name), inner, level)
    elif isinstance(value, list):
        yield "<ol>"
        for inner in value:
            yield f"<li>{''.join(_shown(inner, level))}</li>"
        yield "</ol>"
    else:
        yield f"<p>{escape(_words(value))}</p>"


def _named(name: str, inner: Any, level: int) -> Iterator[str]:  # noqa: ANN401 - as above
    words = escape(name.replace("_", " ").capitalize())
    if isinstance(inner, dict | list) and inner:
        heading = min(level, DEEPEST)
        yield f"<h{heading}>{words}</h{heading}>"
        yield from _shown(inner, level + 1)
    else:
        said = _words(inner)
        yield f"<p><b>{words}:</b> {escape(said)}</p>"


def _words(value: Any) -> str:  # noqa: ANN401 - as above
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
