"""What hangs, line by line: every line that announcements put up and took down, and what is left of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.corrections import UP, completed, standing
from jifen_batch.dataclass import dataclass
from jifen_batch.published import announced, read
from jifen_batch.tables import LEDGER
from jifen_batch.tables.announced import CORRECTIONS, LINES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jifen_batch.tables import Table


@dataclass(frozen=True)
class AnnouncedChanges:
    """The lines of announced quarters, whose manifests are `contents`, in the order of the quarters.

    What hangs under an id that is `renamed` (`successions.renaming`) is that of the id of now.
    """

    out: Path
    contents: Sequence[Mapping[str, Any]]
    renamed: pl.DataFrame

    @property
    def quarters(self) -> list[str]:
        """The quarters, by their manifests."""
        return [content["quarter"] for content in self.contents]

    @property
    def changes(self) -> pl.LazyFrame:
        """Every line put up or taken down: the ledger's columns, `change` +1 or -1, and `announced_in`."""
        columns = [*LEDGER.names, "announced_in"]
        put_up, corrected = (
            announced.scan(self.out, table, self.quarters, self.renamed) for table in (LINES, CORRECTIONS)
        )
        put_up, corrected = put_up.select(*columns, UP), corrected.select(*columns, "change")
        return pl.concat([put_up, corrected])

    def hung(self, changes: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
        """The lines that hang (`LEDGER`) by some `changes`, to be held against these lines of the ledger."""
        return completed(standing(changes), ledger, self._older)

    @cached_property
    def _older(self) -> list[tuple[list[str], Table]]:
        """Quarters whose tables had fewer columns, by version, and the ledger as it was then."""
        versions = {content["quarter"]: int(content[read.KEY]) for content in self.contents}
        tables = {version: LEDGER.of_version(version) for version in sorted({*versions.values()})}
        return [
            ([quarter for quarter, own in versions.items() if own == version], table)
            for version, table in tables.items()
            if table != LEDGER
        ]
