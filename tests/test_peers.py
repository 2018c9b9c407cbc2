"""The peers of the benchmarks score all that the annex says: of random villages what the worker says.

Else their times would be worth nothing. `make soak` holds them to all that are named here,
`PEER_SEEDS=FIRST:LAST` to other, or more, villages. What goes beyond the annex they refuse, with a sentence.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

import agreement
import annex
import duckdb_sql
import duckdb_variants
import event_rows
import oracle
import plain_polars
import prepare
import row_by_row
import villages
from ask import Asked
from digest import digest
from entrants import RULES
from jifen_batch import tables
from jifen_batch.inputs import run_inputs
from jifen_batch.inputs.find import find
from jifen_batch.kernels.successions import RENAMING
from jifen_batch.scheme.dispositions import DISPOSITIONS
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.states import UNPOSTED_NAMES
from jifen_batch.scheme.word import names as words
from villages.sheets import UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

# Between them they know every disposition, reason and state.
FEW = (26, 35, 39, 52)
# With these, every kind of duplicate, tier and trigger.
OTHERS = (10, 15, 16, 36, 69, 71, 97)
VERSION = {"schema_version": tables.SCHEMA_VERSION}
PEERS = {"duckdb": duckdb_sql.score, "polars": plain_polars.score, "rows": row_by_row.score}


def village_of(seed: int) -> villages.Village:
    """A random village that keeps to the annex: its books do, and there is nothing in its rows from beyond.

    No household changes its id, no village its town, no row is unreadable, no event is a grant's.
    """
    village = villages.make(seed, within=lambda book: not any(annex.beyond(book)))
    towns = {spell["village_id"]: spell["town_id"] for spell in village.households}
    listed = village.villages
    return replace(
        village,
        events=[
            _without_beyond(row)
            for row in village.events
            if UNREADABLE not in row and not str(row.get("event_id")).startswith("grant:")
        ],
        households=[_of_town(spell, towns) for spell in village.households],
        villages=listed if listed is None else [_of_town(one, towns) for one in listed],
        successions=[],
        columns=[name for name in village.columns if name not in annex.COLUMNS_BEYOND],
    )


def _of_town(row: dict[str, object], towns: dict[object, object]) -> dict[str, object]:
    """A row under its village's one town."""
    return _without_beyond(row) | {"town_id": towns.get(row["village_id"], row["town_id"])}


def _without_beyond(row: dict[str, object]) -> dict[str, object]:
    return {name: cell for name, cell in row.items() if name not in annex.COLUMNS_BEYOND}


def asked(village: villages.Village, folder: Path) -> Asked:
    """The village's inputs in the one form that peers read, from those that the worker was given."""
    given = folder / "in"
    events = event_rows.events(given / "events")
    (folder / "events").mkdir()
    events.write_parquet(folder / "events" / "part-0.parquet")
    households = run_inputs.read_register(
        find(str(given / "households.parquet"), "households").files, RENAMING.to_frame()
    ).spells
    households.cast({pl.Categorical: pl.String}).write_parquet(folder / "households.parquet")
    listed = None
    if village.villages is not None:
        listed = folder / "villages.parquet"
        pl.DataFrame(village.villages, infer_schema_length=None).write_parquet(listed)
    prepare.main(given / "rules", folder / "rules")
    return Asked(
        events=folder / "events",
        households=folder / "households.parquet",
        villages=listed,
        rules=folder / "rules",
        as_of=village.as_of,
        grace_days=village.grace_days,
        out=folder,
    )


def seeds():
    """The chosen few, all when soaking, or those of `PEER_SEEDS`."""
    first, _, last = os.environ.get("PEER_SEEDS", "").partition(":")
    if last:
        return range(int(first), int(last))
    return FEW + OTHERS if "SOAK_SEEDS" in os.environ else FEW


@pytest.mark.parametrize("seed", seeds())
def test_every_peer_says_of_a_village_what_the_worker_says(seed, tmp_path):
    village = village_of(seed)
    ours = digest(agreement.published(village, tmp_path).folder)
    inputs_of_peers = asked(village, tmp_path)
    for name, score in PEERS.items():
        score(inputs_of_peers.into(tmp_path / name))
        assert digest(tmp_path / name) == ours, f"{name} on the village of seed {seed}"


