"""`transfers mock`: the mock case systems, and a mock subscriber, as processes."""

from collections.abc import Callable
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI

from adapters import mock_subscriber
from adapters.ehm import mock_server as ehm_mock
from adapters.lcs import mock_server as lcs_mock
from adapters.mock_gateway.settings import MockSettings
from app import logs
from app.cli.development import EHM_PORT, LCS_PORT, SUBSCRIBER_PORT, adopt_development
from app.cli.directory_file import read_directory
from app.cli.listening import host
from app.cli.opening import open_settings
from app.domain.duty_task import CaseSystem
from app.usecases.load_directory import DirectoryError

SERVERS: dict[CaseSystem, tuple[Callable[[MockSettings], FastAPI], int]] = {
    CaseSystem.LCS: (lcs_mock.create_app, LCS_PORT),
    CaseSystem.EHM: (ehm_mock.create_app, EHM_PORT),
}
OFFERS = "trays with pages for people, the gateway, scripted faults"


@click.group()
def mock() -> None:
    """Run a mock case system, or a mock subscriber to events."""


@mock.command()
@host
@click.option("--port", type=int, default=SUBSCRIBER_PORT, show_default=True)
@click.option(
    "--secret", prompt="The subscription's secret", hide_input=True, help="whsec_…, as it was told"
)
def subscriber(host: str, port: int, secret: str) -> None:
    """Run a mock subscriber: it verifies what arrives, and lists it at its root."""
    try:
        app = mock_subscriber.create_app(secret)
    except ValueError:
        raise click.ClickException("the secret is not whsec_ and base64") from None
    logs.configure("INFO")
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False)


def _case_system(system: CaseSystem) -> None:
    """Add the command of a mock case system."""

    @mock.command(system.value, help=f"Run mock {system.upper()}: {OFFERS}.")
    @host
    @click.option("--port", type=int, default=SERVERS[system][1], show_default=True)
    @click.option("--callback-url", help="Where to send signed callbacks")
    @click.option("--authority", default="Durham", show_default=True, help="The council in titles")
    @click.option(
        "--directory",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Take the duty trays from a directory file  [default: Durham's]",
    )
    def run(
        host: str, port: int, callback_url: str | None, authority: str, directory: Path | None
    ) -> None:
        app, level = _made(system, callback_url, authority, directory)
        logs.configure(level)
        uvicorn.run(app, host=host, port=port, log_config=None, access_log=False)


for _system in CaseSystem:
    _case_system(_system)


def _made(
    which: CaseSystem, callback_url: str | None, authority: str, directory: Path | None
) -> tuple[FastAPI, str]:
    """The mock on the service's own settings, and how much it logs.

    Raises:
        click.ClickException: its secrets are not set, or the directory is not sound.
    """
    adopt_development()
    settings = open_settings()
    system = which.value
    gateway = settings.gateways[which]
    if not gateway.callback_secrets or not gateway.client_secret.get_secret_value():
        raise click.ClickException(
            f"set TRANSFERS_{system.upper()}_CLIENT_SECRET and TRANSFERS_{system.upper()}"
            "_CALLBACK_SECRETS as for the service, or run `transfers serve` here first"
        )
    if callback_url is None and settings.mock_callback_base is not None:
        callback_url = f"{str(settings.mock_callback_base).rstrip('/')}/{system}"
    create, _ = SERVERS[which]
    app = create(
        MockSettings(
            authority=authority,
            callback_url=callback_url,
            callback_secret=gateway.callback_secrets[0].get_secret_value(),
            client_id=gateway.client_id,
            client_secret=gateway.client_secret.get_secret_value(),
            trays=_trays(directory, which) if directory else {},
        )
    )
    return app, settings.log_level


def _trays(directory: Path, system: CaseSystem) -> dict[str, str]:
    try:
        teams = read_directory(directory).teams
    except DirectoryError as error:
        raise click.ClickException(str(error)) from None
    trays = {team.tray: team.name for team in teams if team.case_system is system}
    if not trays:
        raise click.ClickException(f"{directory.name} has no team that records in {system.upper()}")
    return trays
