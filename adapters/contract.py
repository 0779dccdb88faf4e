"""The gateway contract files, written from the mocks: `python -m adapters.contract`."""

import json
from pathlib import Path

from adapters.ehm import mock_server as ehm
from adapters.lcs import mock_server as lcs
from adapters.mock_gateway.settings import MockSettings

FOLDER = Path(__file__).parent.parent / "openapi"
_SETTINGS = MockSettings(callback_secret="whsec_bW9jaw==", client_id="any", client_secret="any")  # noqa: S106  serves nobody


def contracts() -> dict[Path, str]:
    """Both contracts by their file, sorted and indented."""
    documents = {
        FOLDER / "lcs-gateway.json": lcs.create_app(_SETTINGS).openapi(),
        FOLDER / "ehm-gateway.json": ehm.create_app(_SETTINGS).openapi(),
    }
    return {
        path: json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for path, document in documents.items()
    }


def write_contracts() -> None:
    """Write both files."""
    for path, text in contracts().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_contracts()
