"""`export` as a page: find the table, look whether Excel can hold it, write it piece by piece.

Whatever the size, no more than a piece of the table is in memory.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.export import balances, table_csv, table_workbook
from jifen_batch.desk.export.cells import ExcelEyes
from jifen_batch.errors import InputRefusedError, UsageRefusedError
from jifen_batch.published import announced, damage, publish, runs, side_file
from jifen_batch.storage import disk, scratch
from jifen_batch.tables import OBJECTIONS, OUTPUTS, REGISTER, SUCCESSIONS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES
from jifen_batch.tables.wallets import MISPRICED, WALLETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jifen_batch.tables import Table

OF_RUN = {table.name: table for table in (*OUTPUTS, WALLETS, MISPRICED, SUCCESSIONS, OBJECTIONS)}
OF_QUARTER = {table.name: table for table in (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS)}
ENDINGS = CSV, XLSX, PDF = (".csv", ".xlsx", ".pdf")
EXPORTING = ".export-"
EXCEL_ROWS = 1_048_576
ROWS_AT_ONCE = 1 << 16
VILLAGE = "village_id"


@dataclass(frozen=True)
class Asked:
    """What is wanted: a table of a run, or, with a `quarter`, of what was announced for it.

    `fonts` is a folder with fonts for PDF, which wallets alone can be.
    """

    out: Path
    table: str
    to: Path
    village: str | None = None
    run: str = publish.CURRENT
    quarter: str | None = None
    fonts: str | None = None


@dataclass(frozen=True)
class Exported:
    """What was written: `rows` beside the headers; `source` is the run's id or the quarter.

    `beyond_excel`: a sheet would not hold them. `spoilt`: columns with texts that Excel takes for numbers
    or days when it opens a CSV, in the table's order; none of a workbook, whose cells say what they are.
    """

    table: Table
    source: str
    to: Path
    rows: int
    beyond_excel: bool
    spoilt: list[str]


def export(asked: Asked) -> Exported:
    """Write a table to a file, over what stands there.

    Raises `UsageRefusedError` for a table or place that cannot be, and for more rows than a workbook holds;
    `InputRefusedError` for a run, quarter or village that is not there, and `DiskError`.
    """
    table = _table(asked)
    _check_place(asked)
    source, made_on, run, rows = _found(asked, table)
    with damage.named(run, asked.out, announced.quarters(asked.out)):
        if asked.village is not None:
            rows = rows.filter(pl.col(VILLAGE) == asked.village)
        count = rows.select(pl.len()).collect().item()
        if asked.village is not None and not count:
            _refuse_unknown(run, asked.village)
        beyond = count >= EXCEL_ROWS
        if beyond and asked.to.suffix.lower() == XLSX:
            raise _beyond_excel(asked, table, count)
        if asked.to.suffix.lower() == PDF:
            _print(asked, rows, runs.village_names(run), made_on)
            spoilt = []
        else:
            spoilt = _write(asked.to, table, _batches(rows, table), made_on)
    return Exported(table, source, asked.to, count, beyond, spoilt)


def _table(asked: Asked) -> Table:
    """The table of that name."""
    known = OF_RUN if asked.quarter is None else OF_QUARTER
    table = known.get(asked.table)
    if table is None:
        names = ", ".join(known)
        where = "a run" if asked.quarter is None else "an announced quarter"
        zh_where = "一次运行" if asked.quarter is None else "已公告的季度"
        hint, zh_hint = (
            ("; with --quarter it is", "；加 --quarter 才有") if asked.table in OF_QUARTER else ("", "")
        )
        raise UsageRefusedError(
            f"TABLE {asked.table!r}: is no table of {where}{hint}; write one of {names}",
            f"表 {asked.table!r}：{zh_where}里没有这张表{zh_hint}；请写 {names} 之一",
        )
    if asked.village is not None and VILLAGE not in table.names:
        raise UsageRefusedError(
            f"--village: {table.name} does not tell villages apart; leave --village out",
            f"--village：表 {table.name} 不分村；请去掉 --village",
        )
    return table


def _check_place(asked: Asked) -> None:
    """Refuse a place for the file."""
    ending = asked.to.suffix.lower()
    if ending not in ENDINGS:
        raise UsageRefusedError(
            f"--to {asked.to}: is no name of such a file; let it end in {CSV} or {XLSX}",
            f"--to {asked.to}：文件名不对；请以 {CSV} 或 {XLSX} 结尾",
        )
    if ending == PDF and asked.table != WALLETS.name:
        raise UsageRefusedError(
            f"--to {asked.to}: only {WALLETS.name} are printed as PDF; let it end in {CSV} or {XLSX}",
            f"--to {asked.to}：只有 {WALLETS.name} 可以打印成 PDF；请以 {CSV} 或 {XLSX} 结尾",
        )
    side_file.check("--to", asked.to, asked.out, ending=ending)


def _found(asked: Asked, table: Table) -> tuple[str, date, Path, pl.LazyFrame]:
    """Where the rows come from, as of which day, the run whose register knows the villages, and the rows."""
    run = runs.find(asked.out, asked.run)
    if asked.quarter is None:
        content = publish.read_manifest(run)
        if not (run / table.name).is_dir():
            raise InputRefusedError(
                f"TABLE {table.name}: the run {run.name} has none; give run the input that it is made of",
                f"表 {table.name}：运行 {run.name} 里没有；运行时给了相应的输入才会有",
            )
        return run.name, date.fromisoformat(content["as_of"]), run, runs.scan(run, table)
    there = announced.quarters(asked.out)
    if asked.quarter not in there:
        named = ", ".join(there) or "none"
        raise InputRefusedError(
            f"--quarter {asked.quarter}: is not announced; announced are: {named}",
            f"--quarter {asked.quarter}：还没有公告；已公告的有：{'、'.join(there) or '无'}",
        )
    content = publish.read_manifest(announced.folder(asked.out, asked.quarter))
    rows = announced.scan(asked.out, table, [asked.quarter]).select(table.names)
    return asked.quarter, date.fromisoformat(content["as_of"]), run, rows


def _refuse_unknown(run: Path, village: str) -> None:
    """Raise `InputRefusedError` for a village that the run's register does not have."""
    known = runs.scan(run, REGISTER).filter(pl.col(VILLAGE) == village).head(1).collect()
    if known.is_empty():
        raise InputRefusedError(
            f"--village {village}: is in no row of the register of run {run.name}; check the id",
            f"--village {village}：运行 {run.name} 的名册里没有这个村；请核对村编号",
        )


