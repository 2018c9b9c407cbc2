"""What became of planted mistakes: the true cause found, another one, or none."""

import polars as pl

VERDICTS = ("true", "false", "none")


def verdicts(breaks: pl.DataFrame, truth: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """One row per break: `planted`, its true cause, and `verdict`."""
    held = breaks.join(truth.rename({"cause": "planted"}), on=keys, how="left")
    right = pl.col("cause").eq_missing(pl.col("planted"))
    verdict = pl.when(pl.col("cause").is_null()).then(pl.lit("none")).when(right).then(pl.lit("true"))
    return held.with_columns(verdict=verdict.otherwise(pl.lit("false")))


def shares(held: pl.DataFrame) -> pl.DataFrame:
    """Breaks by planted cause and verdict; combinations together."""
    name = pl.when(pl.col("planted").str.contains("+", literal=True)).then(pl.lit("two at once"))
    counted = [(pl.col("verdict") == verdict).sum().alias(verdict) for verdict in VERDICTS]
    return (
        held.group_by(planted=name.otherwise("planted"))
        .agg(pl.len().alias("breaks"), *counted)
        .sort("planted")
    )
