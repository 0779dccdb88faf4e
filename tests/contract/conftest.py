"""Where the kit finds its gateway: the one that is named, or else both mocks on free ports."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

Json = Any
TRAYS = {"lcs": "FF-BISHOP", "ehm": "OP-BISHOP"}
OPTIONS = {
    "url": "The base URL of the gateway; without one, the kit runs against both mocks",
    "system": "Which contract it keeps: lcs or ehm",
    "client-id": "The client id of the transfer service",
    "client-secret": "Its secret (or CONTRACT_CLIENT_SECRET in the environment)",
    "tray": "The code of a duty tray that the kit may use",
    "authority": "The council's name in the titles of tasks (Durham unless given)",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the gateway contract kit")
    for name, words in OPTIONS.items():
        group.addoption(f"--contract-{name}", help=words)


def option(config: pytest.Config, name: str) -> str | None:
    given: str | None = config.getoption(f"contract_{name}", default=None)
    return given


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test once for each system that there is to ask."""
    if "system" not in metafunc.fixturenames:
        return
    systems = list(TRAYS)
    if option(metafunc.config, "url"):
        system = option(metafunc.config, "system")
        if system not in TRAYS:
            raise pytest.UsageError("--contract-system is lcs or ehm")
        systems = [system]
    metafunc.parametrize("system", systems, scope="session")


@pytest.fixture(scope="session")
def target(system: str, pytestconfig: pytest.Config) -> Iterator[Json]:
    """Where the gateway is, and what the kit needs to use it."""
    url = option(pytestconfig, "url")
    secret = option(pytestconfig, "client_secret") or os.environ.get("CONTRACT_CLIENT_SECRET")
    known = {
        "system": system,
        "tray": option(pytestconfig, "tray") or TRAYS[system],
        "authority": option(pytestconfig, "authority") or "Durham",
    }
    if url is not None:
        client = option(pytestconfig, "client_id")
        if client is None or secret is None:
            raise pytest.UsageError("--contract-client-id and --contract-client-secret are needed")
        yield known | {"url": url.rstrip("/"), "client": (client, secret)}
        return
    from serving import CLIENT_ID, CLIENT_SECRETS, mock_app, served  # noqa: PLC0415

    with served(mock_app(system)) as mock_url:
        yield known | {"url": mock_url, "client": (CLIENT_ID, CLIENT_SECRETS[system])}
