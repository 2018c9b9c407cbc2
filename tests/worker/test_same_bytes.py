"""Files follow from what events say, not from how columns are coded, rows cut, or ids hashed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import structlog

from jifen_batch.inputs import pieces
from jifen_batch.kernels.parts import cut
from jifen_batch.kernels.places import number_places
from jifen_batch.tables import EVENTS, OFTEN_SHARED
from jifen_batch.worker import intake, run

ROOT = Path(__file__).parents[2]
LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
TEXTS = [name for name, kind in EVENTS.schema.items() if kind == pl.String]


def texts_as(kind):
    """Every column of texts in one Arrow type."""

    def as_that(table):
        for name in TEXTS:
            column = table[name].combine_chunks().cast(pa.string())
            coded = column.dictionary_encode() if kind == "dictionary" else column.cast(kind)
            table = table.set_column(table.schema.get_field_index(name), name, coded)
        return table

    return as_that


CODINGS = {
    "plain": texts_as(pa.string()),
    "large": texts_as(pa.large_string()),
    "views": texts_as(pa.string_view()),
    "dictionary": texts_as("dictionary"),
}


@pytest.fixture(scope="module")
def events():
    """The fixture's events twice over, with ids that many rows share and ids that few do."""
    files = [
        pl.read_csv(path, infer_schema=False) for path in sorted((ROOT / "fixtures/events").glob("*.csv"))
    ]
    rows = pl.concat(files, how="diagonal").with_columns(
        *(pl.col(name).str.to_date() for name in ("occurred_on", "decided_on", "until")),
        pl.col("recorded_at").str.to_datetime(),
        pl.col("quantity").cast(pl.Int32),
        decision_id=pl.format("会议 {}", pl.col("occurred_on").str.slice(0, 7)),
        member_id=pl.when(pl.int_range(pl.len()) % 5 == 0).then(pl.lit("1")),
    )
    copies = [
        rows.with_columns(pl.format("{}-{}", "event_id", pl.lit(copy)).alias("event_id")) for copy in range(2)
    ]
    number = pl.int_range(pl.len())
    rows = pl.concat(copies).with_columns(
        evidence_id=pl.when(number % 3 == 0).then(pl.format("材料 {}", number))
    )
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest())


def by_length(ids):
    return ids.str.len_bytes().fill_null(0).cast(pl.UInt64)


def write_ipc(table, folder, rows_at_once):
    with pa.OSFile(str(folder / "events.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, rows_at_once)


def write_parquet(table, folder, rows_at_once):
    pq.write_table(table, folder / "events.parquet", row_group_size=rows_at_once)


VARIANTS = (
    ("large", write_ipc, 10_000),
    ("views", write_ipc, 10_000),
    ("dictionary", write_ipc, 10_000),
    ("dictionary", write_ipc, 700),
    ("plain", write_parquet, 10_000),
    ("dictionary", write_parquet, 700),
)


def published(options, table, folder, write):
    """Digests of a run's files, in which rejects do not say where they stood."""
    folder.mkdir()
    write(table, folder)
    report = run(replace(options, events=str(folder), out=folder / "out"), LOG)
    assert report.manifest["accounting"]["rows"] == table.num_rows
    files = {
        one["name"]: one["sha256"] for one in report.manifest["outputs"] if "rejects/" not in one["name"]
    }
    rejects = pl.read_parquet(f"{report.folder}/rejects/*.parquet").drop("source_file", "source_row")
    return files, rejects.rows(), report.manifest["events_by_village_year"]


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(intake, "cut", lambda load: cut(load, 800))


@pytest.mark.usefixtures("small_parts")
def test_any_coding_of_the_events_gives_the_same_files(options, events, tmp_path, monkeypatch):
    first = published(
        options, CODINGS["plain"](events), tmp_path / "first", partial(write_ipc, rows_at_once=10_000)
    )
    assert len(first[0]) > 20
    for name, write, rows_at_once in VARIANTS:
        monkeypatch.setattr(pieces, "ROWS_AT_ONCE", rows_at_once)
        folder = tmp_path / f"{name}-{write.__name__}-{rows_at_once}"
        again = published(options, CODINGS[name](events), folder, partial(write, rows_at_once=rows_at_once))
        assert again == first, folder.name


@pytest.mark.usefixtures("small_parts")
def test_rows_that_wait_on_the_disk_give_the_same_files(options, events, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "ROWS_AT_ONCE", 700)
    write = partial(write_parquet, rows_at_once=700)
    held = published(options, events, tmp_path / "held", write)
    assert published(replace(options, memory=0), events, tmp_path / "spilled", write) == held


@pytest.mark.usefixtures("small_parts")
def test_no_row_and_no_file_follows_from_what_ids_are_hashed_by(options, events, tmp_path, monkeypatch):
    """Hashes that often collide, as no polars makes them: only checksums, kept beside runs, differ."""
    write = partial(write_parquet, rows_at_once=10_000)
    files, rejects, checksums = published(options, events, tmp_path / "own", write)
    monkeypatch.setattr(
        intake,
        "number_places",
        partial(number_places, hashes=lambda ids: ids.str.len_bytes().cast(pl.UInt64)),
    )
    others = published(options, events, tmp_path / "other", write)
    assert others[:2] == (files, rejects)
    assert others[2] != checksums


def test_the_ids_that_rows_share_are_told_apart_from_those_they_do_not(options, events, tmp_path):
    """The case is only one where some of the columns come as codes, and some of these are written so."""
    pq.write_table(events, tmp_path / "events.parquet")
    report = run(replace(options, events=str(tmp_path / "events.parquet")), LOG)
    ledger = pq.ParquetFile(next(report.folder.glob("ledger/*/*.parquet"))).read()
    share = {name: len(ledger[name].unique()) * 16 <= ledger.num_rows for name in OFTEN_SHARED}
    assert share["decision_id"]
    assert not share["evidence_id"]
