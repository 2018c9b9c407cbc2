"""One file of a village's feed as somebody's CSV, with cells that cannot be read."""

from __future__ import annotations

import csv
from random import Random
from typing import TYPE_CHECKING, Any

from villages.chance import likely

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
UNREADABLE = "unreadable"
# By column: what somebody wrote there that is no day, and no number.
WRITTEN = {"occurred_on": "2023-02-30", "decided_on": "五月一日", "until": "年底", "quantity": "两次"}


def with_a_sheet(seed: int, rows: list[Row], columns: list[str]) -> list[Row]:
    """Rows of which those of one file are a sheet's, now and then; under half of these cannot be read.

    Such a row says in `unreadable` which column of it is so. Rows count as the sheet does: its header is
    the first. Texts that CSV cannot hold stay where they are.
    """
    rng = Random(f"sheet {seed}")  # noqa: S311 - a test's draws, nobody's secret
    names = sorted({row["source_file"] for row in rows})
    if not names or not likely(rng, 0.3):
        return rows
    chosen = rng.choice(names)
    own = [row for row in rows if row["source_file"] == chosen]
    if not all(_plain(cell) for row in own for cell in row.values()):
        return rows
    spoilt = rng.sample(range(1, len(own) + 1), min((len(own) - 1) // 2, rng.randint(1, 4)))
    return [_of_sheet(rng, row, columns, spoilt) if row["source_file"] == chosen else row for row in rows]


def _of_sheet(rng: Random, row: Row, columns: list[str], spoilt: list[int]) -> Row:
    number = row["source_row"]
    moved = row | {"source_file": row["source_file"].rpartition(".")[0] + ".csv", "source_row": number + 1}
    if number not in spoilt:
        return moved
    column = rng.choice([name for name in WRITTEN if name in columns])
    return moved | {column: None, UNREADABLE: column}


def _plain(cell: object) -> bool:
    """Whether a cell is the same when it comes back out of a sheet."""
    return not isinstance(cell, str) or (cell.isprintable() and (not cell or bool(cell.strip())))


def write(path: Path, columns: list[str], rows: list[Row]) -> None:
    """The rows of a sheet, as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(columns)
        for row in rows:
            column = row.get(UNREADABLE)
            sheet.writerow([WRITTEN[name] if name == column else _shown(row[name]) for name in columns])


def _shown(cell: object) -> object:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell
