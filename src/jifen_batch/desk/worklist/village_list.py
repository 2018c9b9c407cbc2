"""The work list of a village as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.worklist import lists
from jifen_batch.notices.printed.document import Document
from jifen_batch.notices.printed.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl


@dataclass(frozen=True)
class VillageList:
    """What of a village waits (`engine.orders.Work`): its `frames` by kind; `name` is that of its file.

    `heading` is how the village is called, `said` of which run and day the list is, `spoken` how it speaks.
    """

    name: str
    heading: str
    said: Sequence[str]
    frames: Mapping[str, pl.DataFrame]
    spoken: lists.Spoken
    made_on: date

    def do(self) -> bytes:
        """The workbook."""
        pages = [*lists.pages(self.heading, [*self.said], self.frames, self.spoken)]
        title = lists.TITLE.here(self.spoken.language)
        return workbook(Document(title, self.heading, pages), self.made_on)
