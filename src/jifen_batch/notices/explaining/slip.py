"""积分单: one printed page for a villager, of the year that was asked about, else of the latest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.explaining.page import headline, wallet
from jifen_batch.notices.explaining.standing import standing
from jifen_batch.notices.printed.document import Document, Page
from jifen_batch.notices.printed.official import chinese_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jifen_batch.notices.printed.document import Cell

NAME = "农户积分单"
# So many items go on one page; further ones are summed up.
MOST_ROWS = 24


def slip(said: Mapping[str, Any]) -> Document:
    """The page, set from a `document` alone, in Chinese as all paper is; names no householder."""
    household, as_of = said["household_id"], chinese_day(date.fromisoformat(said["as_of"]))
    years = said["years"]
    heading = f"户编号 {household}"
    above = [one.zh for one in headline(said)[1:]]
    if said["wallet"]:
        above += [one.zh for one in wallet(said["wallet"])]
    if not years:
        page = Page(NAME, f"{NAME}　{heading}", [*above, "还没有积分。"], ["积分事项"], [], [])
        return Document(NAME, heading, [page], paper="A4", layout="portrait", largest=12)
    year = years[-1]
    above += [one.zh for one in standing(year, said["enrolled"])]
    rows, total = _items(year["lines"])
    below = [f"截至 {as_of}。有异议的，请持本单向村民积分管理自治小组提出。记分编号 {said['run_id']}。"]
    title = f"{year['scoring_year']}年度{NAME}"
    headers = ["积分事项", "笔数", "得分", "已公告", "最近入账日"]
    page = Page(NAME, title, [heading, *above], headers, rows, below, total)
    return Document(NAME, heading, [page], paper="A4", layout="portrait", largest=12)


def _items(lines: Sequence[Mapping[str, Any]]) -> tuple[list[list[Cell]], list[Cell]]:
    """A row an item, those of most points first, and what they add up to."""
    items: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        items.setdefault(line["name"] or line["item"], []).append(line)
    rows = [_row(name, own) for name, own in items.items()]
    rows.sort(key=lambda row: (-int(row[2] or 0), str(row[0])))
    if len(rows) > MOST_ROWS:
        rest = {line["name"] or line["item"] for line in lines} - {row[0] for row in rows[: MOST_ROWS - 1]}
        others = [line for line in lines if (line["name"] or line["item"]) in rest]
        rows = [*rows[: MOST_ROWS - 1], _row(f"其他 {len(rest)} 项", others)]
    total = _row("合计", list(lines))
    return rows, [*total[:4], ""]


def _row(name: str, lines: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """How many lines, their points, those of them that hang, and when the last was posted."""
    hung = [line["points"] for line in lines if line["announced_in"] is not None]
    last = max((str(line["posted_on"]) for line in lines), default=None)
    return [words.printable(name), len(lines), sum(line["points"] for line in lines), sum(hung), last]
