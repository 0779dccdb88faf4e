"""`transfers mock lcs` and `transfers mock ehm`: the mock case systems as processes."""

from collections.abc import Callable
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI

from adapters.ehm import mock_server as ehm_mock
from adapters.lcs import mock_server as lcs_mock
from adapters.mock_gateway.settings import MockSettings
from app import logs
from app.cli.development import EHM_PORT, LCS_PORT, adopt_development
from app.cli.directory_file import read_directory
from app.cli.listening import host
from app.cli.opening import open_settings
from app.domain.duty_task import CaseSystem
from app.usecases.load_directory import DirectoryError

SERVERS: dict[CaseSystem, tuple[Callable[[MockSettings], FastAPI], int]] = {
    CaseSystem.LCS: (lcs_mock.create_app, LCS_PORT),
    CaseSystem.EHM: (ehm_mock.create_app, EHM_PORT),
}


@click.command()
@click.argument("system", type=click.Choice([system.value for system in CaseSystem]))
@host
@click.option("--port", type=int, help="Port to listen on  [default: 8101 for LCS, 8102 for EHM]")
@click.option("--callback-url", help="Where to send signed callbacks")
@click.option("--authority", default="Durham", show_default=True, help="The council in titles")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the duty trays from a directory file  [default: Durham's]",
)
def mock(  # noqa: PLR0913 - an option each
    system: str,
    host: str,
    port: int | None,
    callback_url: str | None,
    authority: str,
    directory: Path | None,
) -> None:
    """Run a mock case SYSTEM: trays with pages for people, the gateway, scripted faults."""
    adopt_development()
    settings = open_settings()
    which = CaseSystem(system)
    gateway = settings.gateways[which]
    if not gateway.callback_secrets or not gateway.client_secret.get_secret_value():
        raise click.ClickException(
            f"set TRANSFERS_{system.upper()}_CLIENT_SECRET and TRANSFERS_{system.upper()}"
            "_CALLBACK_SECRETS as for the service, or run `transfers serve` here first"
        )
    if callback_url is None and settings.mock_callback_base is not None:
        callback_url = f"{str(settings.mock_callback_base).rstrip('/')}/{system}"
    create, usual_port = SERVERS[which]
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
    logs.configure(settings.log_level)
    uvicorn.run(app, host=host, port=port or usual_port, log_config=None, access_log=False)


def _trays(directory: Path, system: CaseSystem) -> dict[str, str]:
    try:
        teams = read_directory(directory).teams
    except DirectoryError as error:
        raise click.ClickException(str(error)) from None
    trays = {team.tray: team.name for team in teams if team.case_system is system}
    if not trays:
        raise click.ClickException(f"{directory.name} has no team that records in {system.upper()}")
    return trays
