"""`announce`: a quarter frozen as of the current run, as a page: look, add up, check, write, hang up.

What hangs is never rewritten. What later knowledge changes in it becomes an adjustment of the next
announcement, so that the sum of all announcements is always the ledger's net (specification 4).
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Any

from jifen_batch import rules
from jifen_batch.analysis import notice_rows
from jifen_batch.analysis.announced_standings import announced_standings
from jifen_batch.analysis.named_standings import named_standings
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.announce import decisions, print_notices, printed_quarter
from jifen_batch.desk.announce.context import ground
from jifen_batch.desk.announce.reannounce_diff import Reopened
from jifen_batch.desk.announce.summary import AnnouncementTotals
from jifen_batch.desk.announce.totals import settled
from jifen_batch.errors import DecisionNeededError
from jifen_batch.kernels.places import number_places
from jifen_batch.published import (
    at_hand,
    dictionary,
    freeze,
    identity,
    manifest,
    notice_folder,
    publish,
    runs,
)
from jifen_batch.published.parquet_writer import Sheets
from jifen_batch.tables import LEDGER, REGISTER, SUCCESSIONS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.print_notices import Wanted

ANNOUNCED, UNCHANGED, DRY_RUN = "announced", "unchanged", "dry_run"
SHOWN = 1000


@dataclass(frozen=True)
class Announcement:
    """What came of it: `outcome`, and the quarter's manifest as far as it is made.

    `folder` is where it hangs; null for a dry run. `adjustments` are the first ones to show, as
    `adjust.adjustments` gives them; `renamed` the ids that became others since the announcement before, as
    `successions.renaming` gives them. `waiting`: what asks for a decision first (`decisions.asked`), empty
    where nothing does. `names` are village names by id. `notices`: where
    the printed ones are, and how many (`print_notices.write`); null where none were wanted.
    """

    outcome: str
    folder: Path | None
    content: dict[str, Any]
    adjustments: pl.DataFrame
    renamed: pl.DataFrame
    names: dict[str, str]
    waiting: dict[str, Any] = field(default_factory=dict)
    notices: dict[str, Any] | None = None


def announce(  # noqa: PLR0913 - what one is asked for
    out: Path,
    quarter: str,
    *,
    dry_run: bool = False,
    accept_rejects: bool = False,
    accept_open: bool = False,
    with_earlier: bool = False,
    shown: int = SHOWN,
    wanted: Wanted | None = None,
) -> Announcement:
    """Freeze a quarter of the current run under `announced/`; a dry run adds up and freezes nothing.

    `shown` limits the adjustments that are given back, in the order of villages and households. Where
    printed notices are `wanted` they are written last, from what hangs then; of a dry run, as a draft.

    Raises `UsageRefusedError` for a quarter that cannot be announced now (`ground`) and for a folder that
    no notices may go to, `DecisionNeededError` where it hangs already and would be another now, where rejects
    concern what hangs, or an open objection what would, or where earlier quarters were passed over; its
    figures say what (`differs`, `decisions.asked`).
    Whatever is raised, what hangs stays.
    """
    # Nothing is made, not even a lock, in a folder that no run was published in.
    publish.current(out)
    if wanted:
        notice_folder.check(wanted.folder, out)
    with nullcontext() if dry_run else publish.lock(out):
        on = ground(out, quarter)
        if on.hangs:
            return _again(on, shown, wanted)
        asked = decisions.asked(on)
        accepted = {
            decisions.PASSED_OVER: with_earlier,
            decisions.REJECTED: accept_rejects,
            decisions.DISPUTED: accept_open,
        }
        waiting = {name: found for name, found in asked.items() if not accepted[name]}
        if waiting and not dry_run:
            raise DecisionNeededError(*decisions.sentence(on, waiting), **waiting)
        account = AnnouncementTotals(on, notice_rows.naming(on.books_before, on.books), shown)
        if dry_run:
            return _tried(on, account, asked, waiting, wanted)
        # Read before anything is frozen: a register that is refused refuses the whole.
        printer = print_notices.Printer(on, wanted, on.as_of) if wanted else None
        _check_space(on)
        folder = freeze.begin(out, quarter)
        content, rows = written(on, account, folder)
        content |= {decisions.ACCEPTED[name]: found for name, found in asked.items()}
        hung = freeze.commit(out, folder, quarter, rows, content)
        # No paper tells of what might not hang.
        at_hand.carry_over(out)
        content = publish.read_manifest(hung)
        # The books of the run were copied beside it, byte for byte.
        printed = printer.write(printed_quarter.hung(on, content, on.rules)) if printer else None
        told = (account.adjustments, on.newly_renamed, runs.village_names(on.run))
        return Announcement(ANNOUNCED, hung, content, *told, notices=printed)


def _tried(
    on: AnnounceContext,
    account: AnnouncementTotals,
    asked: dict[str, Any],
    waiting: dict[str, Any],
    wanted: Wanted | None,
) -> Announcement:
    """A dry run: everything added up, notices as drafts."""
    draft = printed_quarter.NoticeDraft() if wanted else None
    for _, now in settled(on):
        account.add(now)
        if draft:
            draft.add(now)
    content, printed = account.content(), None
    content |= {decisions.ACCEPTED[name]: found for name, found in asked.items() if name not in waiting}
    if wanted and draft:
        printer = print_notices.Printer(on, wanted, on.as_of)
        reviewed = decisions.under_review(asked.get(decisions.DISPUTED))
        printed = printer.write(draft.quarter(on, content, _standings(on, account), reviewed))
    told = (account.adjustments, on.newly_renamed, runs.village_names(on.run))
    return Announcement(DRY_RUN, None, content, *told, waiting, printed)


def _again(on: AnnounceContext, shown: int, wanted: Wanted | None) -> Announcement:
    """The same quarter again: nothing to do where nothing is different, else for people to decide.

    Its notices are printed as it hangs in either case.
    """
    content = publish.read_manifest(on.folder)
    printed = None
    if wanted:
        printer = print_notices.Printer(on, wanted, date.fromisoformat(content["as_of"]))
        books = rules.load([manifest.rules(on.folder)])
        printed = printer.write(printed_quarter.hung(on, content, books))
    reopened = Reopened(shown)
    account = AnnouncementTotals(on, notice_rows.naming(on.books_before, on.books), shown)
    for villages, now in settled(on):
        account.add(now)
        reopened.add(on, villages.stretch, now.tables)
    if reopened.differs:
        differs = reopened.as_data()
        raise DecisionNeededError(
            f"--quarter {on.quarter}: is announced already, and the current run differs from it for "
            f"{differs['households']:,} household(s) ({differs['lines_added']:,} lines more, "
            f"{differs['lines_removed']:,} less, {differs['points']:+,} points); it stays as it hangs: "
            "later announcements bring the differences as adjustments",
            f"--quarter {on.quarter}：已经公告，当前运行与它在 {differs['households']:,} 户上不同"
            f"（多 {differs['lines_added']:,} 笔，少 {differs['lines_removed']:,} 笔，"
            f"{differs['points']:+,} 分）；已公告的不变：差异在以后的公告中作为调整列出",
            quarter=on.quarter,
            differs=differs,
            notices=printed,
        )
    told = (account.adjustments, on.newly_renamed, runs.village_names(on.run))
    return Announcement(UNCHANGED, on.folder, content, *told, notices=printed)


def _check_space(on: AnnounceContext) -> None:
    """Raise `DiskError` where there is no room; a quarter takes no more than the whole ledger."""
    ledger_bytes = sum(
        file["size"] for file in on.content["outputs"] if file["name"].startswith(f"{LEDGER.name}/")
    )
    publish.check_space(on.out, publish.estimate(ledger_bytes))


def written(
    on: AnnounceContext, account: AnnouncementTotals, folder: Path
) -> tuple[dict[str, Any], dict[str, int]]:
    """Everything of the quarter written into a folder: its manifest so far, and the rows of each file."""
    tables = (ANNOUNCEMENT, LINES, CORRECTIONS)
    successions = identity.that_count(on.run, on.as_of)
    further = (SUCCESSIONS,) if successions.height else ()
    with Sheets(folder, (*tables, ANNOUNCED_STANDINGS, *further)) as sheets:
        for table in further:
            sheets.add(successions, table)
        for _, now in settled(on):
            account.add(now)
            for table in tables:
                sheets.add(now.tables[table.name], table)
        sheets.add(_standings(on, account), ANNOUNCED_STANDINGS)
    freeze.copy_rules(on.run, folder)
    title = f"{on.quarter} 积分公告 / what was announced"
    held = (*tables, ANNOUNCED_STANDINGS, *further)
    dictionary.write(folder, f"jifen-batch-{on.quarter.lower()}", title, held, beside_tables=True)
    return account.content(), sheets.rows


def _standings(on: AnnounceContext, account: AnnouncementTotals) -> pl.DataFrame:
    """Standings over the lines up to the quarter, so that ranks agree with the years to date."""
    places = number_places(runs.read(on.run, REGISTER))
    rows = named_standings(account.nets, account.bar_lines, places, on.books, on.as_of)
    return announced_standings(rows, account.own_nets, on.quarter)
