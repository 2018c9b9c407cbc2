"""Towns and their villages: invented names, codes in the form of the real ones.

A town's code has 9 digits and a village's 12, as in the national list. A village has 80 to 1,500
households and a town 5 to 20 villages; only the last town of a county is cut where its households end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.synth.chance import Purpose, stream
from jifen_batch.tables import VILLAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSEHOLDS_MIN, HOUSEHOLDS_MEDIAN, HOUSEHOLDS_MAX = 80, 380, 1500
HOUSEHOLDS_SPREAD = 0.6
VILLAGES_MIN, VILLAGES_MAX = 5, 20
FIRST_DISTRICT, TOWNS_OF_DISTRICT = 310113, 12
FIRST_TOWN, FIRST_VILLAGE = 102, 201
COVERAGE_MIN = 0.7

FIRST_CHARACTERS = "青禾柳泉石梅云竹桂杏荷松枫兰芦葭菱苇桑柏楠榆槐棠"
SECOND_CHARACTERS = "溪塘浜桥湾渡岸浦泾港洲汀坝滩堰圩墩埭岭坡台门井场"


@dataclass(frozen=True)
class Town:
    """One town: its number in the county, and `households`, how many each of its villages enrols."""

    number: int
    town_id: str
    name: str
    village_ids: tuple[str, ...]
    village_names: tuple[str, ...]
    households: tuple[int, ...]


def towns(households: int, seed: int) -> Iterator[Town]:
    """Towns in order of their codes, until they hold this many households."""
    number, left = 0, households
    while left:
        town = town_of(seed, number, left)
        yield town
        left -= sum(town.households)
        number += 1


def town_of(seed: int, number: int, households: int) -> Town:
    """The town of this number, cut where it would hold more than `households`."""
    rng = stream(seed, Purpose.PLACES, number)
    villages = int(rng.integers(VILLAGES_MIN, VILLAGES_MAX, endpoint=True))
    drawn = rng.lognormal(np.log(HOUSEHOLDS_MEDIAN), HOUSEHOLDS_SPREAD, villages)
    sizes = _cut(np.clip(drawn, HOUSEHOLDS_MIN, HOUSEHOLDS_MAX).astype(int).tolist(), households)
    district, place = divmod(number, TOWNS_OF_DISTRICT)
    town_id = f"{FIRST_DISTRICT + district}{FIRST_TOWN + place}"
    names = rng.permutation(len(FIRST_CHARACTERS) * len(SECOND_CHARACTERS))
    return Town(
        number,
        town_id,
        f"{_name(int(names[-1]))}镇",
        tuple(f"{town_id}{FIRST_VILLAGE + village}" for village in range(len(sizes))),
        tuple(f"{_name(int(name))}村" for name in names[: len(sizes)]),
        tuple(sizes),
    )


def villages_of(town: Town, seed: int) -> pl.DataFrame:
    """One row per village, the columns of `VILLAGES`; not every household that lives there is enrolled."""
    coverage = stream(seed, Purpose.PLACES, town.number, 1).uniform(COVERAGE_MIN, 1, len(town.households))
    return pl.DataFrame(
        {
            "village_id": town.village_ids,
            "town_id": [town.town_id] * len(town.village_ids),
            "village_name": town.village_names,
            "town_name": [town.name] * len(town.village_ids),
            "households_total": np.ceil(np.array(town.households) / coverage).astype(np.int32),
        },
        schema=VILLAGES.schema,
    )


def _cut(sizes: list[int], households: int) -> list[int]:
    """Sizes up to this sum; a remainder too small for a village goes to the one before."""
    kept: list[int] = []
    for size in sizes:
        taken = min(size, households - sum(kept))
        if kept and 0 < taken < HOUSEHOLDS_MIN:
            kept[-1] += taken
        elif taken:
            kept.append(taken)
    return kept


def _name(number: int) -> str:
    first, second = divmod(number, len(SECOND_CHARACTERS))
    return FIRST_CHARACTERS[first] + SECOND_CHARACTERS[second]
