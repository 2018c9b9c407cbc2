"""What each mistake alone would change in each key, and whether several mistakes together add up.

Two mistakes may stand in each other's way: two pending events under a cap that has room for one bring
less together than each by itself. So a combination is scored as one before it counts as an explanation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.causes.lines import counted_lines
from jifen_batch.analysis.breaks.causes.quarters import moved_lines
from jifen_batch.analysis.breaks.causes.rows import counted_rows
from jifen_batch.analysis.breaks.causes.rules import other_rules
from jifen_batch.analysis.breaks.edits import AS_THEY_ARE, STEPS, TRIAL, of_rules
from jifen_batch.analysis.breaks.simulations import figures
from jifen_batch.analysis.breaks.variants import OLDER, variants
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.post import quarter_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.evidence import Evidence
    from jifen_batch.analysis.breaks.variants import Variants

ACCOUNT = ("household_id", "scoring_year")
NOTHING, TOGETHER = "nothing", "together"
ATOM = ("key", "cause", "part", "whole", "because", "amount", "trial", "imitates")


@dataclass(frozen=True)
class Tried:
    """The mistakes that were tried on some keys: `steps` and `trials` of each, `atoms` that came of it.

    `atoms` has a row per mistake and key that it changes: `key`, `cause`, `part`, `whole`, `because`,
    `amount` (theirs - ours), `trial`, null where no line was scored again, and `imitates`: an older book
    may do the same by itself.
    """

    keys: pl.DataFrame
    grain: Sequence[str]
    found: Candidates
    rules: Variants
    steps: pl.DataFrame
    trials: pl.DataFrame
    atoms: pl.DataFrame


def tried(keys: pl.DataFrame, found: Candidates, evidence: Evidence, grain: Sequence[str]) -> Tried:
    """Every mistake that the households' rows and rules give room for; `keys` has `key` and `ours`."""
    rules = variants(found, evidence)
    untouched = found.accounts.select(
        "account", part=pl.lit(""), variant=pl.lit(AS_THEY_ARE), because=pl.lit("")
    )
    steps = pl.concat(
        [
            of_rules(untouched, NOTHING, whole=True),
            *counted_rows(found),
            *counted_lines(found, rules),
            *other_rules(found, rules),
        ]
    )
    keys = keys.join(found.accounts.select("account", *ACCOUNT), on=ACCOUNT)
    trials, sums = figures(steps, found, rules, grain)
    alike = trials.join(_imitating(steps, trials, rules), on="trial")
    atoms = _changes(keys, alike, _by_name(sums), grain)
    if "quarter" in grain:
        moved = moved_lines(found, keys, [*ACCOUNT, *grain])
        moved = moved.with_columns(trial=pl.lit(None, dtype=pl.Int64), imitates=pl.lit(value=False))
        atoms = pl.concat([atoms, moved.select(ATOM)])
    return Tried(keys, grain, found, rules, steps, trials, atoms)


def _imitating(steps: pl.DataFrame, trials: pl.DataFrame, rules: Variants) -> pl.DataFrame:
    """Whether each trial `imitates` an older book: fewer rules, or rows that one treats otherwise."""
    changed = pl.any_horizontal(rules.older.values()) if rules.older else pl.lit(value=False)
    lines = rules.lines.select("line", "household", "event_id", changed=changed)
    lines = lines.with_columns(pl.col("changed").any().over("household", "event_id"))
    known = steps.join(trials, on=TRIAL, nulls_equal=True).join(lines, on="line", how="left")
    older = [number for name, number in rules.numbers.items() if name[0] == OLDER]
    other_rules = (pl.col("variant") != AS_THEY_ARE) & ~pl.col("variant").is_in(older)
    return known.group_by("trial").agg(
        imitates=(other_rules | pl.col("changed").fill_null(value=False)).all()
    )


def _by_name(sums: pl.DataFrame) -> pl.DataFrame:
    """Figures with the names of their quarters, where they have any."""
    return (
        sums.with_columns(quarter_names(sums["quarter"]).cast(pl.String))
        if "quarter" in sums.columns
        else sums
    )


def _changes(
    keys: pl.DataFrame, trials: pl.DataFrame, sums: pl.DataFrame, grain: Sequence[str]
) -> pl.DataFrame:
    """Each trial's figure of each key of its account, less that of the trial of nothing.

    Where even that does not come to what the run published, nothing is said of the key.
    """
    tries = trials.join(keys.select("key", "account", "ours", *grain), on="account")
    tries = tries.join(sums, on=["trial", *grain], how="left").with_columns(pl.col("points").fill_null(0))
    sound = tries.filter((pl.col("cause") == NOTHING) & (pl.col("points") == pl.col("ours")))
    changes = tries.join(sound.select("key"), on="key", how="semi")
    changes = changes.with_columns(amount=pl.col("points") - pl.col("ours"))
    return changes.filter((pl.col("cause") != NOTHING) & (pl.col("amount") != 0)).select(ATOM)


def add_up(done: Tried, combinations: pl.DataFrame) -> pl.Series:
    """Whether mistakes made together change a key by the sum of what each would; a boolean per row.

    `combinations` has `key`, `trials` (a list, those that scored lines again) and `amount`, their sum.
    Two mistakes in the rules are not tried as one, and so never add up.
    """
    rows = combinations.select("key", "trials", "amount", part=pl.int_range(pl.len()).cast(pl.String))
    single = rows["trials"].list.len() < 2  # noqa: PLR2004 - nothing to add
    chosen = rows.filter(~single).explode("trials").rename({"trials": "trial"})
    steps = chosen.select("part", "trial").join(done.trials, on="trial", suffix="_alone")
    changed = pl.col("variant").filter(pl.col("variant") != AS_THEY_ARE)
    steps = steps.filter((changed.n_unique() <= 1).over("part"))
    steps = steps.with_columns(together=pl.col("variant").max().over("part"))
    own = done.steps.join(done.trials, on=TRIAL, nulls_equal=True).select("trial", "line", "added")
    steps = steps.join(own, on="trial").with_columns(
        variant="together",
        cause=pl.lit(TOGETHER),
        choice=pl.lit(0),
        whole=pl.lit(value=False),
        because=pl.lit(""),
    )
    steps = steps.select(pl.col(name).cast(kind) for name, kind in STEPS.items())
    trials, sums = figures(steps, done.found, done.rules, done.grain)
    asked = rows.join(trials.select("part", "trial"), on="part")
    asked = asked.join(done.keys.select("key", "ours", *done.grain), on="key")
    figure = asked.join(_by_name(sums), on=["trial", *done.grain], how="left")
    borne_out = figure.filter(pl.col("points").fill_null(0) - pl.col("ours") == pl.col("amount"))
    return single | rows["part"].is_in(borne_out["part"].implode())
