"""Values of the document's own formats, whose checks no schema can say."""

import schemathesis
from hypothesis import strategies as st

from app.domain.identifiers import LETTERS, nhs_number_fault, upn_fault

DIGITS = st.text("0123456789", min_size=9, max_size=9)


def know_formats() -> None:
    """Have schemathesis make numbers whose check digit or letter fits."""
    schemathesis.openapi.format("nhs-number", DIGITS.map(_nhs_number).filter(bool))
    schemathesis.openapi.format("upn", DIGITS.map(_upn))


def _nhs_number(nine: str) -> str:
    fitting = (f"{nine}{check}" for check in "0123456789")
    return next((number for number in fitting if nhs_number_fault(number) is None), "")


def _upn(nine: str) -> str:
    numbers = (f"{letter}{nine}000" for letter in LETTERS)
    return next(number for number in numbers if upn_fault(number) is None)
