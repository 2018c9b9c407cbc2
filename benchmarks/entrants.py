"""Who is measured: the worker, the floor under it, and its peers, each a process of its own.

A peer's time counts only where its tables say what the worker's say, cell by cell (`digest.py`). Peers read
the rule books as the compiled tables of the worker's own loader, made outside the clock, and leave out the
sentence and the source of a reject, the check of the input's forms, the laws, the digests and the
manifest: they do less than the worker, which is in their favour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from process import ROOT, Ended, jifen, python

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BENCHMARKS = ROOT / "benchmarks"
RULES = ROOT / "configs" / "rules" / "baoshan-2023.toml"
AS_OF, GRACE_DAYS = "2024-12-31", 15
OURS, FLOOR = "jifen-batch", "the floor"
PEERS = {
    "DuckDB SQL": "duckdb_sql.py",
    "plain Polars": "plain_polars.py",
    "row by row": "row_by_row.py",
}


@dataclass(frozen=True)
class County:
    """Inputs in a folder as `synth` leaves them, beside `rules/` as `prepare` does."""

    inputs: Path

    def prepare(self) -> None:
        """Make the peers' rule tables, outside every clock."""
        if not (self.inputs / "rules").exists():
            python(BENCHMARKS / "peers" / "prepare.py", RULES, self.inputs / "rules")

    def run(self, out: Path, **more: object) -> Ended:
        """One nightly run, from the start of the process to its end; its tables are left in `out`."""
        ended = jifen("run", self.options(out) | more, "--json")
        assert ended.said["outcome"] == "published"
        return ended

    def options(self, out: Path) -> dict[str, object]:
        """What a nightly run is asked."""
        return {
            "events": self.inputs / "events",
            "households": self.inputs / "households.parquet",
            "villages": self.inputs / "villages.parquet",
            "rules": RULES,
            "as-of": AS_OF,
            "out": out,
        }

    def peer(self, name: str, out: Path) -> Ended:
        """One peer's whole work, into an empty folder."""
        inputs = [self.inputs / one for one in ("events", "households.parquet", "villages.parquet", "rules")]
        return python(BENCHMARKS / "peers" / PEERS[name], *inputs, AS_OF, GRACE_DAYS, out)

    def floor(self, published: Path, out: Path) -> dict[str, Any]:
        """The floor of the same work, in a process of its own."""
        return python(BENCHMARKS / "floor.py", self.inputs / "events", published / "current", out).said


def in_turn(names: Sequence[str], rounds: int) -> list[list[str]]:
    """The order of all in each round.

    Who comes after one that held much memory finds the machine's own cold. So in as many rounds as an even
    number of names each comes at each place once, and after each other once (Williams, 1949).
    """
    steps = [(at + 1) // 2 * (1 if at % 2 else -1) for at in range(len(names))]
    return [[names[(step + turn) % len(names)] for step in steps] for turn in range(rounds)]


def digest(folder: Path) -> dict[str, str]:
    """What the tables of a folder say, by table."""
    return python(BENCHMARKS / "digest.py", folder).said
