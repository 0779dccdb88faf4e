"""The `transfers` command: every process of the service, and the tools around it."""

from importlib import import_module

import click

COMMANDS = {
    "api": "api_command",
    "relay": "relay_command",
    "serve": "serve_command",
    "migrate": "migrate_command",
    "backup": "backup_commands",
    "restore": "backup_commands",
    "directory": "directory_command",
    "token": "token_command",
    "mock": "mock_command",
    "openapi": "document_commands",
    "diagram": "document_commands",
    "rewind-clocks": "rewind_command",
    "audit": "audit_command",
    "protocol": "protocol.command",
    "retention": "retention_command",
    "demo": "demo.command",
}
"""Where each command is: only the one that is called is imported, so that it starts sooner."""


class Commands(click.Group):
    """The commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"app.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found


@click.group(cls=Commands)
def transfers() -> None:
    """Transfer Pathways: step up and step down between Early Help and children's social care."""
