"""Settings for trying the service out on one machine: made up once, kept in one folder.

The secrets are made at random in the folder, so that nothing guessable ever listens.
"""

import base64
import json
import os
import secrets
from pathlib import Path

from app.dev_issuer import make_key

FOLDER = Path(".transfers")
LCS_PORT, EHM_PORT, SUBSCRIBER_PORT, API_PORT = 8101, 8102, 8103, 8000


def development_environment(
    folder: Path,
    *,
    api_port: int = API_PORT,
    lcs_port: int = LCS_PORT,
    ehm_port: int = EHM_PORT,
) -> dict[str, str]:
    """The TRANSFERS_ variables of a service whose data and keys live in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "dev-issuer.json"
    make_key(key)
    made = _secrets(folder / "secrets.json")
    api = f"http://127.0.0.1:{api_port}"
    return {
        "TRANSFERS_ENVIRONMENT": "development",
        "TRANSFERS_DATABASE_URL": f"sqlite:///{folder / 'transfers.sqlite3'}",
        "TRANSFERS_API_DRAIN": "0",
        "TRANSFERS_DEV_ISSUER_KEY": str(key),
        "TRANSFERS_LCS_URL": f"http://127.0.0.1:{lcs_port}",
        "TRANSFERS_LCS_CLIENT_SECRET": made["lcs_client"],
        "TRANSFERS_LCS_CALLBACK_SECRETS": json.dumps([made["lcs_callback"]]),
        "TRANSFERS_EHM_URL": f"http://127.0.0.1:{ehm_port}",
        "TRANSFERS_EHM_CLIENT_SECRET": made["ehm_client"],
        "TRANSFERS_EHM_CALLBACK_SECRETS": json.dumps([made["ehm_callback"]]),
        "TRANSFERS_WEBHOOK_INTERNAL_HOSTS": json.dumps([f"127.0.0.1:{SUBSCRIBER_PORT}"]),
        "TRANSFERS_MOCK_CALLBACK_BASE": f"{api}/v1/callbacks",
    }


def adopt_development(folder: Path = FOLDER) -> None:
    """Use what `transfers serve` made here, where the environment says nothing else."""
    if "TRANSFERS_ENVIRONMENT" not in os.environ and (folder / "secrets.json").exists():
        os.environ.update(development_environment(folder))


def _secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        made = {f"{system}_client": secrets.token_urlsafe(24) for system in ("lcs", "ehm")}
        made |= {f"{system}_callback": _webhook_secret() for system in ("lcs", "ehm")}
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _webhook_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
