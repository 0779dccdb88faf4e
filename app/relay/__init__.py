"""The relay: the process that pushes what the outbox holds, and ticks."""

from app.relay.relay import Relay, run_relay

__all__ = ["Relay", "run_relay"]
