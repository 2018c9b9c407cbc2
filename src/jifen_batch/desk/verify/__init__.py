"""`verify`: what was published, hashed and added up again; it writes nothing (specification 5)."""

from jifen_batch.desk.verify.page import Verified, verify

__all__ = ["Verified", "verify"]
