"""A county with other villages and other books for the same events: what cost should not depend on.

`python remade.py INPUTS OUT VILLAGES BOOKS` writes OUT/households.parquet and OUT/villages.parquet, in which
the households of INPUTS stand in so many villages, alike in size, a hundred to a town; and OUT/rules with
the base book and so many local ones that extend it, a village each, every one with a cap of its own.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import polars as pl

from entrants import RULES

VILLAGES_OF_TOWN = 100
LOCAL = """[book]
id = "local-{number:05}"
extends = "baoshan-2023"
scope = {{villages = ["V{number:05}"]}}

[caps]
volunteer = {cap}
"""


def register(spells: pl.DataFrame, villages: int) -> pl.DataFrame:
    """The spells of all households, each household's in one of so many villages."""
    place = pl.col("household_id").rank("dense").cast(pl.Int64) - 1
    number = place * villages // spells["household_id"].n_unique()
    return spells.with_columns(
        village_id=pl.format("V{}", number.cast(pl.String).str.zfill(5)),
        town_id=pl.format("T{}", (number // VILLAGES_OF_TOWN).cast(pl.String).str.zfill(5)),
    )


def main(inputs: Path, out: Path, villages: int, books: int) -> None:
    """Write the register and the books."""
    (out / "rules").mkdir(parents=True)
    spells = register(pl.read_parquet(inputs / "households.parquet"), villages)
    spells.select("household_id", "village_id", "town_id", "enrolled_on", "left_on").write_parquet(
        out / "households.parquet"
    )
    spells.select("village_id", "town_id").unique().sort("village_id").write_parquet(out / "villages.parquet")
    shutil.copy(RULES, out / "rules")
    for number in range(books):
        text = LOCAL.format(number=number, cap=60 + number % 40)
        (out / "rules" / f"local-{number:05}.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
