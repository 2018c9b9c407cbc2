"""For the benchmark, a step a process: `make N FOLDER` writes a county, `plant FOLDER OUT` a statement."""

import sys
from pathlib import Path

import polars as pl

from breaks import county, foreign
from jifen_batch import rules
from jifen_batch.desk.reconcile import evidence
from jifen_batch.tables import EVENTS

AT_A_TIME = 100_000
SEED, WRONG_SHARE = 20230426, 0.02
BOOK = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"


def make(households: int, folder: Path) -> None:
    """Events of all and of a few, the register, the rule book and a former one."""
    for name in ("events", "few", "households", "rules", "former"):
        (folder / name).mkdir(parents=True)
    text = BOOK.read_text(encoding="utf-8")
    (folder / "rules" / "book.toml").write_text(text, encoding="utf-8")
    (folder / "former" / "book.toml").write_text(foreign.former_rules(text), encoding="utf-8")
    for first in range(0, households, AT_A_TIME):
        made = _part(households, first)
        rows = made.rows.select(EVENTS.names)
        rows.write_parquet(folder / "events" / f"{first:08}.parquet")
        made.register.write_parquet(folder / "households" / f"{first:08}.parquet")
        if first == 0:
            rows.head(100).write_parquet(folder / "few" / "rows.parquet")
    (folder / "size").write_text(str(households), encoding="utf-8")


def plant(folder: Path, out: Path, keys: list[str]) -> None:
    """The statement of the other system, and what is true of its mistakes."""
    households = int((folder / "size").read_text(encoding="utf-8"))
    books, former = (rules.load([folder / name]).tables for name in ("rules", "former"))
    ours = evidence.ours_at((out / "current").resolve(), keys, [county.YEAR])
    planted = []
    for first in range(0, households, AT_A_TIME):
        made = _part(households, first)
        mine = ours.join(made.register.select("household_id"), on="household_id", how="semi")
        system = foreign.System(made, mine.select(*keys, "ours"), books, former, keys)
        planted.append(foreign.plant(system, WRONG_SHARE, SEED + first))
    pl.concat([part.statement for part in planted]).write_parquet(folder / "statement.parquet")
    pl.concat([part.truth for part in planted]).write_parquet(folder / "truth.parquet")


def _part(households, first):
    return county.make(min(AT_A_TIME, households - first), SEED, first)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        plant(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4].split(","))
