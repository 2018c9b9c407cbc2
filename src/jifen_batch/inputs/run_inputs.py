"""The inputs of a run: events, the register, the villages (specification 2.1 and 2.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jifen_batch.columns.packing import numbered, pack_keys, repeated
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import respelling, spoilt_ids
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.phrases import IS_EMPTY
from jifen_batch.inputs.pieces import ROW_BITS
from jifen_batch.inputs.read_table import read_table
from jifen_batch.kernels.places import villages_of
from jifen_batch.kernels.successions import NEW, under_new_ids
from jifen_batch.kernels.town_years import changes_town, in_two_towns
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.tables import HOUSEHOLDS, VILLAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.read_table import TableRows
    from jifen_batch.inputs.stand_ins import Lack
    from jifen_batch.tables import Table

NAMED_AT_MOST = 5
HOUSEHOLDS_MAX = 10_000_000
NEEDED = Sentence("every row needs one: fill it in", "每一行都要有，请填写")
NAMED = (("village_id", "village_name"), ("town_id", "town_name"))
# What many spells share comes as codes.
OFTEN_SHARED = ("village_id", "town_id", "village_name", "town_name", "kind", "group_id")


def located(sources: pl.Series, files: Sequence[InputFile]) -> pl.DataFrame:
    """File and row of each event row's number: `source_file`, `source_row`; of a sheet the sheet's own."""
    names = pl.Series([file.place for file in files], dtype=pl.String)
    return pl.DataFrame(
        {
            "source_file": names.gather(sources // (1 << ROW_BITS)),
            "source_row": sources % (1 << ROW_BITS) + 1,
        }
    )


class Register(NamedTuple):
    """The register: one row per spell (`HOUSEHOLDS`), sorted, and what its files lack (`lacks_of`)."""

    spells: pl.DataFrame
    lacks: Sequence[Lack]


def read_register(files: Sequence[InputFile], renamed: pl.DataFrame) -> Register:
    """The register; the householder is never read.

    Households stand under the ids that they have now, by what is `renamed` (`successions.renaming`).

    Ids and names of towns and villages, kinds and groups are Categorical, for many households share them.
    Raises `InputRefusedError` with all faults: spells that overlap or end before they begin, a village
    under two towns or two names on one day, a required cell that is empty.
    """
    faults = Faults()
    read = _read_small(files, HOUSEHOLDS, faults, OFTEN_SHARED)
    register = read.rows
    backwards = register.filter(pl.col("left_on") <= pl.col("enrolled_on"))["household_id"]
    _tell(
        faults,
        files,
        backwards,
        Sentence("left_on is not after enrolled_on for household", "left_on 不晚于 enrolled_on 的户："),
        Sentence("correct the dates", "请改正日期"),
    )
    register = register.with_columns(under_new_ids(register["household_id"], renamed))
    _, household = numbered(register["household_id"])
    _tell_overlaps(faults, files, register.filter(repeated(household)), renamed)
    village = _tell_places(faults, files, register)
    faults.refuse()
    spells = register[pack_keys([village, household, register["enrolled_on"]]).arg_sort()]
    return Register(spells, read.lacks)


def _tell_overlaps(
    faults: Faults, files: Sequence[InputFile], several: pl.DataFrame, renamed: pl.DataFrame
) -> None:
    """Spells that overlap, among those of households with `several`: few, unlike those that are sorted."""
    if several.is_empty():
        return
    spells = several.sort("household_id", "enrolled_on")
    next_begins = pl.col("enrolled_on").shift(-1).over("household_id")
    overlapping = spells.filter(
        next_begins.is_not_null() & (pl.col("left_on").is_null() | (next_begins < pl.col("left_on")))
    )["household_id"]
    _tell(
        faults,
        files,
        overlapping.filter(overlapping.is_in(renamed[NEW].implode())),
        Sentence(
            "enrolment spells under the old and the new id overlap for household",
            "旧编号与新编号的登记时间重叠的户：",
        ),
        Sentence(
            "end the spell of the old id where that of the new one begins",
            "旧编号的登记须在新编号起用之日结束",
        ),
    )
    is_cut = overlapping.cast(pl.String).str.contains(spoilt_ids.MAY_BE_CUT)
    overlap = Sentence("enrolment spells overlap for household", "登记时间重叠的户：")
    end_one = Sentence("end one before the next", "请使前一段在后一段开始之前结束")
    _tell(faults, files, overlapping.filter(is_cut), overlap, spoilt_ids.MAY_BE_SEVERAL)
    _tell(faults, files, overlapping.filter(~is_cut), overlap, end_one)


def _tell_places(faults: Faults, files: Sequence[InputFile], register: pl.DataFrame) -> pl.Series:
    """Places that are two at once; the number of each spell's village, in the villages' order."""
    villages, village = villages_of(register)
    if changes_town(villages).any():
        spells = register.select("enrolled_on", "left_on").with_columns(village)
        _tell(
            faults,
            files,
            in_two_towns(villages, spells),
            Sentence("lies in two towns on one day: village", "同一天属于两个镇的村："),
            Sentence(
                "give it one town_id; if it changed its town, end its spells on that day and begin new ones",
                "请只写一个 town_id；村如改隶，请在当日结束原登记并另起新登记",
            ),
        )
    for place, name in NAMED:
        _tell(
            faults,
            files,
            two_names_on_a_day(register, place, name),
            Sentence(
                f"stands under two values of {name} on one day: {place}", f"同一天有两个 {name} 的 {place}："
            ),
            Sentence(
                "give each its own id where they are two: a spreadsheet may have made one of them "
                "(9.90113E+11); where it is one, write its name one way, blanks and width too",
                "确是两处的，请各用各的编号：表格软件可能把两个编号变成了一个（9.90113E+11）；"
                "是同一处的，名称请写成一样，空格和全角半角也要一致",
            ),
        )
    return village


def two_names_on_a_day(register: pl.DataFrame, place: str, name: str) -> pl.Series:
    """The ids of places that bear two names on one day; a spell without a name says nothing."""
    names = register.select(place, name).drop_nulls(name).unique()
    several = names.filter(names[place].is_duplicated())[place].unique()
    if several.is_empty():
        return several.cast(pl.String)
    named = register.filter(pl.col(name).is_not_null() & pl.col(place).is_in(several.implode()))
    end = pl.col("left_on").fill_null(date.max)
    spans = named.group_by(place, name, "enrolled_on").agg(end=end.max())
    pairs = spans.join(spans, on=place)
    both = pairs.filter(
        (pl.col(name) != pl.col(f"{name}_right"))
        & (pl.col("enrolled_on") < pl.col("end_right"))
        & (pl.col("enrolled_on_right") < pl.col("end"))
    )
    return both[place].cast(pl.String)


def read_villages(files: Sequence[InputFile], register: pl.DataFrame) -> pl.DataFrame:
    """The villages (`VILLAGES`), one row each, none without a file; refused where the register differs.

    Raises `InputRefusedError` with all faults.
    """
    if not files:
        return pl.DataFrame(schema=VILLAGES.schema)
    faults = Faults()
    villages = _read_small(files, VILLAGES, faults).rows
    absurd = villages.filter(~pl.col("households_total").is_between(0, HOUSEHOLDS_MAX))
    _tell(
        faults,
        files,
        absurd["village_id"],
        Sentence(
            f"households_total is not 0 to {HOUSEHOLDS_MAX:,} for village",
            f"households_total 不在 0 至 {HOUSEHOLDS_MAX:,} 之间的村：",
        ),
        Sentence("correct the number, or leave it empty", "请改正户数，或留空"),
    )
    twice = villages.filter(pl.col("village_id").is_duplicated())
    _tell(
        faults,
        files,
        twice["village_id"],
        Sentence("stands more than once: village", "重复出现的村："),
        Sentence("keep one row each", "请每村只留一行"),
    )
    known, _ = villages_of(register)
    elsewhere = villages.join(known, on="village_id", how="semi").join(known, on=known.columns, how="anti")
    ours = known.filter(pl.col("village_id").is_in(elsewhere["village_id"].implode()))["town_id"]
    respelt = respelling.counterparts(ours, elsewhere["town_id"])
    for said in respelling.between("--households", "--villages", "town_id", respelt) if respelt else ():
        faults.add(InputRefusedError(*said))
    _tell(
        faults,
        files,
        elsewhere.filter(~pl.col("town_id").is_in([there for _, there in respelt]))["village_id"],
        Sentence(
            "by the register and by this list is listed under two towns: village",
            "农户名册与本表所写的镇不同的村：",
        ),
        Sentence("give it a town_id that the register has it in", "请写农户名册中该村的 town_id"),
    )
    faults.refuse()
    return villages.cast(VILLAGES.schema).sort(VILLAGES.sort_keys)


def _read_small(
    files: Sequence[InputFile], table: Table, faults: Faults, coded: Sequence[str] = ()
) -> TableRows:
    """A small table with its required cells all filled; whole numbers are Int64, `coded` Categorical.

    Rows that lack such a cell are told, and left out, for the sake of what else there is to tell.
    """
    read = read_table(files, table, coded)
    for name in table.required:
        read.tell(faults, read.rows[name].is_null(), name, IS_EMPTY, NEEDED)
    return replace(read, rows=read.rows.drop_nulls(table.required)) if faults else read


def _tell(
    faults: Faults, files: Sequence[InputFile], ids: pl.Series, problem: Sentence, remedy: Sentence
) -> None:
    """Add the complaint about these households or villages, the first few of them by id."""
    if ids.is_empty():
        return
    found = ids.cast(pl.String).unique().sort()
    some, more = found.head(NAMED_AT_MOST).to_list(), found.len() - NAMED_AT_MOST
    named = Sentence(
        f"{problem.en} {', '.join(some)}{f' and {more} more' if more > 0 else ''}",
        f"{problem.zh}{'、'.join(some)}{f'，另有 {more} 个' if more > 0 else ''}",
    )
    faults.add(InputRefusedError(*refusal(files[0].role, named, remedy)))
