"""One village from a seed, register, rule books and feed together."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from jifen_batch.tables import EVENTS
from villages.books import rule_texts
from villages.chance import likely
from villages.feed import Feed
from villages.flaws import again, spoiled
from villages.identity import with_new_ids, with_new_towns
from villages.people import register, sites, towns_now, villages
from villages.season import season
from villages.sheets import with_a_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

OPTIONAL = (
    *("decided_on", "recorded_at", "until", "matter_id", "quantity"),
    *("member_id", "decision_id", "evidence_id"),
)
FILES = ("part-9", "part-10", "a", "A", "件", "month=2023-01/part-0", "month=2023-02/part-0")


@dataclass(frozen=True)
class Village:
    """Inputs of one run.

    `events` stand in order of reading: the specification's columns that are present, `source_file` and
    `source_row`; of a sheet's row that cannot be read, `unreadable` is the column. `empty_files` are
    files of events without a row. `rule_texts`: file name to TOML.
    """

    seed: int
    events: list[dict[str, Any]]
    households: list[dict[str, Any]]
    villages: list[dict[str, Any]] | None
    successions: list[dict[str, Any]]
    rule_texts: dict[str, str]
    as_of: date
    grace_days: int
    columns: list[str]
    empty_files: list[str]


def _columns(rng: Random) -> list[str]:
    """All columns, or all but a few optional ones."""
    dropped = [name for name in OPTIONAL if likely(rng, 0.15)] if likely(rng, 0.4) else []
    return [name for name in EVENTS.names if name not in dropped]


def _flawed(rng: Random, feed: Feed, columns: list[str]) -> list[dict[str, Any]]:
    """Rows of the feed, none to half of them spoiled, and as many again."""
    many = rng.choice((0.0, 0.1, 0.2, 0.5))
    rows = feed.rows(rng.randint(0, 2) if likely(rng, 0.03) else rng.randint(10, 70))
    rows = [spoiled(rng, row) if likely(rng, many) else row for row in rows]
    share = many if "recorded_at" in columns else many / 5  # without a time most revisions conflict
    rows += [again(rng, feed, row) for row in rng.choices(rows, k=int(share * len(rows)))] if rows else []
    rng.shuffle(rows)
    return rows


def _placed(
    rng: Random, rows: list[dict[str, Any]], columns: list[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows with their place in a file, file by file, and the files that have none."""
    kind = rng.choice(("parquet", "parquet", "arrow"))
    names = [f"{stem}.{kind}" for stem in rng.sample(FILES, rng.choice((1, 1, 2, 4)))]
    files: dict[str, list[dict[str, Any]]] = {name: [] for name in sorted(names, key=str.encode)}
    for row in rows:
        files[rng.choice(names)].append({name: row[name] for name in columns})
    placed = [
        row | {"source_file": name, "source_row": number}
        for name, content in files.items()
        for number, row in enumerate(content, start=1)
    ]
    return placed, [name for name, content in files.items() if not content]


def make(seed: int, within: Callable[[dict[str, Any]], bool] = bool) -> Village:
    """The village of this seed, the same every time; `within` says whether a book may be such (any may)."""
    rng = Random(seed)  # noqa: S311 - a test's draws, nobody's secret
    days = season(rng)
    where = sites(rng)
    spells = register(rng, days, where)
    spells = with_new_towns(rng, days, spells) if likely(rng, 0.3) else spells
    texts = rule_texts(rng, days, where, within)
    columns = _columns(rng)
    events, empty_files = _placed(rng, _flawed(rng, Feed(rng, days, spells, texts), columns), columns)
    listed = villages(rng, towns_now(where, spells))
    grace_days = rng.choice((15, 15, 15, 0, 1, 31, 100, 4000))
    spells, events, successions = with_new_ids(rng, days, spells, events)
    events = with_a_sheet(seed, events, columns)
    return Village(
        *(seed, events, spells, listed, successions, texts), days.as_of, grace_days, columns, empty_files
    )
