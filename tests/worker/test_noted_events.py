"""What a run notes for the next night's guard: it is held to the ledger, and changes nothing but the time."""

from __future__ import annotations

import json
import shutil

import polars as pl
import pytest
import structlog

import one_feed
from jifen_batch.desk.verify import verify
from jifen_batch.errors import DiskError, LossError
from jifen_batch.published import publish
from jifen_batch.storage import operations
from jifen_batch.worker import noted_events, run
from jifen_batch.worker.guard import moved_events

LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The fixture village's feed as one file, and two runs, of several parts: the second notes its events."""
    given = one_feed.village_in(tmp_path_factory.mktemp("begun") / "town")
    with pytest.MonkeyPatch.context() as patch:
        one_feed.in_parts(patch)
        run(given, LOG)
        without(given, posted_ids(given)[1])
        run(given, LOG)
    return given


@pytest.fixture
def options(begun, tmp_path, monkeypatch):
    """A copy of both for one test."""
    one_feed.in_parts(monkeypatch)
    return one_feed.copied(begun, tmp_path / "town")


def posted_ids(options):
    """The events that have a line."""
    ledger = pl.read_parquet(publish.current(options.out) / "ledger" / "**" / "*.parquet")
    own = ledger.filter(~pl.col("event_id").str.starts_with("grant:"))
    return own["event_id"].unique().sort()


def without(options, *ids):
    """Take events out of the feed."""
    feed = pl.read_csv(options.events, infer_schema=False)
    feed.filter(~pl.col("event_id").is_in(ids)).write_csv(options.events)


def noted(options):
    """The file."""
    return options.out / publish.NOTED_EVENTS


def ledger_names(run_folder):
    """The files of a run's ledger."""
    return {path.relative_to(run_folder).as_posix() for path in (run_folder / "ledger").rglob("*.parquet")}


def by_household(posted):
    """A row per event, in an order of its own."""
    return posted.rows().sort("household", "event").rows()


def held_against(options):
    """What the current run writes down of the one before it."""
    return publish.read_manifest(publish.current(options.out))["held_against"]


@pytest.fixture
def reads(monkeypatch):
    """How often a ledger was read."""
    times = []
    read = moved_events.read

    def counted(lines):
        times.append(1)
        return read(lines)

    monkeypatch.setattr(moved_events, "read", counted)
    return times


def test_what_is_noted_is_what_the_ledger_holds_file_by_file(options):
    before = publish.current(options.out)
    names = ledger_names(before)
    assert len(names) > 2
    for some in (names, {min(names)}, {min(names), max(names)}, set()):
        held = noted_events.read(before, some)
        lines = moved_events.differing.scan(before, some, moved_events.LEDGER)
        assert by_household(held) == by_household(moved_events.read(lines))


def test_too_many_to_be_held_whole_are_not_noted_and_the_ledger_is_read(options, monkeypatch, reads):
    first, second = posted_ids(options)[:2]
    monkeypatch.setattr(noted_events, "EVENTS_AT_MOST", posted_ids(options).len() - 2)
    without(options, first)
    run(options, LOG)
    assert not noted(options).exists()
    assert not reads
    without(options, second)
    run(options, LOG)
    assert len(reads) == 1
    assert [one["events"] for one in held_against(options)["gone"]] == [1]


@pytest.mark.parametrize("damage", ["none", "missing"])
def test_the_next_night_finds_the_same_with_and_without_it(options, reads, damage):
    if damage == "missing":
        noted(options).unlink()
    gone = posted_ids(options)[0]
    without(options, gone)
    run(options, LOG)
    assert [one["events"] for one in held_against(options)["gone"]] == [1]
    assert len(reads) == (damage == "missing")


def damages(content):
    """A damaged file of each kind, by what was done to it."""
    flipped = {at: bytes([*content[:at], content[at] ^ 1, *content[at + 1 :]]) for at in range(0, 60, 7)}
    last, middle = len(content) - 1, len(content) // 2
    flipped |= {at: content[:at] + bytes([content[at] ^ 128]) + content[at + 1 :] for at in (middle, last)}
    cut = {f"cut to {size}": content[:size] for size in (0, 1, 31, 32, 40, middle, last)}
    return {**{f"bit of {at}": one for at, one in flipped.items()}, **cut, "longer": content + b"\0" * 8}


def test_a_damaged_one_is_as_good_as_none(options):
    before = publish.current(options.out)
    content = noted(options).read_bytes()
    for what, damaged in damages(content).items():
        noted(options).write_bytes(damaged)
        assert noted_events.read(before, ledger_names(before)) is None, what
    noted(options).unlink()
    noted(options).mkdir()
    assert noted_events.read(before, ledger_names(before)) is None


def test_a_loss_is_found_whatever_became_of_the_file(options):
    content = noted(options).read_bytes()
    ids = posted_ids(options)
    without(options, *ids[: len(ids) // 2])
    with pytest.raises(LossError) as found:
        run(options, LOG)
    for damaged in (content[:100], content[:-1] + b"\0\0", b"", None):
        noted(options).unlink()
        if damaged is not None:
            noted(options).write_bytes(damaged)
        with pytest.raises(LossError) as again:
            run(options, LOG)
        assert again.value.figures["losses"] == found.value.figures["losses"]


def test_that_of_another_run_is_not_taken_for_this_ones(options, tmp_path, reads):
    of_second = tmp_path / "noted"
    shutil.copy(noted(options), of_second)
    gone = posted_ids(options)[:2].to_list()
    without(options, gone[0])
    run(options, LOG)
    assert not reads
    shutil.copy(of_second, noted(options))
    without(options, gone[1])
    run(options, LOG)
    assert [one["events"] for one in held_against(options)["gone"]] == [1]
    assert len(reads) == 1


def test_one_that_numbers_ids_otherwise_is_not_believed(options, monkeypatch):
    before = publish.current(options.out)
    monkeypatch.setattr(noted_events.pl, "__version__", "another")
    assert noted_events.read(before, ledger_names(before)) is None
    monkeypatch.undo()
    assert noted_events.read(before, ledger_names(before)) is not None
    other = {"household": pl.col("household_id").hash(1), "event": pl.col("event_id").hash(2)}
    monkeypatch.setattr(noted_events, "NUMBERS", other)
    assert noted_events.read(before, ledger_names(before)) is None


def test_it_is_no_part_of_what_is_published(options):
    assert not verify(options.out, every_run=True).findings
    assert not [one for one in verify(options.out).remarks if one.file == publish.NOTED_EVENTS]
    outputs = json.loads((publish.current(options.out) / "manifest.json").read_text())["outputs"]
    assert not [one for one in outputs if "posted" in one["name"] and "unposted" not in one["name"]]


def test_a_disk_that_does_not_take_it_leaves_the_run_before(options, monkeypatch):
    before, content = publish.current(options.out), noted(options).read_bytes()
    write_pieces = operations.write_pieces

    def full(path, pieces):
        if path.name.endswith(noted_events.FRESH):
            raise OSError(28, "No space left on device")
        return write_pieces(path, pieces)

    monkeypatch.setattr(operations, "write_pieces", full)
    without(options, posted_ids(options)[0])
    with pytest.raises(DiskError):
        run(options, LOG)
    assert publish.current(options.out) == before
    assert noted(options).read_bytes() == content
