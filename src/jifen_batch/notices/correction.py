"""更正公告: what a quarter adjusts of those announced before, account by account, each with its reason."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import held_back, run_report, undecided, words
from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.notices.undecided import (
    ADDED,
    CATEGORY,
    DIFFERENCE,
    FIGURES,
    HOUSEHOLD,
    LINES_WORD,
    POINTS,
    REASON,
    REMOVED,
    YEAR,
)
from jifen_batch.notices.words import printable
from jifen_batch.scheme import states
from jifen_batch.scheme.causes import CHANGE_CAUSES, CIRCUMSTANCES, EDITED, LATER
from jifen_batch.scheme.word import in_words
from jifen_batch.sentence import AND, COMMA, THEN, Sentence, alike, joined, lines
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import polars as pl

    from jifen_batch.notices.grid import Part

ACCOUNT = ("town_id", "village_id", "household_id", "scoring_year", "category")
BEHIND = ("cause", "what", "item", "name", "clause", "rule", "events", "because", "points")
EVENTS_SHOWN = 6
RENAMED_SHOWN = 50
CAUSES = {cause.name: in_words(cause.name, cause.zh_notice) for cause in (*CHANGE_CAUSES, LATER)}
# What became of the rows behind a line, and how a rule came to another result.
ROWS = {one.name: Sentence(one.means_en, one.zh_notice) for one in CIRCUMSTANCES if one.zh_notice} | {
    one.name: Sentence(one.means_en, one.zh_notice) for one in states.UNPOSTED if one.zh_notice
}
HOW = {one.name: Sentence(f" ({one.said.en})", f"（{one.zh}）") for one in CIRCUMSTANCES if one.of_rule}
OUTCOMES = {
    "announced": Sentence("announced", "announced 已公告"),
    "unchanged": Sentence(
        "unchanged (announced before, with the same content)", "unchanged 已公告过，内容相同，无需再公告"
    ),
    "dry_run": Sentence("dry_run (nothing was announced)", "dry_run 试算，未公告"),
}
NONE = Sentence("none", "无")


def parts(  # noqa: PLR0913, PLR0917 - all that the page is set from
    outcome: str,
    folder: str | None,
    content: Mapping[str, Any],
    adjustments: pl.DataFrame,
    renamed: pl.DataFrame,
    waiting: Mapping[str, Any],
    names: Mapping[str, str],
) -> Iterator[Part]:
    """A headline, what the quarter comes to, and the correction notice where there is one.

    `content` is the quarter's manifest; `adjustments` has a row per account, cause and item; `renamed` a
    row per id that became another (`successions.renaming`); `names` are village names by id.
    """
    yield _headline(outcome, folder, content)
    yield _sums(content)
    yield from undecided.parts(waiting)
    if renamed.height:
        yield _renamed(renamed)
    if content["adjusted"]["by_reason"]:
        yield _reasons(content["adjusted"])
    # Quarters that were announced before edits were told have none.
    if content["adjusted"].get("edits"):
        yield _edits(content["adjusted"])
    yield from notice(adjustments, content, names)


def _headline(outcome: str, folder: str | None, content: Mapping[str, Any]) -> Part:
    """Outcome, quarter, run, as-of date and folder."""
    earlier = [words.quarter(one["quarter"]) for one in content["earlier"]]
    of, said = words.quarter(content["quarter"]), OUTCOMES[outcome]
    before = joined(earlier, AND) if earlier else NONE
    told: list[Sentence | str] = [
        Sentence(f"Announcement of {of.en}  {said.en}", f"{of.zh}积分公告  {said.zh}"),
        f"run_id  {content['run_id']}",
        run_report.as_of(content),
        Sentence(f"announced before  {before.en}", f"此前已公告  {before.zh}"),
    ]
    if held := words.holding(content):
        told.append(Sentence(f"with earlier quarters  {held.en}", f"含以前各季  {held.zh}"))
    if replaced := words.replacing(content):
        told.append(Sentence(f"replaces  {replaced.en}", f"替代原公告  {replaced.zh}"))
    if folder:
        told.append(f"folder  {printable(folder)}")
    return Lines(lines([*told, ""]), folded=False)


def _renamed(renamed: pl.DataFrame) -> Part:
    """Households under a new id: what was announced of them stays as it is."""
    rows = renamed.select("old_household_id", "new_household_id", "effective_on").head(RENAMED_SHOWN)
    more = renamed.height - rows.height
    said = [words.renamed(old, new, day) for old, new, day in rows.iter_rows()]
    heading = Sentence("Households under a new id", "户编号变更")
    left = [Sentence(f"{more:,} more household(s)", f"另有 {more:,} 户")] if more else []
    return Lines(lines([heading, *said, *left, ""]))


def _sums(content: Mapping[str, Any]) -> Part:
    """What is announced, and that it adds up to the ledger."""
    own, adjusted, totals = content["own"], content["adjusted"], content["control_totals"]
    columns = ((words.column(name), own[name]) for name in SUMS)
    rows = [
        (
            Sentence("announced in quarters before", "此前各季公告合计"),
            totals["hung_before"]["lines"],
            totals["hung_before"]["points"],
        ),
        *((Sentence(f"this quarter: {name.en}", f"本季{name.zh}"), None, points) for name, points in columns),
        (
            Sentence("lines of this quarter", "本季记分合计"),
            own["lines"],
            sum(own[name] for name in SUMS),
        ),
        (
            Sentence("adjustment of quarters before", "调整以前各季"),
            adjusted["lines_added"] - adjusted["lines_removed"],
            adjusted["points"],
        ),
        (
            Sentence("ledger up to this quarter", "台账至本季合计"),
            totals["ledger"]["lines"],
            totals["ledger"]["points"],
        ),
    ]
    note = Sentence("this quarter has neither lines nor adjustments", "本季没有记分，也没有调整")
    if content["rows"]:
        count = f"{content['households']:,}"
        note = Sentence(f"of {count} household(s)", f"涉及 {count} 户")
    title = Sentence("What is announced", "公告合计")
    return Grid(title, [Sentence("what", "项目"), LINES_WORD, POINTS], rows, note=note)


def _reasons(adjusted: Mapping[str, Any]) -> Part:
    """Corrections by reason."""
    rows: list[tuple[object, ...]] = [
        (reason_words(reason), reason, sums["lines_added"], sums["lines_removed"], sums["points"])
        for reason, sums in adjusted["by_reason"].items()
    ]
    total = (adjusted["lines_added"], adjusted["lines_removed"], adjusted["points"])
    rows.append((Sentence("total", "合计"), "", *total))
    headers = [Sentence("why", "原因"), alike("reason"), ADDED, REMOVED, POINTS]
    return Grid(Sentence("Why adjusted", "调整原因"), headers, rows)


def _edits(adjusted: Mapping[str, Any]) -> Part:
    """What was edited in the rule books: what it was, and what it is now."""
    heading = Sentence("Edits of the rule books since the last announcement", "上次公告以来的细则修改")
    return Lines(lines([heading, *held_back.edits(adjusted), ""]))


def notice(adjustments: pl.DataFrame, content: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Part]:
    """The notice 更正公告, a table a village: household, category, announced, now, difference, why."""
    accounts, of = by_account(adjustments), words.quarter(content["quarter"])
    headers = [HOUSEHOLD, YEAR, CATEGORY, Sentence("announced", "原公告"), Sentence("now", "现为")]
    for (_, village), rows in groupby(accounts, key=itemgetter("town_id", "village_id")):
        where = (
            Sentence(f"{names[village]} ({village})", f"{names[village]}（{village}）")
            if village in names
            else alike(village)
        )
        yield Grid(
            Sentence(f"{where.en}: corrections announced with {of.en}", f"{where.zh} {of.zh}更正公告"),
            [*headers, DIFFERENCE, REASON],
            [
                (
                    one["household_id"],
                    str(one["scoring_year"]),
                    one["category"],
                    *(one[figure] for figure in FIGURES),
                    joined(_why(one["reasons"]), THEN),
                )
                for one in rows
            ],
        )
    left = content["adjusted"]["accounts"] - len(accounts)
    if left > 0:
        yield Lines(
            Sentence(
                f"{left:,} more adjustment(s) not listed: --top lists more, corrections.parquet has all",
                f"另有 {left:,} 项调整未列出；用 --top 列出更多，全部见 corrections.parquet",
            )
        )


def by_account(adjustments: pl.DataFrame) -> list[dict[str, Any]]:
    """One document per account: its keys and figures, and its `reasons`, each with what is behind it."""
    keys = (*ACCOUNT, *FIGURES)
    return [
        dict(zip(keys, account, strict=True))
        | {"reasons": [{name: row[name] for name in BEHIND} for row in rows]}
        for account, rows in groupby(adjustments.iter_rows(named=True), key=itemgetter(*keys))
    ]


def _why(reasons: Iterable[Mapping[str, Any]]) -> Iterator[Sentence]:
    """A phrase per cause: its words, the item, clause and events as far as they may be named, the points."""
    for one in reasons:
        why, points = cause(one["cause"], one["what"]), f"{one['points']:+,}"
        named = _named(one) if one["name"] else NOTHING
        events = _events(one["events"], one["because"]) if one["events"] else NOTHING
        yield Sentence(f"{why.en}{named.en}{events.en} {points}", f"{why.zh}{named.zh}{events.zh} {points}")


def _named(one: Mapping[str, Any]) -> Sentence:
    """The item of a reason, and where a rule was edited the clause."""
    name, clause = printable(one["name"]), printable(one["clause"])
    if not one["clause"] or one["what"] != EDITED:
        return Sentence(f": {name}", f"：{name}")
    return Sentence(f": {name} “{clause}”", f"：{name}「{clause}」")


def _events(events: Sequence[str], because: Sequence[str]) -> Sentence:
    """The events of a reason, and those that they follow from."""
    shown = _listed(events)
    if not because:
        return Sentence(f" ({shown.en})", f"（{shown.zh}）")
    behind = _listed(because)
    return Sentence(f" ({shown.en}, because of {behind.en})", f"（{shown.zh}，因 {behind.zh}）")


def _listed(events: Sequence[str]) -> Sentence:
    """The first few events by id, and how many there are."""
    shown, count = joined(map(printable, events[:EVENTS_SHOWN]), AND), len(events)
    if count <= EVENTS_SHOWN:
        return shown
    return Sentence(f"{shown.en} and others, {count} in all", f"{shown.zh} 等 {count} 件")


def cause(name: str, what: str) -> Sentence:
    """The words for a cause and what became of it."""
    if name == "rows":
        if what in ROWS:
            return ROWS[what]
        reason = words.REJECT_REASONS.get(what, in_words(what, what))
        return Sentence(f"its row is rejected ({reason.en})", f"记录被退回（{reason.zh}）")
    said, how = CAUSES.get(name, in_words(name, name)), HOW.get(what, NOTHING)
    return Sentence(f"{said.en}{how.en}", f"{said.zh}{how.zh}")


def reason_words(reason: str) -> Sentence:
    """The same for the reason of a line, `cause.what`, several joined by +."""
    causes = (one.partition(".") for one in reason.split("+"))
    return joined((cause(name, what) for name, _, what in causes), COMMA)
