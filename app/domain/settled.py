"""What is settled once stays so: a legal hold that is lifted, a request that is decided."""

from app.domain.errors import TransferError


class Settled(TransferError):
    """It is settled already, or is not where this may be done."""
