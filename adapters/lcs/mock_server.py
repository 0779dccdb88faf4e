"""A mock LCS: duty trays for step ups, and the referrals that are started from them."""

from fastapi import FastAPI

from adapters.lcs.referral_routes import router
from adapters.lcs.system import LCS
from adapters.mock_gateway.server import build
from adapters.mock_gateway.settings import MockSettings


def create_app(settings: MockSettings) -> FastAPI:
    """Build a mock LCS."""
    return build(LCS, settings, router)
