"""What a villager is told at the counter: every line of a household and how it came about."""

from jifen_batch.notices.explaining.document import document
from jifen_batch.notices.explaining.page import parts

__all__ = ["document", "parts"]
