"""A file altered together with its digest in the manifest: what must follow from the lines does not."""

from random import Random

import polars as pl
import pytest

from jifen_batch import tables
from jifen_batch.published.untrusted_table import SheetFile, UntrustedTable

LEDGER = "ledger/scoring_year=2023/part-00000.parquet"


def part(table):
    return f"{table}/part-00000.parquet"


def first(column, to, where=None):
    """The frame with another value in its first row (of those where)."""

    def change(frame):
        chosen = pl.int_range(pl.len()) == frame.with_row_index().filter(
            pl.lit(value=True) if where is None else where
        ).item(0, "index")
        return frame.with_columns(pl.when(chosen).then(to).otherwise(column).alias(column))

    return change


def both(*changes):
    def change(frame):
        for one in changes:
            frame = one(frame)
        return frame

    return change


AWARDED, DECLARED = pl.col("disposition") == "awarded", pl.col("state") == "declared"
MORE = both(first("points", pl.col("points") + 5, AWARDED), first("gross", pl.col("gross") + 5, AWARDED))
RUN_EDITS = {
    "a line with more points": (
        {LEDGER: MORE},
        {("balances", "balances"), ("announcements", "announcements"), ("standings", "standings")}
        | {("control_totals", "manifest.json")},
    ),
    "a line beyond its gross": (
        {LEDGER: first("points", pl.col("gross") + 1, AWARDED)},
        {("lines", "ledger"), ("balances", "balances")},
    ),
    "another disposition": (
        {LEDGER: first("disposition", pl.lit("topped_up"), AWARDED)},
        {("lines", "ledger"), ("control_totals", "manifest.json")},
    ),
    "another event": (
        {LEDGER: first("event_id", pl.col("event_id") + "!", AWARDED)},
        {("events", "manifest.json")},
    ),
    "another year's day, in another quarter": (
        {
            LEDGER: both(
                first("occurred_on", pl.date(2022, 5, 1), AWARDED),
                first("quarter", pl.lit("2024Q2"), AWARDED),
            )
        },
        {("lines", "ledger"), ("announcements", "announcements"), ("participation", "participation")},
    ),
    "a line less": (
        {LEDGER: lambda rows: rows[1:]},
        {("balances", "balances"), ("control_totals", "manifest.json"), ("accounting", "manifest.json")},
    ),
    "tables that are not as declared": (
        {
            LEDGER: lambda rows: pl.concat([rows[:1], rows]),
            part("balances"): lambda rows: rows.reverse(),
            part("unposted"): lambda rows: rows.drop("until"),
            part("standings"): lambda rows: rows.cast({"net": pl.Float64}),
            part("rejects"): first("reason", pl.lit(None)),
            part("wallets"): lambda rows: rows.with_columns(name=pl.lit("")),
        },
        {
            ("twice", LEDGER),
            ("order", part("balances")),
            ("columns", part("unposted")),
            ("columns", part("standings")),
            ("empty", part("rejects")),
            ("columns", part("wallets")),
        },
    ),
    "one row in each table": (
        {
            part("balances"): both(first("net", pl.col("net") + 1), first("awarded", pl.col("awarded") + 1)),
            "announcements/quarter=2023Q3/part-00000.parquet": first("year_to_date", pl.lit(0, pl.Int64)),
            part("standings"): first("rank", pl.lit(1, pl.Int32), pl.col("rank") > 1),
            part("participation"): first("active", pl.col("active") + 1),
            part("unposted"): first("state", pl.lit("assessed"), DECLARED),
            part("rejects"): lambda rows: rows[:-1],
            part("items"): first("points", pl.col("points") + 1),
            part("wallets"): first("available", pl.col("available") + 1),
        },
        {
            *((name, name) for name in ("balances", "announcements", "standings", "participation", "items")),
            ("accounting", "manifest.json"),
            ("events", "manifest.json"),
            ("wallets", "wallets"),
        },
    ),
    "a row less, or another word": (
        {
            part("balances"): lambda rows: rows[:-1],
            part("standings"): lambda rows: rows[1:],
            part("participation"): lambda rows: rows[1:],
            part("rejects"): first("reason", pl.lit("bad_date"), pl.col("reason") != "bad_date"),
        },
        {(name, name) for name in ("balances", "standings", "participation")}
        | {("accounting", "manifest.json")},
    ),
    "another register": (
        {part("register"): first("left_on", pl.date(2023, 6, 1), pl.col("left_on").is_null())},
        {("standings", "standings"), ("participation", "participation")},
    ),
}


@pytest.mark.parametrize("name", RUN_EDITS)
def test_an_edited_table_of_a_run_contradicts_the_others(published, name):
    edits, expected = RUN_EDITS[name]
    for file, change in edits.items():
        published.edit(file, change)
    found = published.in_run()
    assert found >= expected
    assert not {kind for kind, _ in found} & {"changed", "manifest_changed", "run_id"}


def counts(content):
    content["control_totals"]["dispositions"]["awarded"]["points"] += 1
    content["accounting"]["posted"] += 1
    content["accounting"]["rows"] += 1
    content["events_by_village_year"].pop()
    content["books"][0]["fingerprint"] = "0"
    content["inputs"][0]["sha256"] = "0"
    content["wallets"]["points"]["spent"] += 1


def others(content):
    content["control_totals"]["lines"] += 1
    content["accounting"]["collapsed"] += 1
    content["events_by_village_year"][1]["events"] += 1
    content["options"]["grace_days"] += 1
    content["wallets"]["quarters"][0]["sha256"] = "0"


