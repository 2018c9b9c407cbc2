"""Households with each other's spells in the register, against the run before: maybe of changed ids.

Who lives behind an id no run knows: names are never read, and where two households were enrolled alike
nothing tells them apart. Where they were not, the register itself says that one stands where the other did.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.inputs.remark import InputRemark
from jifen_batch.published import identity, runs
from jifen_batch.sentence import COMMA, Sentence, joined
from jifen_batch.tables import REGISTER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun

SPELL = ("village_id", "town_id", "enrolled_on", "left_on", "group_id")
NAMED_AT_MOST = 5


def remarks(before: Path, drafted: DraftRun, location: str) -> Iterator[InputRemark]:
    """At most one: the pairs of households each of which has the spells that the other had `before`."""
    if drafted.taken is None:
        return
    sides = identity.of_now(runs.scan(before, REGISTER), drafted.renamed), drafted.taken.register.lazy()
    was, now = (_spells(one) for one in sides)
    # Most nights nobody came, left or moved.
    pairs = [] if was.equals(now) else find(_as_texts(was), _as_texts(now))
    if pairs:
        more = len(pairs) - NAMED_AT_MOST
        named = (Sentence(f"{one!r} and {other!r}", f"{one!r} 与 {other!r}") for one, other in pairs)
        some = joined(islice(named, NAMED_AT_MOST), COMMA)
        yield InputRemark(
            "households",
            location,
            Sentence(
                f"{len(pairs):,} pair(s) of households have each the spells that the other had in run "
                f"{before.name} ({some.en}{f' and {more:,} more' if more > 0 else ''}): check that their "
                "ids were not exchanged",
                f"{len(pairs):,} 对农户的在册时段与运行 {before.name} 中的对方相同（{some.zh}"
                f"{f'，另有 {more:,} 对' if more > 0 else ''}）：请核对户编号是否互换了",
            ),
        )


def find(had: pl.DataFrame, has: pl.DataFrame) -> list[tuple[str, str]]:
    """Pairs of households that exchanged their spells, and nobody else has either's: sorted.

    Both sides have a row per spell, `household_id` and `SPELL` as texts.
    """
    whole = pl.concat_str("household_id", *SPELL, separator="\x1f").hash().alias("whole")
    had, has = had.with_columns(whole), has.with_columns(whole)
    changed = [
        one.join(other, on="whole", how="anti").select("household_id")
        for one, other in ((had, has), (has, had))
    ]
    ids = pl.concat(changed).unique()
    was, now = (
        one.join(ids, on="household_id", how="semi")
        .sort("household_id", *SPELL)
        .group_by("household_id")
        .agg(pl.concat_str(SPELL, separator="\x1f").str.join("\x1e").alias(name))
        for one, name in ((had, "was"), (has, "now"))
    )
    both = was.join(now, on="household_id").filter(pl.struct("was", "now").is_unique())
    pairs = both.join(both, left_on=["was", "now"], right_on=["now", "was"])
    pairs = pairs.filter(pl.col("household_id") < pl.col("household_id_right"))
    return pairs.select("household_id", "household_id_right").sort("household_id").rows()


def _spells(register: pl.LazyFrame) -> pl.DataFrame:
    """The spells of a register as they are published: codes as the texts that they stand for."""
    named = [pl.col(name).cast(REGISTER.schema[name]) for name in ("household_id", *SPELL)]
    return register.select(named).collect(engine="streaming")


def _as_texts(spells: pl.DataFrame) -> pl.DataFrame:
    """Spells, each column as text, "" = null."""
    return spells.select(pl.all().cast(pl.String).fill_null(""))
