"""`transfers protocol check`, `show`, `diff` and `pages`."""

from pathlib import Path

import click

from app.cli.protocol.changes import changes
from app.cli.protocol.finding import find_protocol
from app.cli.protocol.page import protocol_page
from app.domain.protocol import CouncilProtocol
from app.protocols.reader import ProtocolError, read_protocol
from app.protocols.shelf import load_protocols

PAGES = Path(__file__).parents[3] / "docs" / "protocols"
FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A council's own protocols  [default: TRANSFERS_PROTOCOLS_FOLDER]",
)


@click.group()
def protocol() -> None:
    """Councils' protocols: checked, shown in words, compared."""


@protocol.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Say whether protocol FILES are sound, or every fault of each with its line."""
    sound = True
    for file in files:
        try:
            click.echo(f"{file}: sound: {_counted(read_protocol(file))}")
        except ProtocolError as error:
            sound = False
            click.echo(error.told(str(file)), err=True)
    ctx.exit(0 if sound else 1)


@protocol.command()
@click.argument("which", metavar="CODE[@VERSION]|FILE")
@FOLDER
def show(which: str, folder: Path | None) -> None:
    """Show a protocol in plain words, as Markdown: without a version, the one in force today."""
    click.echo(protocol_page(find_protocol(which, folder)), nl=False)


@protocol.command()
@click.argument("old", metavar="CODE[@VERSION]|FILE")
@click.argument("new", metavar="CODE[@VERSION]|FILE")
@FOLDER
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, folder: Path | None) -> None:
    """Say what is added (+), removed (-) and changed (~) from one protocol to another.

    Exits with 0 where nothing is, and with 1 where something is.
    """
    lines = changes(find_protocol(old, folder), find_protocol(new, folder))
    for line in lines:
        click.echo(line)
    ctx.exit(1 if lines else 0)


@protocol.command()
def pages() -> None:
    """Write docs/protocols: the page of every council's newest protocol that ships."""
    for name, page in current_pages().items():
        (PAGES / name).write_text(page, encoding="utf-8")
    click.echo("Wrote docs/protocols/")


def current_pages() -> dict[str, str]:
    """The pages by their file names, as they are committed."""
    return {
        f"{kept.protocol.code}.md": protocol_page(kept.protocol) for kept in load_protocols(None)
    }


def _counted(of: CouncilProtocol) -> str:
    halves = of.pathways.values()
    counts = {
        name: sum(len(getattr(half, name)) for half in halves)
        for name in ("routes", "rules", "milestones", "clocks")
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{of.authority}, version {of.version}, {said}, {len(of.clauses)} clauses"
