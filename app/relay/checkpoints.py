"""Where a relay writes checkpoints, as its settings say."""

from datetime import timedelta

import structlog

from adapters.checkpoint_folder import CheckpointFolder
from app.domain.checkpoint import Pace
from app.outbox.checkpoint_keys import SigningKey
from app.outbox.checkpoints import Checkpoints, NoCheckpoints
from app.settings import Settings
from app.store.engine import Store

log = structlog.get_logger()


def checkpoints_of(settings: Settings, store: Store) -> Checkpoints | NoCheckpoints | None:
    """None in a development without a folder and a key; in production a warning and alerts.

    Raises:
        BadKey: the file holds no signing key.
    """
    if settings.audit_checkpoints is None or settings.audit_signing_key is None:
        if settings.environment == "development":
            return None
        log.warning(
            "no checkpoints of the audit are written",
            needs="TRANSFERS_AUDIT_CHECKPOINTS and TRANSFERS_AUDIT_SIGNING_KEY",
        )
        return NoCheckpoints(store)
    pace = Pace(
        settings.audit_checkpoint_events, timedelta(seconds=settings.audit_checkpoint_every)
    )
    place = CheckpointFolder(settings.audit_checkpoints)
    return Checkpoints(store, place, SigningKey(settings.audit_signing_key), pace)
