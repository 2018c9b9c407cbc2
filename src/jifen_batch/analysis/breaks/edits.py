"""Steps: how one mistake changes what a household was scored from.

A trial is one mistake tried on one account: some lines more, some fewer, or other rules. Its steps are
its rows, one per line that it adds or leaves out, or a single one without a line.
"""

from __future__ import annotations

import polars as pl

STEPS = pl.Schema(
    {
        "account": pl.Int64(),
        "cause": pl.String(),
        "part": pl.String(),
        "choice": pl.Int32(),
        "whole": pl.Boolean(),
        "variant": pl.Int32(),
        "because": pl.String(),
        "line": pl.Int64(),
        "added": pl.Boolean(),
    }
)
TRIAL = ("account", "cause", "part", "choice", "whole", "variant", "because")
AS_THEY_ARE = 0
LISTED_MAX = 5


def each_and_all(lines: pl.DataFrame, cause: str, *, added: bool, variant: int = AS_THEY_ARE) -> pl.DataFrame:
    """Trials (`STEPS`) of every event by itself, and of all of an account's together.

    `lines` has `account`, `line`, `part` (the event), `choice` and `because`.
    """
    steps = lines.select("account", "line", "part", "choice", "because").with_columns(
        cause=pl.lit(cause), variant=pl.lit(variant), added=pl.lit(added), whole=pl.lit(value=False)
    )
    together = steps.filter((pl.col("part").n_unique().over("account") > 1) & (pl.col("choice") == 0))
    told = together.group_by("account").agg(because=listed("because"))
    together = together.drop("because").join(told, on="account")
    together = together.with_columns(part=pl.lit(f"* {cause}"), whole=pl.lit(value=True))
    return pl.concat([_shaped(steps), _shaped(together)])


def of_rules(accounts: pl.DataFrame, cause: str, *, whole: bool) -> pl.DataFrame:
    """Trials (`STEPS`) of other rules: `accounts` has `account`, `part`, `variant` and `because`."""
    return _shaped(
        accounts.unique().with_columns(
            cause=pl.lit(cause),
            whole=pl.lit(whole),
            choice=pl.lit(0),
            line=pl.lit(None),
            added=pl.lit(value=False),
        )
    )


def listed(name: str) -> pl.Expr:
    """The first few of a group's texts, each once, for people to look at."""
    texts = pl.col(name).unique().sort()
    more = pl.when(texts.len() > LISTED_MAX).then(pl.lit(", …")).otherwise(pl.lit(""))
    return texts.head(LISTED_MAX).str.join(", ") + more


def _shaped(steps: pl.DataFrame) -> pl.DataFrame:
    return steps.select(pl.col(name).cast(kind) for name, kind in STEPS.items())
