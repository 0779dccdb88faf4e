"""Asking the processes of a storm, over one client: each new one reads every authority there is."""

from functools import cache

import httpx


@cache
def http() -> httpx.Client:
    """The client; it keeps no connection open."""
    kept = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(timeout=60, trust_env=False, limits=kept)
