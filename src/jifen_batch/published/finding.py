"""One thing found wrong with what was published: which file, what kind of fault, and its figures."""

from __future__ import annotations

from dataclasses import field

from jifen_batch.dataclass import dataclass


@dataclass(frozen=True)
class Finding:
    """A fault: `kind` is one of `notices.verified.KINDS`, `file` is relative to the output folder.

    `figures` are what the sentence about it needs: counts, ids, never names of people.
    """

    kind: str
    file: str
    figures: dict[str, object] = field(default_factory=dict)
