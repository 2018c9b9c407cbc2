"""What was announced, as far as it can be spent: which quarters, from when on, and whose points."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import announced, manifest, not_spendable, publish
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.tables.announced import ANNOUNCEMENT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

POINTS = pl.Schema(
    {"household_id": pl.String(), "scoring_year": pl.Int32(), "announced": pl.Int32(), "points": pl.Int64()}
)


@dataclass(frozen=True)
class SpendableQuarter:
    """A quarter that hangs: `as_of` the day from which its points can be spent, `sha256` of its manifest."""

    quarter: str
    as_of: date
    sha256: str


def announcements(out: Path) -> list[SpendableQuarter]:
    """The quarters announced so far, ascending.

    Raises `InputRefusedError` where one is damaged, or its points are not those of its manifest.
    """
    return [_announcement(out, quarter) for quarter in announced.quarters(out)]


def _announcement(out: Path, quarter: str) -> SpendableQuarter:
    """One quarter, by its manifest."""
    folder = announced.folder(out, quarter)
    content = publish.read_manifest(folder)
    own = [file for file in content.get("files", []) if file["name"] == f"{ANNOUNCEMENT.name}.parquet"]
    announced.check_files(folder, own, announced.RESTORE)
    try:
        as_of = date.fromisoformat(str(content.get("as_of")))
    except ValueError:
        raise InputRefusedError(
            *refusal(
                str(manifest.path(folder)),
                Sentence("as_of is no date", "as_of 不是日期"),
                announced.RESTORE,
            )
        ) from None
    return SpendableQuarter(quarter, as_of, announced.manifest_digest(out, quarter))


def points(out: Path, of: Sequence[SpendableQuarter]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What these announcements say of each household, one row per household, scoring year and announcement.

    `household_id`, `scoring_year`, `announced` (the announcement's place in `of`) and `points`, their net
    over all categories, adjustments among them, without what never enters a wallet; a quarter is read at a
    time. And what does not enter one, likewise (`not_spendable.points`).
    """
    read = []
    for place, announcement in enumerate(of):
        rows = announced.scan(out, ANNOUNCEMENT, [announcement.quarter])
        summed = rows.group_by("household_id", "scoring_year").agg(points=pl.col("net").sum())
        number = pl.lit(place, pl.Int32).alias("announced")
        read.append(summed.select("household_id", "scoring_year", number, "points").collect())
    withheld = not_spendable.points(out, [one.quarter for one in of])
    announced_points = pl.concat(read) if read else POINTS.to_frame()
    if not withheld.height:
        return announced_points, withheld
    keys = ["household_id", "scoring_year", "announced"]
    both = announced_points.join(withheld, on=keys, how="left", maintain_order="left")
    net = pl.col("points") - pl.col("not_spendable").fill_null(0)
    return both.with_columns(points=net).select(POINTS.names()), withheld
