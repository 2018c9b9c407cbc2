"""The sections of towns and villages: a map of participation, its course, and the yearly assessment."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices.report import charts
from jifen_batch.notices.report.document import Section, heading, line, shown, table

if TYPE_CHECKING:
    from jifen_batch.notices.report.words import Words

TILES_AT_MOST, NAMED_AT_MOST, TOWNS_AT_MOST = 2_000, 40, 300
SHADES = 5


def coverage(say: Words, rows: pl.DataFrame, quarter: str) -> Section:
    """A tile for each village, by town, then figures by town, and the course over the quarters.

    `rows` are `PARTICIPATION`, `quarter` the last that is over: what comes after it is not told yet. Beyond
    `TILES_AT_MOST` villages a tile is a town.
    """
    own = rows.filter(pl.col("quarter") == quarter)
    bundled = own.height > TILES_AT_MOST
    note = (
        say("map_bundled", most=f"{TILES_AT_MOST:,}")
        if bundled
        else say("map_note", quarter=say.quarter(quarter))
    )
    parts = [line(note), _map(say, own, bundled=bundled), _by_town(say, own)]
    quarters = (
        rows.filter(pl.col("quarter") <= quarter)
        .group_by("quarter")
        .agg(*_sums(), _covered().alias("covered"))
        .sort("quarter")
    )
    shares = {"trend_earning": ("earning", "enrolled"), "trend_active": ("active", "enrolled")}
    series = [
        (say(key), f"c{at}", [_share(row[part], row[whole]) for row in quarters.iter_rows(named=True)])
        for at, (key, (part, whole)) in enumerate(shares.items())
    ]
    known = [_share(row["covered"], row["households_total"]) for row in quarters.iter_rows(named=True)]
    if any(one is not None for one in known):
        series.append((say("trend_coverage"), "c2", known))
    labels = [say.quarter(one) for one in quarters["quarter"]]
    parts += [heading(say("trend")), charts.courses(labels, series, say("trend"))]
    return Section("coverage", say("coverage"), parts)


def _covered() -> pl.Expr:
    """Enrolled households of the villages of which all households are known."""
    return pl.col("enrolled").filter(pl.col("households_total").is_not_null()).cast(pl.Int64).sum()


def _sums() -> list[pl.Expr]:
    """The figures of villages, added up; all households where some village's are known."""
    whole = pl.col("households_total")
    total = pl.when(whole.is_not_null().any()).then(whole.cast(pl.Int64).sum()).alias("households_total")
    return [total, *(pl.col(name).cast(pl.Int64).sum() for name in ("enrolled", "earning", "active"))]


def _share(part: int | None, whole: int | None) -> float | None:
    """A share, at most the whole; null of nothing."""
    return None if not whole or part is None else min(1.0, part / whole)


def _map(say: Words, rows: pl.DataFrame, *, bundled: bool) -> str:
    """Tiles by town, the darker the more of its households earned."""
    if bundled:
        towns = rows.group_by("town_id").agg(_sums()).sort("town_id")
        tiles = [
            _tile(say.place(row["town_id"]), row["earning"], row["enrolled"])
            for row in towns.iter_rows(named=True)
        ]
        return f'<div class="map"><span></span><div>{"".join(tiles)}</div></div>'
    drawn = ""
    for (town,), villages in rows.partition_by("town_id", as_dict=True, maintain_order=True).items():
        tiles = [
            _tile(say.place(row["village_id"]), row["earning"], row["enrolled"])
            for row in villages.iter_rows(named=True)
        ]
        drawn += f"<span>{escape(say.place(str(town)))}</span><div>{''.join(tiles)}</div>"
    return f'<div class="map">{drawn}</div>'


def _tile(name: str, earning: int, enrolled: int) -> str:
    """One tile."""
    share = _share(earning, enrolled)
    shade = "m" if share is None else f"m{min(SHADES - 1, int(share * SHADES))}"
    return f'<i class="{shade}" title="{escape(name)} {shown(share)}"></i>'


