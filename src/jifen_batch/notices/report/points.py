"""The sections of points: by month and category, what caps take, how nets lie, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.report import charts
from jifen_batch.notices.report.charts import Bar, Series
from jifen_batch.notices.report.document import Section, heading, line, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from jifen_batch.notices.report.words import Words

BINS, ITEMS_AT_MOST, VILLAGES_AT_MOST = 32, 12, 30


def months(say: Words, rows: pl.DataFrame, how_many: int) -> Section:
    """Awards by category above the line, what is taken back below; the smallest categories are bundled."""
    labels = rows["month"].unique().sort().to_list()
    by_size = (
        rows.group_by("category").agg(pl.col("up").sum()).sort("up", "category", descending=[True, False])
    )
    own = by_size["category"].to_list()
    own = own if len(own) <= charts.COLOURS else own[: charts.COLOURS - 1]
    category = pl.when(pl.col("category").is_in(own)).then("category").otherwise(pl.lit(say("others")))
    wide: dict[tuple[str, date], int] = {}
    for name, month, up in rows.select(category.alias("category"), "month", "up").iter_rows():
        wide[name, month] = wide.get((name, month), 0) + up
    every = [*own, *([say("others")] if by_size.height > len(own) else [])]
    series = [
        Series(name, f"c{at}", [wide.get((name, month), 0) for month in labels])
        for at, name in enumerate(every)
    ]
    down = dict(rows.group_by("month").agg(pl.col("down").sum()).iter_rows())
    series.append(Series(say("lost"), "loss", [down[month] for month in labels]))
    shown = [f"{month:%Y-%m}" for month in labels]
    chart = charts.columns(shown, series, say("points")) if labels else ""
    return Section("points", say("points"), [line(say("points_note", months=how_many)), chart])


def caps(
    say: Words, year: int, categories: pl.DataFrame, items: pl.DataFrame, control: Mapping[str, Any]
) -> Section:
    """What caps and other rules take of what is due, by category and by item; and what all lines came to."""
    looks = (("given", "c0"), ("capped", "lost"), ("otherwise", "rest"))
    bars = [
        Bar(row["category"], [(look, row[name]) for name, look in looks], f"{row['given']:,} / {_due(row):,}")
        for row in categories.iter_rows(named=True)
    ]
    parts = [line(say("caps_note", year=year)), charts.rows(bars, say("caps"))]
    parts.append(charts.legend([Series(say(name), look, []) for name, look in looks]))
    if items.height:
        headers = [say(key) for key in ("item", "item_households", "hit", "hit_share", "capped")]
        rows = [
            (
                row["name"] or row["item"],
                row["households"],
                row["hit"],
                row["hit"] / row["households"],
                row["capped"],
            )
            for row in items.head(ITEMS_AT_MOST).iter_rows(named=True)
        ]
        parts += [heading(say("items_capped")), table(headers, rows)]
    else:
        parts.append(line(say("no_caps")))
    lines = [
        (say.word(name, words.DISPOSITIONS), total["lines"], total["points"])
        for name, total in control["dispositions"].items()
    ]
    lines.append((say("all"), control["lines"], control["points"]))
    parts += [
        heading(say("dispositions")),
        table([say("disposition"), say("count"), say("sum")], lines, total=True),
    ]
    return Section("caps", say("caps"), parts)


def _due(row: Mapping[str, int]) -> int:
    """All points that were due."""
    return row["given"] + row["capped"] + row["otherwise"]


def distribution(
    say: Words, year: int, spread: pl.DataFrame, grades: Sequence[tuple[str, int, int]]
) -> Section:
    """How net points lie, and where the grades cut."""
    if spread.is_empty():
        return Section("nets", say("distribution"), [line(say("no_ranks"))])
    edges = bins(int(spread["net"][0]), int(spread["net"][-1]))
    size = edges[1] - edges[0]
    counts = [0] * (len(edges) - 1)
    for net, households in spread.iter_rows():
        counts[(net - edges[0]) // size] += households
    total = f"{sum(counts):,}"
    parts = [line(say("distribution_note", year=year, households=total))]
    parts.append(
        charts.histogram(edges, counts, [(name, cut) for name, cut, _ in grades], say("distribution"))
    )
    if grades:
        parts.append(table([say("grade"), say("cut"), say("graded")], grades))
    return Section("nets", say("distribution"), parts)


def bins(lowest: int, highest: int) -> list[int]:
    """Edges of about `BINS` bins as wide as each other that hold all from the lowest to the highest."""
    size = charts.nice((highest - lowest + 1) / BINS)
    first = lowest // size * size
    return list(range(first, (highest // size + 1) * size + 1, size))


def changes(say: Words, before: Mapping[str, Any] | None, rows: pl.DataFrame | None) -> Section:
    """Households that gained and lost since the run before, by village and year, most points first."""
    if before is None or rows is None:
        return Section("changes", say("changes"), [line(say("no_before"))])
    parts = [line(say("changes_note", run_id=before["run_id"], as_of=before["as_of"]))]
    if rows.is_empty():
        return Section("changes", say("changes"), [*parts, line(say("nothing_changed"))])
    figures = ("gaining", "points_up", "losing", "points_down", "ranks_changed")
    moved = pl.col("points_up") - pl.col("points_down")
    order = rows.sort(moved, "village_id", "scoring_year", descending=[True, False, False])
    listed: list[tuple[object, ...]] = [
        (say.place(row["village_id"]), str(row["scoring_year"]), *(row[name] for name in figures))
        for row in order.head(VILLAGES_AT_MOST).iter_rows(named=True)
    ]
    listed.append((say("all"), "", *(int(rows[name].sum()) for name in figures)))
    headers = [say(key) for key in ("village", "year", "gaining", "up", "losing", "down", "ranks")]
    parts.append(table(headers, listed, total=True))
    if rows.height > VILLAGES_AT_MOST:
        parts.append(line(say("more_villages", left=rows.height - VILLAGES_AT_MOST)))
    return Section("changes", say("changes"), parts)


def rejects(say: Words, rows: pl.DataFrame) -> Section:
    """Rejects by reason, and the villages with most of them by their most frequent reasons."""
    if rows.is_empty():
        return Section("rejects", say("rejects"), [line(say("no_rejects"))])
    by_reason = (
        rows.group_by("reason").agg(pl.col("rows").sum()).sort("rows", "reason", descending=[True, False])
    )
    bars = [
        Bar(say.word(reason, words.REJECT_REASONS), [("c3", count)], f"{count:,}")
        for reason, count in by_reason.iter_rows()
    ]
    reasons = by_reason["reason"].head(5).to_list()
    counts: dict[str | None, dict[str, int]] = {}
    for village, reason, count in rows.select("village_id", "reason", "rows").iter_rows():
        own = counts.setdefault(village, {})
        own[reason] = own.get(reason, 0) + count
    order = sorted(counts, key=lambda one: (-sum(counts[one].values()), one or ""))
    listed: list[tuple[object, ...]] = [
        (say.place(one), sum(counts[one].values()), *(counts[one].get(reason, 0) for reason in reasons))
        for one in order[:VILLAGES_AT_MOST]
    ]
    sums = dict(by_reason.iter_rows())
    listed.append((say("all"), sum(sums.values()), *(sums[reason] for reason in reasons)))
    headers = [say("village"), say("all"), *(say.word(one, words.REJECT_REASONS) for one in reasons)]
    parts = [
        charts.rows(bars, say("rejects")),
        heading(say("rejects_by_village")),
        table(headers, listed, total=True),
    ]
    if len(order) > VILLAGES_AT_MOST:
        parts.append(line(say("more_villages", left=len(order) - VILLAGES_AT_MOST)))
    return Section("rejects", say("rejects"), parts)