COUNTED = {(kind, "manifest.json") for kind in ("control_totals", "accounting", "events", "run_id")}
MANIFEST_EDITS = {
    "counts": (counts, COUNTED | {("rules", "rules"), ("wallets", "wallets")}),
    "others": (others, COUNTED | {("wallets", "wallets")}),
    "reasons": (
        lambda content: content["rejects_by_reason"].clear(),
        {("accounting", "manifest.json")},
    ),
    "a file that it does not name": (
        lambda content: content["outputs"].pop(),
        {("added", part("wallets"))},
    ),
    "rows": (
        lambda content: content["outputs"][-1].update(rows=1),
        {("rows", part("wallets"))},
    ),
    "a file elsewhere": (
        lambda content: content["outputs"][0].update(name="../../../etc/passwd"),
        {("manifest_damaged", "manifest.json")},
    ),
    "no accounting": (lambda content: content.pop("accounting"), {("manifest_damaged", "manifest.json")}),
    "no list": (lambda content: content.update(outputs=None), {("manifest_damaged", "manifest.json")}),
    "no day": (lambda content: content.update(as_of="yesterday"), {("manifest_damaged", "manifest.json")}),
}


@pytest.mark.parametrize("name", MANIFEST_EDITS)
def test_an_edited_manifest_of_a_run_contradicts_its_tables(published, name):
    change, expected = MANIFEST_EDITS[name]
    published.edit_manifest(published.run, change)
    assert published.in_run() == expected


def test_a_file_without_its_schema_version_is_named(published):
    published.edit(part("items"), lambda rows: rows, metadata={})
    assert published.in_run() == {("schema_version", part("items"))}


def test_a_file_that_is_no_parquet_at_all_is_named_and_kills_nothing(published):
    path = published.run / part("standings")
    path.write_bytes(b"PAR1" + bytes(range(256)) * 8 + b"PAR1")
    published.tell(published.run, path, "outputs", 1)
    assert published.in_run() == {("damaged", part("standings"))}


def test_no_mutation_of_a_file_under_a_manifest_that_agrees_ends_the_command(published):
    """0 other ends than a finding, or rows, of 150 mutations, torn ones among them."""
    rng = Random(7)  # noqa: S311 - a test's draws
    whole, path = (published.run / LEDGER).read_bytes(), published.out / "mutated.parquet"
    files, version = [SheetFile(path, 816, "2023")], int(tables.SCHEMA_VERSION)
    named = 0
    for _ in range(150):
        content = bytearray(whole[: rng.randrange(len(whole))] if rng.random() < 0.1 else whole)
        for _ in range(rng.choice((1, 1, 3, 20))):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path.write_bytes(content)
        sheet = UntrustedTable(tables.LEDGER, files, published.out, version, strict=True)
        rows = sum(frame.height for frame in sheet.look())
        assert rows == 816 or sheet.findings
        named += not sheet.sound
    assert named > 75


def test_a_row_group_beyond_what_is_ever_written_is_not_decoded(published, monkeypatch):
    monkeypatch.setattr("jifen_batch.published.untrusted_table.ROW_GROUP_ROWS", 10)
    assert ("too_large", LEDGER) in published.in_run()


QUARTER_EDITS = {
    "a net": (
        {"announcement": first("net", pl.col("net") + 1)},
        {("announcement", "announcement.parquet"), ("announced_totals", "_about/manifest.json")},
    ),
    "a year to date, and a rank": (
        {
            "announcement": first("year_to_date", pl.col("year_to_date") + 1),
            "standings": first("rank", pl.lit(1, pl.Int32), pl.col("rank") > 1),
        },
        {("announcement", "announcement.parquet"), ("standings", "standings.parquet")},
    ),
    "rows that are gone": (
        {
            "announcement": lambda rows: rows[:-1],
            "standings": lambda rows: rows.filter(pl.col("net") != pl.col("net").max()),
        },
        {("announcement", "announcement.parquet"), ("standings", "standings.parquet")},
    ),
    "points": (
        {"lines": MORE},
        {
            ("announcement", "announcement.parquet"),
            ("announced_totals", "_about/manifest.json"),
            ("standings", "standings.parquet"),
        },
    ),
    "a line that belongs elsewhere": (
        {"lines": both(first("quarter", pl.lit("2024Q2")), first("disposition", pl.lit("noted"), AWARDED))},
        {("hung", "corrections.parquet"), ("lines", "lines.parquet")},
    ),
    "an order": ({"lines": lambda rows: rows.reverse()}, {("order", "lines.parquet")}),
}


@pytest.mark.parametrize("name", QUARTER_EDITS)
def test_an_edited_announcement_contradicts_its_lines_though_the_chain_was_mended(published, name):
    edits, expected = QUARTER_EDITS[name]
    for table, change in edits.items():
        published.edit_quarter("2023Q4", f"{table}.parquet", change)
    found = published.in_quarters()
    assert found >= {(kind, f"2023Q4/{file}") for kind, file in expected}
    assert not {kind for kind, _ in found} & {"chain", "changed", "manifest_changed"}


def test_an_edited_announcement_breaks_the_chain_where_it_was_not_mended(published):
    published.edit_manifest(published.quarter("2023Q3"), lambda content: content.update(households=1))
    assert published.found() == {
        ("announced_totals", "announced/quarter=2023Q3/_about/manifest.json"),
        ("chain", "announced/quarter=2023Q3/_about/manifest.json"),
        ("seen", "announced/quarter=2023Q3"),
    }


def test_a_quarter_under_another_s_name_is_found(published):
    published.edit_manifest(published.quarter("2024Q2"), lambda content: content.update(quarter="2024Q1"))
    assert published.in_quarters() == {("misplaced", "2024Q2/_about/manifest.json")}
