"""What the domain's types promise holds while its tests run: no None where none is foreseen."""

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import wraps
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import app.domain

DOMAIN = "tests/domain/"
"""Whose tests look: those of other rooms hand in stand-ins."""


def look_at_types() -> None:
    """From here on, look at every dataclass of the domain when one is made."""
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and kind.__module__ == module.name and is_dataclass(kind):
                _looked_at(kind)


def _looked_at(kind: type) -> None:
    hints = get_type_hints(kind)
    promised = [
        (field.name, classes)
        for field in fields(kind)
        if "__init__" in vars(kind) and (classes := tuple(_classes(hints[field.name])))
    ]
    made: Callable[..., None] | None = vars(kind).get("__init__")
    if made is None or not promised:
        return

    @wraps(made)
    def looked_at(self: object, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)
        for name, classes in promised:
            if not isinstance(getattr(self, name), classes):
                in_domain = DOMAIN in os.environ.get("PYTEST_CURRENT_TEST", "")
                assert not in_domain, f"{kind.__name__}.{name} is {getattr(self, name)!r}"

    setattr(kind, "__init__", looked_at)  # noqa: B010 - mypy takes no assignment


def _classes(hint: Any) -> Iterator[type]:
    """The classes that a value may be of; none where that cannot be told from the value."""
    found: list[type] = []
    for one in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
        known = NoneType if one is None else get_origin(one) or one
        if not isinstance(known, type) or getattr(known, "_is_protocol", False):
            return
        found += [float, int] if known is float else [known]
    yield from found
