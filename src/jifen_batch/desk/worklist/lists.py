"""The sheets of a village's work list: what each says, in what order, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jifen_batch.analysis.waiting import PLEDGE_DAYS
from jifen_batch.notices.printed.document import Page
from jifen_batch.notices.table_words import header
from jifen_batch.scheme import dispositions, reject_reasons, states
from jifen_batch.scheme.reject_details import english
from jifen_batch.scheme.states import STATUSES
from jifen_batch.sentence import AND, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.printed.document import Cell

SELDOM = frozenset(
    {"further", "instead", "member_id", "matter_id", "quantity", "decided_on", "until", "recorded_at"}
    | {"decision_id", "evidence_id"}
)
TITLE = Sentence("Work list", "待办清单")
OVERVIEW = Sentence("Overview", "概览")
OVERVIEW_HEADERS = (Sentence("work", "事项"), Sentence("rows", "条数"), Sentence("what to do", "怎么办"))
# Digits as long as a phone's: what is wrong there is said, and the number stays where it was written.
PERSONAL = re.compile(r"\d{11,}")
HIDDEN = Sentence("(number not shown)", "（号码不列出）")
NO_VILLAGE = Sentence("Rows of no known village", "不知属于哪个村的行")


class Spoken(NamedTuple):
    """How lists speak: their language, the names of items by code, and the feed's own words for ours."""

    language: str
    items: Mapping[str, str]
    statuses: Mapping[str, str]


class Kind(NamedTuple):
    """A kind of work: the sheet's name, what to do, and which columns it shows with their headers."""

    sheet: Sentence
    to_do: Sentence
    columns: Mapping[str, Sentence]


def _shown(*columns: str, **named: str) -> dict[str, Sentence]:
    """Columns with the headers that they have everywhere, then those with headers of this sheet."""
    chinese = {name: header(name) for name in columns} | named
    return {name: Sentence(name.replace("_", " "), said) for name, said in chinese.items()}


KINDS = {
    "rejects": Kind(
        Sentence("Rejects", "退回"),
        Sentence(
            "Correct the row of the source file by what `detail` and `instead` say; it is "
            "scored in the next run.",
            "按“说明”和“改为”两栏，在来源文件的那一行更正；更正后的行在下一次运行时记分。",
        ),
        _shown(
            "source_file", "source_row", "household_id", "item", "occurred_on", "status", "reason", "detail"
        )
        | {"further": Sentence("also wrong", "还有")}
        | {"instead": Sentence("write instead", "改为")}
        | _shown(
            *("event_id", "member_id", "matter_id", "quantity", "decided_on", "until", "recorded_at"),
            *("decision_id", "evidence_id"),
        ),
    ),
    "declared": Kind(
        Sentence("To assess", "待评定"),
        Sentence(
            "Have it assessed, then set the status to {assessed}; what is refused, to {declined}.",
            "提交评议小组评定，把状态改为 {assessed}；不予认定的改为 {declined}。",
        ),
        _shown(
            "decision_id", "household_id", "item", "occurred_on", "member_id", "event_id", days="等待天数"
        ),
    ),
    "assessed": Kind(
        Sentence("To approve", "待审定"),
        Sentence(
            "Have it approved, then set the status to {approved} and fill in the day of approval; what is "
            "refused, to {declined}.",
            "提交审定，认定的把状态改为 {approved} 并填审定日；不予认定的改为 {declined}。",
        ),
        _shown(
            "decision_id", "household_id", "item", "occurred_on", "member_id", "event_id", days="等待天数"
        ),
    ),
    "pledges": Kind(
        Sentence("Pledges ending", "承诺到期"),
        Sentence(
            f"Pledges that end within {PLEDGE_DAYS} days: who goes on declares anew after the end. One "
            "that was posted and ends early is not here: the ledger has no early end.",
            f"{PLEDGE_DAYS} 天内到期的承诺：愿意继续的，请该户在到期后重新申报。"
            "台账不记提前截止的日子，已经记过分、又提前截止的不在此列。",
        ),
        _shown("household_id", "item", "occurred_on", "member_id", "event_id", ends="最迟到期"),
    ),
    "duplicates": Kind(
        Sentence("Likely duplicates", "疑似重复"),
        Sentence(
            "One household, item, day and member under several ids: see whether they are one "
            "thing, and set the second to {withdrawn}.",
            "同一户、同一事项、同一天、同一成员有几个编号：请核对是不是同一件事；"
            "重复的一条改为 {withdrawn}。",
        ),
        _shown("occurred_on", "household_id", "item", "member_id", "event_id", "matter_id", "points")
        | {"standing": Sentence("standing", "处理")},
    ),
    "objections": Kind(
        Sentence("Objections", "异议"),
        Sentence(
            "Objections still open: look into them, then set the status to upheld or dismissed.",
            "尚未了结的异议：请核实后把状态改为 upheld（成立）或 dismissed（不成立）。",
        ),
        _shown("objection_id", "household_id", "event_id", "raised_on", days="等待天数"),
    ),
    "redemptions": Kind(
        Sentence("Redemptions", "积分换物"),
        Sentence(
            "Spent beyond what there was, or by a household that the register has not: check "
            "redemption and id.",
            "已兑换而积分不够，或名册中没有的户：请核对兑换记录和户编号。",
        ),
        _shown("household_id", "announced", "spent", "available", "uncovered", "taken_back"),
    ),
    "mispriced": Kind(
        Sentence("Prices", "兑换价目"),
        Sentence(
            "Points spent differ from the price list, or the goods are not in it: check both; "
            "no point changes.",
            "兑换的分数与价目不符，或价目中没有：请核对兑换记录和价目表；积分不因此改变。",
        ),
        _shown("redeemed_on", "household_id", "redemption_id", "goods", "points", "price"),
    ),
}
WORDS = {
    word.name: Sentence(word.means_en, word.zh)
    for word in (*dispositions.DISPOSITIONS, *states.UNPOSTED, *reject_reasons.REJECT_REASONS)
}


