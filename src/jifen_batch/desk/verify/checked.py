"""What came of looking at one published folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jifen_batch.store.finding import Finding


@dataclass(frozen=True)
class Checked:
    """What was found wrong with a folder, and how much was looked at.

    `further` is false where the files are not whole, so that nothing was added up. `digest` is the
    manifest's, of a quarter.
    """

    name: str
    findings: list[Finding]
    files: int = 0
    bytes: int = 0
    rows: int = 0
    further: bool = False
    digest: str = ""
