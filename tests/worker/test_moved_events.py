"""What the guard asks two ledgers, of which it reads one: a loss is seen in whichever file it lies."""

from __future__ import annotations

import polars as pl
import pytest
import structlog

import one_feed
from jifen_batch.published import publish
from jifen_batch.worker import guard, run
from jifen_batch.worker.guard import moved_events

LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
OF_2023, OF_2024 = (pl.col("occurred_on").str.starts_with(year) for year in ("2023", "2024"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The fixture village's feed as one file, and its first run, of several parts."""
    given = one_feed.village_in(tmp_path_factory.mktemp("begun") / "town")
    with pytest.MonkeyPatch.context() as patch:
        one_feed.in_parts(patch)
        run(given, LOG)
    return given


@pytest.fixture
def options(begun, tmp_path, monkeypatch):
    """A copy of both for one test."""
    one_feed.in_parts(monkeypatch)
    return one_feed.copied(begun, tmp_path / "town")


def posted_ids(options):
    """The events that have a line, by the year of their ledger."""
    ledger = pl.read_parquet(publish.current(options.out) / "ledger" / "**" / "*.parquet")
    own = ledger.filter(~pl.col("event_id").str.starts_with("grant:"))
    return own.select("event_id", year=pl.col("occurred_on").dt.year()).unique().sort("event_id")


@pytest.fixture
def looked_at(monkeypatch):
    """Has the guard stand still where it is asked, with the draft and the run before."""
    seen = []
    since = moved_events.since

    def looking(drafted, before):
        seen.append((drafted, before))
        return since(drafted, before)

    monkeypatch.setattr(guard.moved_events, "since", looking)

    def ask(options, question):
        answers = []
        held_against = guard.held_against

        def asked(*given, **more):
            answer = held_against(*given, **more)
            answers.append(question(*seen[-1]))
            return answer

        monkeypatch.setattr(guard, "held_against", asked)
        run(options, LOG)
        return answers[-1]

    return ask


def without(options, *ids):
    """Take events out of the feed."""
    feed = pl.read_csv(options.events, infer_schema=False)
    feed.filter(~pl.col("event_id").is_in(ids)).write_csv(options.events)


def moved(found):
    """What moved, in an order of its own."""
    there = found.there(found.now.events)
    return found.away.sort("household", "event").rows(), there.sort().to_list()


def test_what_was_tallied_while_scoring_is_what_the_ledger_holds(options, looked_at):
    without(options, posted_ids(options)["event_id"][0])

    def both(drafted, before):
        _, names = moved_events.differing.names_unlike(before, drafted.folder, moved_events.LEDGER)
        read = moved_events.read(moved_events.lines_of(drafted, names))
        tallied = moved_events.tallied(drafted, drafted.taken, names)
        return [one.rows().sort("household", "event").rows() for one in (tallied, read)]

    tallied, read = looked_at(options, both)
    assert tallied
    assert tallied == read


@pytest.mark.parametrize("year", [2023, 2024])
def test_one_event_that_is_gone_is_seen_in_whichever_file_it_lay(options, year):
    of_year = posted_ids(options).filter(pl.col("year") == year)["event_id"]
    for gone in (of_year[0], of_year[-1], of_year[len(of_year) // 2]):
        before = publish.current(options.out)
        without(options, gone)
        run(options, LOG)
        said = publish.read_manifest(publish.current(options.out))["held_against"]
        assert said["run_id"] == before.resolve().name
        assert [(one["scoring_year"], one["events"]) for one in said["gone"]] == [(year, 1)]


def test_the_pieces_in_which_the_ledger_is_read_change_nothing(options, looked_at, monkeypatch):
    ids = posted_ids(options)["event_id"]
    feed = pl.read_csv(options.events, infer_schema=False)
    new = feed.filter(pl.col("event_id") == ids[3]).with_columns(event_id=pl.lit("brand-new"))
    pl.concat([feed, new]).filter(~pl.col("event_id").is_in([ids[0], ids[1]])).write_csv(options.events)

    def both(drafted, before):
        whole = moved(moved_events.since(drafted, before))
        monkeypatch.setattr(moved_events, "LINES_AT_ONCE", 1)
        return whole, moved(moved_events.since(drafted, before))

    whole, pieces = looked_at(options, both)
    away, there = whole
    number = pl.select(event_id=pl.lit("brand-new")).select(moved_events.NUMBERS["event"]).item()
    assert len(away) == 2
    assert number in there
    assert whole == pieces