def pages(
    heading: str,
    said: list[str],
    frames: Mapping[str, pl.DataFrame],
    spoken: Spoken,
) -> Iterator[Page]:
    """An overview with `said` above it, then a page for each kind of which there is something.

    An item has its name beside its code; of a reject it stands as it was written.
    """
    written = {name: spoken.statuses.get(name, name) for name in STATUSES}

    def here(sentence: Sentence) -> str:
        return sentence.here(spoken.language)

    counts: list[list[Cell]] = [
        [here(kind.sheet), frames[name].height, here(kind.to_do).format(**written)]
        for name, kind in KINDS.items()
    ]
    yield Page(here(OVERVIEW), f"{heading} {here(TITLE)}", said, [*map(here, OVERVIEW_HEADERS)], counts, [])
    for name, kind in KINDS.items():
        rows = frames[name]
        if rows.height:
            own = spoken._replace(items={}) if name == "rejects" else spoken
            columns = {column: said for column, said in kind.columns.items() if _says_something(rows[column])}
            shown = [
                [_cell(column, cell, own) for column, cell in zip(columns, row, strict=True)]
                for row in rows.select([*columns]).iter_rows()
            ]
            headers = [*map(here, columns.values())]
            yield Page(
                here(kind.sheet),
                f"{heading} {here(kind.sheet)}",
                [here(kind.to_do).format(**written)],
                headers,
                shown,
                [],
            )


def _says_something(cells: pl.Series) -> bool:
    """Whether a column is to be shown: what few rows have is left out where none has."""
    if cells.name not in SELDOM:
        return True
    filled = cells.list.len() > 0 if cells.dtype == pl.List else cells.is_not_null()
    return bool(filled.any())


def _cell(column: str, cell: object, spoken: Spoken) -> Cell:  # noqa: PLR0911 - a line a kind of column
    """A cell as people read it: an item with its name, a word in the lists' language, a day as text."""
    if cell is None or isinstance(cell, int):
        return cell
    if isinstance(cell, list):
        return AND.here(spoken.language).join(_word(one, spoken.language) for one in cell) or None
    text, language = str(cell), spoken.language
    if column in {"reason", "standing"}:
        return _word(text, language)
    if column == "detail":
        return text if language == "zh" else english(text)
    if column in {"member_id", "evidence_id"}:
        return HIDDEN.here(language) if PERSONAL.search(text) else text
    if column == "item":
        return f"{spoken.items[text]} {text}" if text in spoken.items else text
    return spoken.statuses.get(text, text) if column == "status" else text


def _word(name: str, language: str) -> str:
    """A word of the scheme; one that this program does not know stays as it is."""
    return WORDS[name].here(language) if name in WORDS else name
