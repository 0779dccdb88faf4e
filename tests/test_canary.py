"""The canaries are found in every form, so that not to find one means something."""

import base64
from urllib.parse import quote

import pytest
from canary import CANARIES, found_in

FORMS = {
    "plain": str,
    "capitals": str.upper,
    "hexadecimal": lambda text: text.encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind a letter": lambda text: base64.b64encode(f"a{text} b".encode()).decode(),
    "base64 behind two": lambda text: base64.b64encode(f"ab{text}cd".encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "an address": quote,
    "a JSON escape": lambda text: "".join(f"\\u{ord(x):04X}" for x in text),
    "bytes": lambda text: "".join(f"\\x{ord(x):02x}" for x in text),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_found_in_every_form(canary: str, form: object) -> None:
    assert callable(form)

    assert canary in found_in(f"before {form(canary)} behind")


def test_a_text_without_canaries_has_none() -> None:
    assert found_in("route=/v1/transfers status=422", "op.worker") == []
