"""All that can be said of a household as a document: what `--json` prints, and what the page is set from.

Every line, row and correction of the household stands in it once, with all columns of its table and,
as `explained`, the sentence that the page shows, in both languages (`sentence.settled` takes one).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.neighbours import SIDES
from jifen_batch.analysis.objections import concerns
from jifen_batch.notices import correction
from jifen_batch.notices.explaining import leftovers, sentences
from jifen_batch.sentence import THEN, Sentence, joined
from jifen_batch.tables import BALANCES, LEDGER, REGISTER, REJECTS, STANDINGS, UNPOSTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jifen_batch.analysis.line_arithmetic import LineArithmetic

    Row = dict[str, Any]

ITEM_WORDS = ("name", "content", "clause")
REVIEW = Sentence("under review", "复核中")
EDITED = Sentence(
    "rows or rules changed: it now stands as in the lines above", "记录或细则有变动，改按上面的记分明细"
)
GONE = Sentence("its row is gone", "原记录已不存在")
SCORING_YEARS = range(2000, 2100)
# Such a row was sent back because its member_id looks like a phone or an identity number.
PERSONAL = "personal_number"


def document(story: LineArithmetic, year: int | None = None) -> Row:
    """The story as dicts and lists, dates as dates; with `year`, only what lies in that scoring year.

    A row whose day is missing or in no scoring year stands under `undated`, whatever `year` says. Of
    a reject whose `member_id` may be a personal number that number is left out.
    """
    spells = story.spells.select(REGISTER.names).to_dicts()
    disputed = pl.lit(value=False) if story.objections.is_empty() else concerns(story.objections)
    lines, unposted, rejects = (
        rows.with_columns(under_review=disputed).to_dicts()
        for rows in (story.lines, story.unposted, story.rejects)
    )
    lines = [_line(line, spells) for line in lines]
    unposted = [_row(row, UNPOSTED.names, leftovers.of_unposted) for row in unposted]
    rejects = [_row(row, REJECTS.names, leftovers.of_reject) for row in rejects]
    standings = {row["scoring_year"]: row for row in story.standings.to_dicts()}
    announced = {row["scoring_year"]: row for row in story.announced_standings.to_dicts()}
    rows = {"unposted": unposted, "rejects": rejects}
    dated = {_year(row) for row in unposted + rejects} - {None}
    known = {*standings, *(line["scoring_year"] for line in lines), *dated}
    return {
        "household_id": story.household_id,
        "former_ids": story.former.to_dicts(),
        "objections": story.objections.to_dicts(),
        "wallet": story.wallet,
        "run_id": story.run_id,
        "as_of": story.as_of,
        "enrolled": spells,
        "announced": story.quarters.to_dicts(),
        "years": [
            {
                "scoring_year": each,
                **_standing(standings.get(each)),
                "grades_missed": _of_year(story.grade_gaps, each),
                "announced_standing": _announced(announced.get(each)),
                "balances": _of_year(story.balances.select(BALANCES.names), each),
                "lines": [line for line in lines if line["scoring_year"] == each],
                **{name: [row for row in of if _year(row) == each] for name, of in rows.items()},
                "hung": _of_year(story.hung, each),
                "corrections": [
                    {**row, "explained": correction.reason_words(row["reason"])}
                    for row in _of_year(story.corrections, each)
                ],
                "taken_down_next": [
                    {**row, "explained": _gone(row, lines, unposted, rejects)}
                    for row in _of_year(story.taken_down_next, each)
                ],
            }
            for each in ([year] if year is not None else sorted(known))
        ],
        "undated": {name: [row for row in of if _year(row) is None] for name, of in rows.items()},
    }


def _announced(row: Row | None) -> Row | None:
    """Where the household stood in the last announcement; null where it did not."""
    if row is None:
        return None
    return {"quarter": row["announced_in"], **{name: row[name] for name in ("rank", "households", "net")}}


def _gone(row: Row, lines: list[Row], unposted: list[Row], rejects: list[Row]) -> Sentence:
    """Why a line that hangs is no more: what became of its event."""
    for rows in (rejects, unposted):
        for one in rows:
            if one["event_id"] == row["event_id"]:
                said = one["explained"]
                assert isinstance(said, Sentence)  # noqa: S101 - as `_row` puts it there
                return said
    if any(line["event_id"] == row["event_id"] for line in lines):
        return EDITED
    return GONE


def _line(line: Row, spells: list[Row]) -> Row:
    """A ledger line with the words of its item and the sentence that explains it."""
    return {
        **{name: line[name] for name in LEDGER.names},
        **{name: line[name] for name in ITEM_WORDS},
        "announced_in": line["announced_in"],
        "matter": sentences.of_matter(line),
        "under_review": line["under_review"],
        "explained": _reviewed(line, sentences.of_line(line, spells)),
    }


def _row(row: Row, names: list[str], explained: Callable[[Mapping[str, Any]], Sentence]) -> Row:
    """A row without a line, with the words of its item and the sentence that explains it."""
    kept = {name: row[name] for name in names} | {name: row[name] for name in ("name", "clause")}
    if row.get("reason") == PERSONAL:
        kept["member_id"] = None
    return {**kept, "under_review": row["under_review"], "explained": _reviewed(row, explained(row))}


def _reviewed(row: Row, sentence: Sentence) -> Sentence:
    """The sentence about a row, and that it is disputed where it is."""
    return joined([REVIEW, sentence], THEN) if row["under_review"] else sentence


def _year(row: Row) -> int | None:
    """The scoring year that a row without a line would belong to; null where it cannot be told."""
    day = row["occurred_on"]
    return day.year if day is not None and day.year in SCORING_YEARS else None


def _standing(row: Row | None) -> Row:
    """The household's place in the standings, and what separates it from the next; null without one."""
    if row is None:
        return {"standing": None, **dict.fromkeys(SIDES)}
    fields = ("rank", "net", "households", "points")
    return {
        "standing": {name: row[name] for name in (*STANDINGS.names, "level")},
        **{
            side: {name: row[f"{side}_{name}"] for name in fields} if row[f"{side}_rank"] else None
            for side in SIDES
        },
    }


def _of_year(frame: pl.DataFrame, year: int) -> list[Row]:
    """Rows of a scoring year."""
    return frame.filter(pl.col("scoring_year") == year).to_dicts()
