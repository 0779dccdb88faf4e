"""`transfers demo`: the main job, played between real processes and printed as it happens."""

import signal
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.demo.processes import DidNotStart, Running, processes
from app.cli.demo.stage_hands import StepFailed, mock_system
from app.cli.demo.step_down_journey import play_step_down
from app.cli.demo.step_up_journey import play_step_up
from app.domain.london import local_date

DIRECTORY = Path(__file__).parent / "directories" / "durham.toml"


@click.command()
@click.option("--once", is_flag=True, help="End after the journeys")
def demo(once: bool) -> None:  # noqa: FBT001 - click's flag
    """Play Durham's step up and step down between mock LCS, mock EHM, the API and the relay."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    click.echo("Starting mock LCS, mock EHM, the API and the relay on free ports")
    with tempfile.TemporaryDirectory(prefix="transfers-demo-") as folder:
        try:
            with processes(Path(folder), DIRECTORY) as running:
                _play(running)
                if not once:
                    _wait(running)
        except (DidNotStart, StepFailed) as error:
            raise click.ClickException(str(error)) from None


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
