"""`transfers demo`: a meeting and both journeys, between real processes, printed as they happen."""

import signal
import tempfile
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.demo.fortnight import play_fortnight
from app.cli.demo.processes import DidNotStart, Running, processes
from app.cli.demo.stage_hands import StepFailed, mock_system
from app.cli.demo.step_down_journey import play_step_down
from app.cli.demo.step_up_journey import play_step_up
from app.domain.london import local_date

DIRECTORIES = Path(__file__).parent / "directories"


@click.command()
@click.option("--once", is_flag=True, help="End after the journeys")
def demo(once: bool) -> None:  # noqa: FBT001 - click's flag
    """Play Cheshire East's meeting and Durham's two journeys between real processes."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    click.echo("Starting mock LCS, mock EHM, the API and the relay on free ports")
    with tempfile.TemporaryDirectory(prefix="transfers-demo-") as folder:
        try:
            with playing(Path(folder), "Cheshire East") as running:
                _play_fortnight(running)
            with playing(Path(folder), "Durham") as running:
                _play(running)
                if not once:
                    _wait(running)
        except (DidNotStart, StepFailed) as error:
            raise click.ClickException(str(error)) from None


def playing(folder: Path, council: str) -> AbstractContextManager[Running]:
    """The processes of that council's sample directory. Raises DidNotStart as processes does."""
    name = council.lower().replace(" ", "_")
    return processes(folder / name, council, DIRECTORIES / f"{name}.toml")


def _play_fortnight(running: Running) -> None:
    lcs = mock_system(running.lcs, running.environment["TRANSFERS_LCS_CLIENT_SECRET"])
    click.echo("\nCheshire East: a fortnightly meeting with three cases\n")
    click.echo("   (the clock of the service, and nothing else, is put forward as the days pass)")
    play_fortnight(running, lcs, click.echo)
    click.echo("\nNow Durham, from the start and at today's date")


def _play(running: Running) -> None:
    today = local_date(datetime.now(UTC))
    environment = running.environment
    lcs = mock_system(running.lcs, environment["TRANSFERS_LCS_CLIENT_SECRET"])
    ehm = mock_system(running.ehm, environment["TRANSFERS_EHM_CLIENT_SECRET"])
    click.echo("\nStep up: One Point (EHM) to Families First (LCS)\n")
    play_step_up(running, lcs, click.echo, today)
    click.echo("\nStep down: Families First (LCS) to One Point (EHM)\n")
    play_step_down(running, ehm, click.echo, today)
    click.echo("\nEvery step held.")


def _wait(running: Running) -> None:
    key = running.environment["TRANSFERS_DEV_ISSUER_KEY"]
    click.echo(f"\nAPI docs:   {running.api}/docs")
    click.echo(f"LCS trays:  {running.lcs}/")
    click.echo(f"EHM trays:  {running.ehm}/")
    click.echo("A token:    ", nl=False)
    click.echo(
        "TRANSFERS_ENVIRONMENT=development "
        f"TRANSFERS_DEV_ISSUER_KEY={key} .venv/bin/transfers token --as op.worker"
    )
    click.echo("Ctrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        click.echo("\nStopping")
