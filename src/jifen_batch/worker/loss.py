"""Events that an earlier run had and this one has not: asked about before anything is published.

Villages and years whose events are the same to the last id are recognised by a checksum in the
manifests; only for the others are the ids themselves read back and held against each other.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.loss import CELL, cells_that_differ, lost, missing
from jifen_batch.errors import LossError
from jifen_batch.published import announced, publish, runs
from jifen_batch.published.village_range import PLACE, VillageRange
from jifen_batch.tables import LEDGER, REJECTS, UNPOSTED
from jifen_batch.tables.announced import ANNOUNCEMENT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions

FINGERPRINT_DIGITS = 16
NAMED_AT_MOST = 5
EVENTS_AT_ONCE = 1 << 20
# Two ids of one number would hide one event that is lost, once in some billions of runs.
EVENT = pl.col("event_id").hash()
LOST = pl.Schema({"cell": pl.UInt32(), "had": pl.Int64(), "lost": pl.Int64()})
COUNTED = pl.Schema(
    {
        "town_id": pl.String(),
        "village_id": pl.String(),
        "scoring_year": pl.Int32(),
        "received": pl.Int64(),
        "checksum": pl.String(),
    }
)


def refuse_loss(drafted: DraftRun, options: RunOptions) -> None:
    """Raise `LossError` where events of an earlier run are missing from a drafted one; drop the draft.

    `--accept-loss` names the fingerprint of a loss that somebody has looked into.
    """
    before = _last_seen(options.out, drafted.content["as_of"])
    losses = _losses(*before, drafted.folder, drafted.content) if before else []
    years = _vanished_years(options.out, before[1] if before else None, drafted.content)
    if not losses and not years:
        return
    fingerprint = hashlib.sha256(json.dumps([losses, years]).encode()).hexdigest()[:FINGERPRINT_DIGITS]
    if fingerprint != options.accept_loss:
        drafted.discard()
        raise LossError(
            f"--events: {_said(losses, years)}; nothing was published: find the missing input, or accept "
            f"the loss with --accept-loss {fingerprint}",
            accept_loss=fingerprint,
            losses=losses,
            vanished_years=years,
        )


def _last_seen(out: Path, as_of: str) -> tuple[Path, dict[str, Any]] | None:
    """The run that this one must have the events of, and its manifest.

    Of the runs that are kept and not as of a later day, that of the latest day, and of several the last
    published. A run as of an earlier day saw less by design: neither is it asked, nor does it hide a loss
    from the next night.
    """
    seen = [(folder, publish.read_manifest(folder)) for folder in publish.published(out)]
    # The last published stand first, and of equals `max` takes the first.
    return max(
        (one for one in seen if one[1]["as_of"] <= as_of), key=lambda one: one[1]["as_of"], default=None
    )


def _losses(
    current: Path, before: Mapping[str, Any], folder: Path, content: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Villages and years that have lost too many of an earlier run's events.

    Some villages at a time, so that a county's ids need not fit into memory together.
    """
    cells = cells_that_differ(_counted(before), _counted(content))
    number = pl.int_range(pl.len(), dtype=pl.UInt32).alias("cell")
    piece = (pl.col("received").cum_sum() - pl.col("received")) // EVENTS_AT_ONCE
    cells = cells.with_columns(number, piece=piece)
    found = []
    for some in cells.partition_by("piece", maintain_order=True):
        gone = missing(_ids(current, some), _ids(folder, some)["event"])
        if gone.height:
            there = _events(folder).select(event=EVENT).join(gone.lazy(), on="event", how="semi")
            found.append(lost(gone, there.collect(engine="streaming")["event"].unique()))
    together = pl.concat([LOST.to_frame(), *found])
    return cells.join(together, on="cell").sort("cell").select(*CELL, "had", "lost").to_dicts()


def _ids(folder: Path, cells: pl.DataFrame) -> pl.DataFrame:
    """The events that a run has in some villages and years: `cell` and `event`, its id as a number."""
    places = cells.select(PLACE)
    villages = VillageRange(places.row(0), places.row(-1))
    some = cells.select(*CELL, "cell").lazy()
    events = _events(folder).filter(
        villages.holds, pl.col("scoring_year").is_in(cells["scoring_year"].unique().implode())
    )
    return events.join(some, on=CELL).select("cell", event=EVENT).collect(engine="streaming")


def _events(folder: Path) -> pl.LazyFrame:
    """Every event that a run has at a place, posted, waiting or rejected: `CELL` and `event_id`.

    One whose household has gone from the register has no place any more, and is missing there.
    """
    year = pl.col("occurred_on").dt.year().alias("scoring_year")
    return pl.concat(
        [
            runs.scan(folder, LEDGER).select(*CELL, "event_id"),
            *(
                runs.scan(folder, table).select("town_id", "village_id", year, "event_id")
                for table in (UNPOSTED, REJECTS)
            ),
        ]
    ).drop_nulls(["village_id", "event_id"])


def _vanished_years(out: Path, before: Mapping[str, Any] | None, content: Mapping[str, Any]) -> list[int]:
    """Announced scoring years of which no event is left, though the earlier run had some."""
    quarters = announced.quarters(out)
    years = announced.scan(out, ANNOUNCEMENT, quarters).select(pl.col("scoring_year").unique()).collect()
    gone = set(years["scoring_year"]) - set(_counted(content)["scoring_year"])
    return sorted(gone if before is None else gone & set(_counted(before)["scoring_year"]))


def _counted(content: Mapping[str, Any]) -> pl.DataFrame:
    """Events by village and year, as a manifest tells them."""
    rows = [{name: row[name] for name in COUNTED} for row in content["events_by_village_year"]]
    return pl.DataFrame(rows, schema=COUNTED)


def _said(losses: list[dict[str, Any]], years: list[int]) -> str:
    """What is missing, in a sentence."""
    said = []
    if years:
        said.append(f"no event is left of the announced year(s) {', '.join(map(str, years))}")
    if losses:
        some = ", ".join(
            f"{one['village_id']} in {one['scoring_year']}: {one['lost']:,} of {one['had']:,}"
            for one in losses[:NAMED_AT_MOST]
        )
        more = f" and {len(losses) - NAMED_AT_MOST} more" if len(losses) > NAMED_AT_MOST else ""
        said.append(f"villages have lost events that an earlier run had ({some}{more})")
    return "; ".join(said)
