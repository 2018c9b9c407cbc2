"""Events that have a line of one household before and of another now, or of none: looked for once a night.

Whether an event is gone and whether an id changed unsaid are two questions to the same two ledgers. They
are answered by numbers for ids, and only for households whose events do not add up to what they did. What
has a line now was tallied while it was scored, and what had one the run before notes, so that mostly
neither ledger is read.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.posted_events import FIRST_MONTH_DAYS, PostedEvents
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.published import differing, identity, village_range
from jifen_batch.published.parquet_form import file_name
from jifen_batch.tables import LEDGER
from jifen_batch.worker import noted_events
from jifen_batch.worker.noted_events import NUMBERS, numbered, numbers_of_households

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.intake import Intake

LINES_AT_ONCE = 1 << 22
# Days as numbers: a day less another is a walk through the calendar for every row.
DAYS_TO_ACCRUE = pl.col("accrued_on").to_physical() - pl.col("occurred_on").to_physical()
COUNTS = ~IS_GRANT & (DAYS_TO_ACCRUE < FIRST_MONTH_DAYS)
# Household and event in one number; times an odd one, no two households become the same.
PAIR = (pl.col("household") * pl.lit(0x9E3779B97F4A7C15, dtype=pl.UInt64)) ^ pl.col("event")


@dataclass(frozen=True)
class MovedEvents:
    """Events of the run before that left their household's lines, and where they may be found now.

    `away` has `household` and `event` (`NUMBERS` of their ids as of now), a row once, unordered; grants,
    which nobody reports, are not in it. `now` are the lines of the households whose events do not add up to
    what they did.
    """

    away: pl.DataFrame
    now: PostedEvents

    def there(self, events: pl.Series) -> pl.Series:
        """Those of some events that have a line in `now`; of a month handed in late all came."""
        return self.now.events.filter(self.now.events.is_in(events.implode()))


def since(drafted: DraftRun, before: Path) -> MovedEvents:
    """What moved between the run `before` and a draft."""
    of_before, of_draft = differing.names_unlike(before, drafted.folder, LEDGER)
    pieces = _of_before(before, of_before, drafted.renamed)
    # Where all is one piece, nothing is read twice.
    had = lru_cache(maxsize=1)(lambda piece: pieces[piece]())
    taken = drafted.taken if drafted.taken and drafted.taken.terms.follows else None
    has = tallied(drafted, taken, of_draft) if taken else read(lines_of(drafted, of_draft))
    unequal = _unequal(_sums(had(piece) for piece in range(len(pieces))), _sums([has]))
    now = _of(has, unequal)
    pairs = now.rows().select_seq(PAIR).to_series().implode()
    was = (_of(had(piece), unequal).rows() for piece in range(len(pieces)))
    return MovedEvents(pl.concat(one.filter(~PAIR.is_in(pairs)) for one in was).unique(), now)


def _of_before(
    before: Path, names: Collection[str], renamed: pl.DataFrame
) -> list[Callable[[], PostedEvents]]:
    """The events of some files of the ledger of the run before, by `household`, in one piece or in several.

    As that run notes them, else read from its ledger; under ids that are others now, they always are.
    """
    known = noted_events.read(before, names) if renamed.is_empty() else None
    if known is not None:
        return [lambda: known]
    lines = identity.of_now(differing.scan(before, names, LEDGER), renamed)
    return [partial(read, one) for one in _pieces(lines)]


def _pieces(lines: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Lines, some whole villages at a time, so that a county's fit into memory."""
    if lines.select(pl.len()).collect().item() <= LINES_AT_ONCE:
        return [lines]
    return [lines.filter(some.holds) for some in village_range.cut([lines], LINES_AT_ONCE)]


def lines_of(drafted: DraftRun, names: Collection[str]) -> pl.LazyFrame:
    """The lines of some files of a draft."""
    return differing.scan(drafted.folder, names, LEDGER)


def read(lines: pl.LazyFrame) -> PostedEvents:
    """The events of lines, by `household` (`NUMBERS`)."""
    # By a flag, for a filter that comes before goes through the texts of every row.
    numbers = lines.select(counts=COUNTS, **NUMBERS).filter("counts").select([*NUMBERS])
    return PostedEvents.of(numbers.collect(engine="streaming"))


def tallied(drafted: DraftRun, taken: Intake, names: Collection[str]) -> PostedEvents:
    """The same of some files of a draft, as it was tallied while they were scored."""
    number = numbers_of_households(taken)
    parts = []
    for part, tally in enumerate(drafted.tallies):
        posted = tally.posted_events
        assert posted is not None  # noqa: S101 - the run follows another
        years = [year for year in posted.owners["year"].unique() if file_name(LEDGER, part, year) in names]
        parts.append(numbered(posted.where(posted.owners["year"].is_in(years)), number))
    return PostedEvents.together(parts)


def _sums(parts: Iterable[PostedEvents]) -> pl.DataFrame:
    """The events of each household added up modulo 2^64, and how many they are: a row per household."""
    # A household's lines stand in more than one place where ids became one, and of several years.
    sums = pl.concat([one.sums() for one in parts])
    return sums.group_by("household").agg(pl.col("sum", "lines").sum())


def _unequal(was: pl.DataFrame, now: pl.DataFrame) -> pl.Series:
    """The households whose events do not add up to the same on both sides."""
    both = [
        one.join(other, on=one.columns, how="anti")["household"] for one, other in ((was, now), (now, was))
    ]
    return pl.concat(both).unique()


def _of(posted: PostedEvents, households: pl.Series) -> PostedEvents:
    """Those of some households."""
    return posted.where(posted.owners["household"].is_in(households.implode()))
