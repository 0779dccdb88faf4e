"""Which protocol the command line means: a file, or a version on the shelf."""

from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.opening import open_settings
from app.domain.london import local_date
from app.domain.protocol import CouncilProtocol
from app.protocols.reader import ProtocolError, read_protocol
from app.protocols.shelf import Protocols, load_protocols


class NotFound(click.ClickException):
    """There is no such protocol, or it is not sound: 1 says that two are different."""

    exit_code = 2


def find_protocol(meant: str, folder: Path | None) -> CouncilProtocol:
    """A file by its path, CODE@VERSION, or CODE in the version that is in force today.

    Versions are those that come with the service and those of `folder`, or else of the folder of
    the settings.

    Raises:
        NotFound: there is none such, or a file is not sound.
    """
    path = Path(meant)
    try:
        if path.suffix == ".toml":
            return read_protocol(path)
        shelf = load_protocols(folder or open_settings().protocols_folder)
    except ProtocolError as error:
        raise NotFound(str(error)) from None
    return _on_shelf(shelf, meant)


def _on_shelf(shelf: Protocols, meant: str) -> CouncilProtocol:
    code, _, version = meant.partition("@")
    ours = {kept.protocol.version: kept.protocol for kept in shelf if kept.protocol.code == code}
    if not ours:
        known = ", ".join(sorted({kept.protocol.code for kept in shelf}))
        raise NotFound(f"no protocol {code}: there are {known}")
    today = local_date(datetime.now(UTC))
    found = ours.get(version) if version else shelf.in_force(code, today)
    if found is None:
        says = f"no version {version} of {code}" if version else f"no {code} in force today"
        versions = (f"{name} from {protocol.in_force_from}" for name, protocol in ours.items())
        raise NotFound(f"{says}: there is {', '.join(versions)}")
    return found
