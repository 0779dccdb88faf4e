"""LCS: duty tasks, and referrals whose date may be amended (DL 8, 9)."""

from datetime import date
from urllib.parse import quote

from adapters.duty_tasks import DutyTaskCalls
from adapters.lcs.messages import Referral
from adapters.records import read_as
from app.outbox.tray import RecordDate, TrayRefused, TrayUnavailable

PRECONDITION_FAILED = 412


class LcsTray(DutyTaskCalls):
    """The port, for LCS."""

    async def read_record(self, record_id: str) -> RecordDate:
        """GET /referrals/{id}."""
        answer = await self.client.call("GET", f"/referrals/{quote(record_id)}")
        referral = read_as(Referral, answer)
        if referral.referral_id != record_id or not answer.etag:
            raise TrayUnavailable("an answer about another referral")
        return referral.record_date(answer.etag)

    async def amend_date(self, record_id: str, read: RecordDate, right: date, key: str) -> None:
        """PATCH /referrals/{id} with If-Match.

        Raises:
            TrayUnavailable: the referral changed after it was read; judge it afresh.
            TrayRefused: LCS does not take the date.
        """
        answer = await self.client.call(
            "PATCH",
            f"/referrals/{quote(record_id)}",
            body={"date_of_referral": right},
            headers={"If-Match": read.version, "Idempotency-Key": key},
            refusals=frozenset({PRECONDITION_FAILED}),
        )
        if answer.status == PRECONDITION_FAILED:
            raise TrayUnavailable("changed after it was read")
        if answer.body.get("referral_id") != record_id:
            raise TrayRefused("an answer about another referral")
