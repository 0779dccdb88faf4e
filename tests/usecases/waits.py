"""The times that the relay works by, in the tests."""

from datetime import timedelta

from app.usecases.mark_delivery import AlertAfter

LEASE = timedelta(seconds=60)
QUIET_FOR = timedelta(minutes=15)
ALERT_AFTER = AlertAfter(timedelta(minutes=15), timedelta(hours=1))
