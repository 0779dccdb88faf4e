"""`transfers audit key`, `seal` and `verify`."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import click

from adapters.checkpoint_folder import CheckpointFolder
from app.cli.opening import open_settings
from app.domain.audit_walk import Fault
from app.domain.checkpoint import Checkpoint
from app.outbox.checkpoint_keys import BadKey, CheckingKeys, make_key
from app.outbox.checkpoint_place import PlaceUnavailable
from app.outbox.checkpoints import read_checkpoints
from app.settings import Settings
from app.store.engine import Store
from app.store.failures import StoreError
from app.usecases.seal_audit import Sealer
from app.usecases.verify_audit import Verified, streams_to_verify, verify_audit

BROKEN = 1
Result = TypeVar("Result")
A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
A_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group()
def audit() -> None:
    """The audit's chains: seal, sign and verify them."""


@audit.command()
@click.argument("file", type=click.Path(path_type=Path))
def key(file: Path) -> None:
    """Write a new signing key to FILE, and print its public half."""
    try:
        click.echo(make_key(file))
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None


@audit.command()
def seal() -> None:
    """Seal what no chain holds yet, as a relay does all the time."""
    settings = open_settings()
    _run(_seal(settings))
    click.echo("Every event is sealed")


@audit.command()
@click.option("--authority", help="Its chain alone")
@click.option("--checkpoints", type=A_FOLDER, help="Where its checkpoints are; else the setting")
@click.option("--public-key", type=A_FILE, help="What they are signed with; else the setting's key")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Trust the chain before this day (UTC)",
)
def verify(
    authority: str | None,
    checkpoints: Path | None,
    public_key: Path | None,
    since: datetime | None,
) -> None:
    """Walk every chain; name the first event that does not hold, and exit 1."""
    settings = open_settings()
    place, keys = _signed(settings, checkpoints, public_key)
    started = perf_counter()
    from_day = since.replace(tzinfo=UTC) if since else None
    found = _run(_verify(settings, authority, place, keys, from_day))
    took = perf_counter() - started
    for one in found:
        click.echo(_line(one))
    links = sum(one.links for one in found)
    click.echo(f"{links} links in {took:.1f} s ({links / took:.0f} a second)")
    if place is None:
        click.echo("Without checkpoints: a chain cut short or written anew would not be found")
    if any(one.fault for one in found):
        raise SystemExit(BROKEN)


def _signed(
    settings: Settings, checkpoints: Path | None, public_key: Path | None
) -> tuple[CheckpointFolder | None, CheckingKeys | None]:
    folder = checkpoints or settings.audit_checkpoints
    if folder is None:
        return None, None
    file = public_key or settings.audit_signing_key
    if file is None:
        raise click.ClickException("name the --public-key that the checkpoints are signed with")
    try:
        return CheckpointFolder(folder), CheckingKeys(file)
    except BadKey as error:
        raise click.ClickException(str(error)) from None


async def _seal(settings: Settings) -> None:
    store = Store(settings.database_url)
    try:
        await Sealer(store).seal_all(settings.clock())
    finally:
        await store.close()


async def _verify(
    settings: Settings,
    authority: str | None,
    place: CheckpointFolder | None,
    keys: CheckingKeys | None,
    since: datetime | None,
) -> list[Verified]:
    def signed(stream: str) -> Iterator[Checkpoint | Fault] | None:
        return read_checkpoints(place, keys, stream) if place and keys else None

    store = Store(settings.database_url)
    try:
        known = await streams_to_verify(store)
        if place:
            known = sorted({*known, *place.streams()})
        if authority and authority not in known:
            raise click.ClickException(f"there is no chain of {authority}")
        streams = [authority] if authority else known
        return [await verify_audit(store, x, signed(x), since) for x in streams]
    finally:
        await store.close()


def _line(found: Verified) -> str:
    fault = found.fault
    if fault is None:
        return f"{found.stream}: {found.links} links hold, {found.checkpoints} checkpoints agree"
    event = "" if fault.event is None else f", event {fault.event}"
    return f"{found.stream}: link {fault.sequence}{event}: {fault.wrong}: {fault.says}"


def _run(work: Coroutine[object, object, Result]) -> Result:
    try:
        return asyncio.run(work)
    except StoreError as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None
    except PlaceUnavailable as error:
        raise click.ClickException(f"the checkpoints cannot be read: {error}") from None
