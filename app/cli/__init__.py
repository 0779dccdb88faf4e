"""The `transfers` command."""