def _beyond_excel(asked: Asked, table: Table, count: int) -> UsageRefusedError:
    """More rows than a sheet has."""
    by_village = ", or one village at a time with --village" if VILLAGE in table.names else ""
    zh_by_village = "，或用 --village 一村一村地导出" if VILLAGE in table.names else ""
    return UsageRefusedError(
        f"--to {asked.to}: {table.name} has {count:,} rows, and a sheet holds {EXCEL_ROWS - 1:,} below its "
        f"headers; write it to a {CSV} file{by_village}",
        f"--to {asked.to}：{table.name} 有 {count:,} 行，一张工作表除表头外只能放 {EXCEL_ROWS - 1:,} 行；"
        f"请导出为 {CSV}{zh_by_village}",
    )


def _batches(rows: pl.LazyFrame, table: Table) -> Iterator[pl.DataFrame]:
    """The rows in their order, some at a time, ids as plain text."""
    texts = [column.name for column in table if column.dtype == pl.String]
    plain = rows.select(table.names).with_columns(pl.col(texts).cast(pl.String))
    yield from plain.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming")


def _print(asked: Asked, rows: pl.LazyFrame, names: dict[str, str], made_on: date) -> None:
    """Write the wallets as a paper for the shop, in one step."""
    from jifen_batch.notices.printed.typeset import Typesetter  # noqa: PLC0415 - an extra's own

    document = balances.balances(rows.collect(), names, made_on)
    content = Typesetter(asked.fonts).pdf(document, made_on)
    with scratch.replacing(asked.to, EXPORTING) as fresh:
        disk.write_bytes(fresh, content)


def _write(to: Path, table: Table, batches: Iterable[pl.DataFrame], made_on: date) -> list[str]:
    """Write the file in one step; the columns of a CSV that Excel spoils."""
    eyes = ExcelEyes(table)
    with scratch.replacing(to, EXPORTING, f"fresh{to.suffix.lower()}") as fresh:
        if to.suffix.lower() == CSV:
            disk.write_with(fresh, lambda: table_csv.write(fresh, table, eyes.watched(batches)))
        else:
            disk.write_with(fresh, lambda: table_workbook.write(fresh, table, batches, made_on))
    return eyes.spoilt
