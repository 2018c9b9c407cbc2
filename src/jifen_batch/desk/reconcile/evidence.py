"""What the engine of reconciliation needs of a published run: our figures, and what lies behind breaks.

Of the large tables only what concerns households that break is read, so many at a time that memory
stays bounded even where every key breaks.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis.breaks.evidence import Evidence, OlderRules
from jifen_batch.analysis.breaks.explain import explain, keyed
from jifen_batch.analysis.breaks.villages import ATOMS, explain_villages, village_atoms
from jifen_batch.errors import JifenError
from jifen_batch.kernels.detail import plain
from jifen_batch.published import announced, damage, identity, manifest, publish, runs
from jifen_batch.tables import ANNOUNCEMENTS, BALANCES, LEDGER, REGISTER, REJECTS, UNPOSTED
from jifen_batch.tables.reconciled import BREAKS, GRAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jifen_batch.tables import Table

PLACE = ("town_id", "village_id")
HOUSEHOLDS_AT_A_TIME = 50_000
# The newest of each; every one costs a trial of each account, or a look at its figures.
OLDER_RULES_MAX, EARLIER_RUNS_MAX = 6, 8


def ours_at(folder: Path, keys: Sequence[str], years: Sequence[int]) -> pl.DataFrame:
    """Our figures of these scoring years at the grain of `keys`: town_id, village_id, `keys`, `ours`.

    From the smallest table that tells the keys apart: balances, announcements for quarters, the ledger
    for items. One row per key that has a line.
    """
    return _figures(folder, keys, years).collect(engine="streaming")


def _figures(folder: Path, keys: Sequence[str], years: Sequence[int]) -> pl.LazyFrame:
    """The same, not read yet."""
    source = _source(keys)
    points = "points" if source is LEDGER else "net"
    lines = runs.scan(folder, source).filter(pl.col("scoring_year").is_in(sorted(set(years))))
    return lines.group_by(*dict.fromkeys((*PLACE, *keys))).agg(ours=pl.col(points).sum())


def _source(keys: Sequence[str]) -> Table:
    """The smallest table that tells these keys apart."""
    if "item" in keys:
        return LEDGER
    return ANNOUNCEMENTS if "quarter" in keys else BALANCES


def explained(folder: Path, out: Path, breaks: pl.DataFrame, highest: pl.DataFrame) -> pl.DataFrame:
    """Breaks of a run (`KEYS`, none matched, sorted) with their causes (`BREAKS`), in their order.

    `highest` are the highest sums of theirs among all keys (`patterns.levels.ceilings`).

    Reads the run's folder, and of the other runs and announced quarters in `out` their rule books, and
    what those runs said of the keys.
    """
    parts = [explain(part, gather(folder, out, part), highest) for part in _portions(breaks)]
    return pl.concat(parts) if parts else BREAKS.schema.to_frame()


def villages_explained(folder: Path, out: Path, breaks: pl.DataFrame, _highest: pl.DataFrame) -> pl.DataFrame:
    """The same for breaks of villages, of which the statement names no household; read village by village."""
    keys = keyed(breaks)
    atoms = [ATOMS.to_frame()]
    for village in breaks["village_id"].unique().sort():
        own = keys.filter(pl.col("village_id") == village)
        grain = [name for name in GRAIN if own[name].null_count() == 0]
        names = ["household_id", "scoring_year", *grain]
        figures = _figures(folder, names, own["scoring_year"].to_list())
        ours = figures.filter(pl.col("village_id") == village).collect()
        if ours.height:
            whom = (
                own.select(*grain)
                .head(1)
                .join(ours.select("household_id", "scoring_year").unique(), how="cross")
            )
            atoms.append(village_atoms(own, ours, gather(folder, out, whom)))
    return explain_villages(keys, pl.concat(atoms))


def _portions(breaks: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Breaks in portions of whole households."""
    number = breaks["household_id"].rank("dense") if breaks.height else pl.Series(dtype=pl.UInt32)
    portion = breaks.select((number.cast(pl.Int64) - 1) // HOUSEHOLDS_AT_A_TIME).to_series()
    for chosen in portion.unique().sort():
        yield breaks.filter(portion == chosen)


def gather(folder: Path, out: Path, breaks: pl.DataFrame) -> Evidence:
    """All that a run kept of the households of some breaks, and the rules it and others were scored by."""
    households = breaks["household_id"].unique().sort()
    content = publish.read_manifest(folder)
    grain = [name for name in GRAIN if name in breaks.columns and breaks[name].null_count() == 0]
    keys = ["household_id", "scoring_year", *grain]
    mine = rules.load(_rule_files(folder))
    others = other_runs(folder, out)
    return Evidence(
        lines=_of(folder, LEDGER, households),
        unposted=_of(folder, UNPOSTED, households),
        rejects=_of(folder, REJECTS, households, plain(pl.col("household_id"))),
        register=_of(folder, REGISTER, households),
        renamed=identity.renamed_by_run(folder, content),
        tables=mine.tables,
        older=_older_rules(mine.fingerprint, others, out),
        earlier=_earlier(others, keys, breaks, households),
        as_of=date.fromisoformat(content["as_of"]),
        grace_days=content["options"]["grace_days"],
    )


def _of(folder: Path, table: Table, households: pl.Series, named: pl.Expr | None = None) -> pl.DataFrame:
    """Rows of some households; `named` is whom a row is about, where it may be mistyped."""
    whose = pl.col("household_id") if named is None else named
    rows = runs.scan(folder, table).filter(whose.is_in(households.implode()))
    return rows.collect(engine="streaming").sort(table.sort_keys, nulls_last=False, maintain_order=True)


def _rule_files(folder: Path) -> list[Path]:
    """The rule files that a run or an announced quarter keeps."""
    return sorted(manifest.rules(folder).rglob("*.toml"))


def other_runs(folder: Path, out: Path) -> list[Path]:
    """The other published runs, the newest first."""
    others = [run for run in publish.published(out) if run.resolve() != folder.resolve()]
    return others[:EARLIER_RUNS_MAX]


def _older_rules(mine: str, others: Sequence[Path], out: Path) -> tuple[OlderRules, ...]:
    """Rule books of other runs and of announced quarters that are not the run's own, each once."""
    quarters = [(quarter, announced.folder(out, quarter)) for quarter in reversed(announced.quarters(out))]
    known = {mine}
    older: list[OlderRules] = []
    for name, place in [*((path.name, path) for path in others), *quarters]:
        books = _books(place)
        if books and books.fingerprint not in known and len(older) < OLDER_RULES_MAX:
            known.add(books.fingerprint)
            older.append(OlderRules(name, books.tables))
    return tuple(older)


def _books(place: Path) -> rules.LoadedRules | None:
    """The books kept at a place; none where this program no longer takes them."""
    try:
        return rules.load(_rule_files(place))
    except JifenError:
        return None


def _earlier(
    others: Sequence[Path], keys: Sequence[str], breaks: pl.DataFrame, households: pl.Series
) -> pl.DataFrame:
    """What other runs said of the keys of these households: `run`, `keys`, `points`; damaged ones nothing."""
    years = breaks["scoring_year"].unique().to_list()
    said = []
    for run in (other for other in others if damage.whole(other, _source(keys))):
        figures = _figures(run, keys, years).filter(pl.col("household_id").is_in(households.implode()))
        named = figures.select(pl.lit(run.name).alias("run"), *keys, pl.col("ours").alias("points"))
        said.append(named.collect(engine="streaming"))
    kinds: dict[str, Any] = {"run": pl.String(), **{key: BREAKS.schema[key] for key in keys}}
    empty = pl.Schema({**kinds, "points": pl.Int64()}).to_frame()
    return pl.concat([empty, *said])