def _by_town(say: Words, rows: pl.DataFrame) -> str:
    """A row a town, and all together."""
    towns = rows.group_by("town_id").agg(pl.len().alias("villages"), *_sums(), _covered().alias("covered"))
    every = rows.select(pl.len().alias("villages"), *_sums(), _covered().alias("covered"))
    listed: list[tuple[object, ...]] = []
    for name, row in [
        *(
            (say.place(row["town_id"]), row)
            for row in towns.sort("town_id").head(TOWNS_AT_MOST).iter_rows(named=True)
        ),
        *((say("all"), row) for row in every.iter_rows(named=True)),
    ]:
        listed.append(
            (
                name, row["villages"], row["households_total"], row["enrolled"],
                _share(row["covered"], row["households_total"]), row["earning"],
                _share(row["earning"], row["enrolled"]), row["active"],
            )
        )  # fmt: skip
    keys = ("town", "villages", "total", "enrolled", "coverage_share", "earning", "participation", "active")
    return table([say(key) for key in keys], listed, total=True)


def assessment(
    say: Words, year: int, villages: pl.DataFrame, surveys: pl.DataFrame | None, *, listed: bool
) -> Section:
    """Coverage of all administrative villages, participation, and what surveys say, by town.

    `villages`: one row each, `town_id`, `village_id`, `households_total` (null: unknown), `enrolled` at the
    year's end or the as-of date, those of them `earning` in the year; `surveys` (`SURVEYS`) are those of
    the year, null = none given. `listed`: a list of all villages was given.
    """
    asked = ("asked", "aware", "satisfied")
    own = villages.with_columns(pl.lit(None, pl.Int64).alias(name) for name in asked)
    if surveys is not None:
        told = surveys.select("village_id", *(pl.col(name).cast(pl.Int64) for name in asked))
        own = villages.join(told, on="village_id", how="left", maintain_order="left")
    figures = [
        pl.len().alias("villages"), (pl.col("enrolled") > 0).sum().alias("on"), *_sums()[:-1],
        _covered().alias("covered"), *(pl.col(name).sum() for name in asked),
    ]  # fmt: skip
    own = own.with_columns(active=0)
    towns = own.group_by("town_id").agg(figures).sort("town_id").head(TOWNS_AT_MOST)
    rows = [(say.place(row["town_id"]), *_assessed(row)) for row in towns.iter_rows(named=True)]
    rows += [(say("all"), *_assessed(row)) for row in own.select(figures).iter_rows(named=True)]
    keys = (
        "town",
        "villages_all",
        "villages_on",
        "village_share",
        "household_share",
        "participation",
        "aware",
        "satisfied",
    )
    parts = [line(say("assessment_note", year=year)), table([say(key) for key in keys], rows, total=True)]
    if not listed:
        parts.append(line(say("no_list")))
    parts += _of_surveys(say, own, surveys)
    behind = own.filter(pl.col("enrolled") == 0)["village_id"].to_list()
    if behind:
        named = "、".join(say.place(one) for one in behind[:NAMED_AT_MOST])
        parts.append(line(say("behind", named=named + (" …" if len(behind) > NAMED_AT_MOST else ""))))
    return Section("assessment", say("assessment"), parts)


def _assessed(row: dict[str, int | None]) -> tuple[object, ...]:
    """A town's row."""
    return (
        row["villages"], row["on"], _share(row["on"], row["villages"]),
        _share(row["covered"], row["households_total"]), _share(row["earning"], row["enrolled"]),
        _share(row["aware"], row["asked"]), _share(row["satisfied"], row["asked"]),
    )  # fmt: skip


def _of_surveys(say: Words, own: pl.DataFrame, surveys: pl.DataFrame | None) -> list[str]:
    """How many were asked, and where to give it if nobody was."""
    if surveys is None:
        return [line(say("no_surveys"))]
    known = surveys.filter(pl.col("village_id").is_in(own["village_id"].implode()))
    said = [line(say("surveyed", asked=f"{known['asked'].sum():,}", villages=known.height))]
    if left := surveys.height - known.height:
        said.append(line(say("surveys_elsewhere", left=left)))
    return said
