"""The `transfers` command: every process of the service, and the tools around it."""

import click

from app.cli.demo.command import demo
from app.cli.directory_command import directory
from app.cli.document_commands import diagram, openapi
from app.cli.mock_command import mock
from app.cli.process_commands import api, migrate, relay, serve
from app.cli.token_command import token


@click.group()
def transfers() -> None:
    """Transfer Pathways: step up and step down between Early Help and children's social care."""


for command in (api, relay, serve, migrate, directory, token, mock, openapi, diagram, demo):
    transfers.add_command(command)