def test_the_chosen_villages_know_every_disposition_reason_and_state():
    of_all = [oracle.score(village_of(seed)) for seed in FEW]

    def found(table, column):
        return {row[column] for scored in of_all for row in scored[table]}

    assert found("ledger", "disposition") == set(words(DISPOSITIONS)) - annex.DISPOSITIONS_BEYOND
    assert found("rejects", "reason") == set(words(REJECT_REASONS)) - annex.REASONS_BEYOND
    assert found("unposted", "state") == set(UNPOSTED_NAMES)


def test_what_was_tried_on_duckdb_can_be_tried_again_and_says_the_same(tmp_path):
    village = village_of(FEW[0])
    ours = digest(agreement.published(village, tmp_path).folder)
    given = asked(village, tmp_path)
    for name, variant in duckdb_variants.VARIANTS.items():
        duckdb_sql.score(given.into(tmp_path / name), variant.statements())
        assert digest(tmp_path / name) == ours, name


BOOK = 'book = {id = "b", title = "t", source = "s", first_year = 2023}\n'
ITEM = 'code = "a", category = "c", task = "t", name = "n", points = 5, per = "month"'
BEYOND = {
    "kinds": (f"items = [{{{ITEM}, kinds = ['出租户']}}]", "item a has kinds"),
    "a grant": (f"items = [{{{ITEM}, grant = true}}]", "item a has grant"),
    "not spendable": (f"items = [{{{ITEM}, spendable = false}}]", "item a has spendable"),
    "a quarter": (f"items = [{{{ITEM.replace('month', 'quarter')}}}]", 'item a has per = "quarter"'),
    "a cap's period": ('caps = {a = {points = 1, period = "month"}}', "cap a has period"),
    "a cap within another": ('caps = {a = {points = 1, within = "b"}, b = 3}', "cap a has within"),
    "a floor": ('caps = {a = {basis = "net", floor = 0}}', "cap a has floor"),
    "a dated cap": ("caps = {a = {points = [{from = 2023-01-01, points = 1}]}}", "cap a has dated points"),
    "a quarter's veto": (
        f'items = [{{{ITEM}, forfeits = {{scope = "quarter", items = ["a"]}}}}]',
        'forfeits of item a has scope = "quarter"',
    ),
    "a veto of all": (
        f'items = [{{{ITEM}, forfeits = {{scope = "year", items = "all"}}}}]',
        'forfeits of item a has items = "all"',
    ),
    "a reset": (
        f'items = [{{{ITEM}, forfeits = {{scope = "year", items = ["a"], reach = "before"}}}}]',
        "forfeits of item a has reach",
    ),
    "grades": ('grades = [{name = "五星户", top = 1}]', "the book has grades"),
}


@pytest.mark.parametrize("word", BEYOND)
def test_a_book_beyond_the_annex_is_refused_by_the_peers_with_a_sentence(word, tmp_path):
    text, place = BEYOND[word]
    book = tmp_path / "b.toml"
    book.write_text(BOOK + text, encoding="utf-8")
    with pytest.raises(annex.BeyondError) as refused:
        prepare.main(tmp_path, tmp_path / "out")
    assert str(refused.value).startswith(f"{book}: {place}: the peers score the language of the annex only")
    assert not (tmp_path / "out").exists()


def test_the_annex_itself_is_in_the_language_of_the_peers():
    annex.refuse_beyond(RULES)


def test_a_digest_tells_one_cell_from_another_and_no_order_of_rows(tmp_path):
    village = village_of(6)
    folder = agreement.published(village, tmp_path).folder
    before = digest(folder)
    (path,) = (folder / "balances").glob("*.parquet")
    rows = pl.read_parquet(path)
    rows.reverse().write_parquet(path, metadata=VERSION)
    assert digest(folder) == before
    awarded = rows["awarded"].to_list()
    swapped = rows.with_columns(awarded=pl.Series([awarded[-1], *awarded[1:-1], awarded[0]]))
    assert awarded[0] != awarded[-1]
    swapped.write_parquet(path, metadata=VERSION)
    assert digest(folder) != before
