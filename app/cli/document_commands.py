"""`transfers openapi` and `transfers diagram`: what the code says, written to files."""

import json
from pathlib import Path

import click

from adapters.contract import write_contracts
from app.domain.authority_page import authority_page
from app.domain.diagram import stage_page
from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "openapi" / "transfers.json"
STAGES = ROOT / "docs" / "stages.md"
AUTHORITY = ROOT / "docs" / "authority.md"


def current_document() -> str:
    """The OpenAPI document of this code, as it is committed."""
    settings = Settings(environment="development", _env_file=None)
    return json.dumps(create_app(settings).openapi(), indent=2, sort_keys=True) + "\n"


@click.command()
def openapi() -> None:
    """Write the OpenAPI documents: ours, and the gateway contracts of LCS and EHM."""
    DOCUMENT.write_text(current_document(), encoding="utf-8")
    write_contracts()
    click.echo("Wrote openapi/")


@click.command()
def diagram() -> None:
    """Write the pages of stages and of the authority matrix, from their tables."""
    STAGES.write_text(stage_page(), encoding="utf-8")
    AUTHORITY.write_text(authority_page(), encoding="utf-8")
    click.echo("Wrote docs/stages.md and docs/authority.md")
