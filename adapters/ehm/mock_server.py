"""A mock EHM: duty trays for step downs, and the episodes that are started from them."""

from fastapi import FastAPI

from adapters.ehm.episode_routes import router
from adapters.ehm.system import EHM
from adapters.mock_gateway.server import build
from adapters.mock_gateway.settings import MockSettings


def create_app(settings: MockSettings) -> FastAPI:
    """Build a mock EHM."""
    return build(EHM, settings, router)
