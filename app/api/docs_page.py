"""The OpenAPI document as a page at /docs, from files that we serve ourselves."""

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

ASSETS = Path(fastapi_offline.__file__).parent / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Transfer Pathways API</title>
<link rel="icon" href="docs/assets/favicon.png">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#api", deepLinking: true, '
    "validatorUrl: null, tryItOutEnabled: true, persistAuthorization: false});\n"
)

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs() -> Response:
    """Serve the page."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": CSP})


@router.get("/docs/start.js")
async def start() -> Response:
    """Serve the script that starts the page: inline scripts are not allowed."""
    return Response(START, media_type="text/javascript")


def install(app: FastAPI) -> None:
    """Give the app its documentation page."""
    app.mount("/docs/assets", StaticFiles(directory=ASSETS), name="docs-assets")
    app.include_router(router)
