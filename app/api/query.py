"""The query of a request: what an operation does not know, or is given twice, is not passed over.

A misspelt filter would show too much; of a filter given twice the framework takes the last, and
a proxy before us might have looked at the first.
"""

from collections import Counter
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel


def require_known_query(request: Request) -> None:
    """Pass where every parameter is known and given once.

    Raises:
        RequestValidationError: the handler of all of them lists what query_faults finds.
    """
    if request.scope["query_string"] and query_faults(request):
        raise RequestValidationError([])


def query_faults(request: Request) -> list[dict[str, Any]]:
    """What is wrong with the names of the query, in pydantic's form; no unknown name is in it."""
    route = request.scope.get("route")
    if not request.scope["query_string"] or not isinstance(route, APIRoute):
        return []
    known, by_model = _known(route)
    given = Counter(name for name, _ in request.query_params.multi_items())
    twice = [
        {"type": "repeated", "loc": ("query", name), "msg": "give it once"}
        for name in sorted(known & given.keys())
        if given[name] > 1
    ]
    if by_model or given.keys() <= known:
        return twice
    return [*twice, {"type": "extra_forbidden", "loc": ("query", ""), "msg": ""}]


def _known(route: APIRoute) -> tuple[frozenset[str], bool]:
    """The names that a route takes, and whether a model of them refuses others by itself."""
    names: set[str] = set()
    by_model = False
    for field in route.dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            names |= {found.alias or name for name, found in model.model_fields.items()}
            by_model = True
        else:
            names.add(field.alias)
    return frozenset(names), by_model
