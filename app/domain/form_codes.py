"""Codes on a form that its protocol does not know: misspelt ones would never be looked at."""

from collections.abc import Iterable, Iterator, Mapping

from app.domain.breach import Breach, must
from app.domain.form import Form
from app.domain.protocol import PathwayRules


def unknown_codes(form: Form, rules: PathwayRules) -> tuple[Breach, ...]:
    """A breach for the statements, and one for the factors, that the protocol does not know."""
    return (
        *_unknown("statement", form.statements, rules.statements),
        *_unknown("factor", form.factors, rules.factors),
    )


def _unknown(what: str, given: Iterable[str], known: Mapping[str, str]) -> Iterator[Breach]:
    count = sum(code not in known for code in given)
    if count:
        choice = f"Choose from: {', '.join(known)}" if known else "This protocol knows none"
        yield must(what, choice, f"{count} not known")
