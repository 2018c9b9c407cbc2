"""What came of looking at one published folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from jifen_batch.published.finding import Finding

# How much of a folder was added up: everything, what damaged files do not stop, or nothing.
ALL, PART, NONE = "all", "part", "none"


@dataclass(frozen=True)
class Checked:
    """What was found wrong with a folder, and how much was looked at.

    `further` says how much was added up. `digest` is the manifest's, of a quarter;
    `made_by` the program that a run or quarter says it was made by.
    """

    name: str
    findings: list[Finding]
    files: int = 0
    bytes: int = 0
    rows: int = 0
    further: str = NONE
    digest: str = ""
    made_by: str | None = None
