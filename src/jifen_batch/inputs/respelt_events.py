"""Events that stand under two ids which are one written otherwise: an old file beside its copy, mostly.

Ids are compared byte by byte, so that each of the two counts. Whether they are one event nobody can know:
it is told, and not refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.inputs import respelling
from jifen_batch.inputs.pieces import ROW_BITS
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.sentence import COMMA, Sentence, alike, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.files import InputFile

# Of two files, by their numbers: how many `events` of the other `again` stands under ids written otherwise;
# the first pairs of these by where they stand, the rows' numbers (`at`) first.
PAIR = pl.Struct({"at": pl.Int64, "again_at": pl.Int64, "id": pl.String, "written": pl.String})
RESPELT_EVENTS = pl.Schema(
    {"file": pl.Int64(), "again": pl.Int64(), "events": pl.Int64(), "pairs": pl.List(PAIR)}
)
FILES_AT_MOST = 5
ONE_FILE = Sentence("leave only one of the two files in the input", "两个文件请只留一个")
ONE_ROW = Sentence("delete one row of each two", "请每两行删去一行")


def among(events: pl.DataFrame) -> pl.DataFrame:
    """Of events that share a day (`same_day.SAME_DAY`) those of which several ids are one (`RESPELT_EVENTS`).

    The first of such ids, by the rows' numbers, is held against each of the others.
    """
    if events.is_empty():
        return pl.DataFrame(schema=RESPELT_EVENTS)
    of_one = ["day", "meant"]
    told = events.with_columns(meant=respelling.meant(pl.col("event_id"))).filter(pl.col("meant") != "")
    several = told.filter(told.select(of_one).is_duplicated()).sort("source")
    pairs = several.with_columns(
        at=pl.col("source").first().over(of_one), id=pl.col("event_id").first().over(of_one)
    ).filter(pl.col("event_id") != pl.col("id"))
    pair = pl.struct("at", again_at="source", id="id", written="event_id")
    of_files = (_file_of("at").alias("file"), _file_of("source").alias("again"))
    found = pairs.group_by(of_files).agg(events=pl.len(), pairs=pair)
    return _first_pairs(found)


def together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Those of several parts, whose files may be the same; those of most events first."""
    every = pl.concat([pl.DataFrame(schema=RESPELT_EVENTS), *parts])
    summed = every.group_by("file", "again").agg(pl.col("events").sum(), pl.col("pairs").explode())
    return _first_pairs(summed).sort("events", "file", "again", descending=[True, False, False])


def _file_of(row: str) -> pl.Expr:
    """The number of the file that rows by their numbers stand in."""
    return pl.col(row) // (1 << ROW_BITS)


def _first_pairs(found: pl.DataFrame) -> pl.DataFrame:
    some = pl.col("pairs").list.sort().list.head(respelling.NAMED_AT_MOST)
    return found.with_columns(some).cast(RESPELT_EVENTS).select(*RESPELT_EVENTS)


def remarks(found: pl.DataFrame, files: Sequence[InputFile]) -> Iterator[InputRemark]:
    """What is said of them (`together`): a remark per two files, of the first few, and of a file alone."""
    for one in found.head(FILES_AT_MOST).to_dicts():
        yield _of_two(files[one["file"]].place, files[one["again"]].place, one)
    rest = found[FILES_AT_MOST:]
    if rest.height:
        yield InputRemark(
            "events",
            files[rest["again"][0]].place,
            Sentence(
                f"{rest['events'].sum():,} more event(s) of {rest.height:,} more pairs of files stand twice "
                "under ids that are written otherwise",
                f"另有 {rest.height:,} 对文件中的 {rest['events'].sum():,} 件事项以不同写法的编号重复出现",
            ),
        )


def _of_two(name: str, again: str, one: dict[str, Any]) -> InputRemark:
    """What is said of two files, or of one that says its own events twice."""
    pairs = [(pair["id"], pair["written"]) for pair in one["pairs"]]
    before, now = respelling.habits(pairs)
    some = joined((alike(f"{first!r} = {other!r}") for first, other in pairs), COMMA)
    how = Sentence("one of them is written ", "其中一种") if before or now else Sentence("", "")
    then, events = respelling.remedies([*before, *now]), one["events"]
    beside = Sentence(f" of {name}", f" {name} 中的") if name != again else Sentence("", "")
    keep = ONE_FILE if name != again else ONE_ROW
    return InputRemark(
        "events",
        again,
        Sentence(
            f"{events:,} event(s){beside.en} stand here once more under an event_id that is written "
            f"otherwise ({some.en}), so that their points may count twice: if they are the same, {keep.en}; "
            f"{how.en}{then.en}",
            f"有 {events:,} 件{beside.zh}事项在这里以另一种写法的 event_id 重复出现（{some.zh}），"
            f"积分可能记了两次：如果是同样的事项，{keep.zh}；{how.zh}{then.zh}",
        ),
    )
