"""Cells of text as the types of our columns, in the ways that people and spreadsheets write them.

Nothing is guessed: a cell that is none of these forms is unreadable, and whoever reads the table says so.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import SHANGHAI_SECONDS
from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.normal_form import INT64_MAX, INT64_MIN
from jifen_batch.inputs.safety import limits
from jifen_batch.inputs.words import plain_cells
from jifen_batch.scheme.reject_details import NO_DAY, NO_TEXT, NO_TIME, NO_WHOLE
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

ISO_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY = (
    r"(?:(?<y1>\d{4})-(?<m1>\d{1,2})-(?<d1>\d{1,2})|(?<y2>\d{4})/(?<m2>\d{1,2})/(?<d2>\d{1,2})"
    r"|(?<y3>\d{4})\.(?<m3>\d{1,2})\.(?<d3>\d{1,2})|(?<y4>\d{4})(?<m4>\d{2})(?<d4>\d{2})"
    r"|(?<y5>\d{4})\s*年\s*(?<m5>\d{1,2})\s*月\s*(?<d5>\d{1,2})\s*日)"
)
_TIME = (
    r"(?:(?:T|\s+)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?<fraction>\.\d{1,9})?)?"
    r"(?<zone>Z|(?<sign>[+-])(?<zone_hours>\d{2}):?(?<zone_minutes>\d{2}))?)?"
)
WRITTEN = f"^{_DAY}{_TIME}$".replace(r"\d", "[0-9]")
FORMS = range(1, 6)
# An Excel day counts from the last of 1899, up to the year 2173; with a fraction, the time of day.
SERIAL = r"^(?<days>[1-9][0-9]{4})(?<part>\.[0-9]+)?$"
SERIAL_ZERO = date(1899, 12, 30)
# Of a workbook that once came from a Macintosh; it says so itself.
SERIAL_ZERO_1904 = date(1904, 1, 1)
DAY_SECONDS = 86_400
WHOLE = r"^[+-]?[0-9]+(?:\.0+)?$"
THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.0+)?$"
# What a spreadsheet shows where a formula came to nothing, and where a column is too narrow for its number.
NO_VALUE = r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#+)$"
TOO_NARROW = "^##+$"


@dataclass(frozen=True)
class Habits:
    """How whoever filled in a column writes: `units` behind numbers, the longest first, and so on.

    `from_1904`: a day that is a bare number counts from then.
    """

    units: Sequence[str] = ()
    thousands_commas: bool = False
    cut_times: bool = False
    from_1904: bool = False


PLAINLY = Habits()


@dataclass(frozen=True)
class Form:
    """What is said of a cell that cannot be read as a type: where it refuses a file, and in a `reject`."""

    problem: Sentence
    remedy: Sentence
    reject: Sentence


def form_of(kind: pl.DataType) -> Form:
    """What a cell of a type should be."""
    if kind in (pl.String, pl.Categorical):
        return Form(
            Sentence(
                f"is longer than {limits.STRING_BYTES_MAX:,} bytes",
                f"超过 {limits.STRING_BYTES_MAX:,} 字节",
            ),
            Sentence("write a shorter text", "请写短一些"),
            NO_TEXT,
        )
    if kind == pl.Date:
        return Form(
            Sentence("is no day", "不是日期"),
            Sentence("write it as 2023-01-31, of the Gregorian calendar", "请写成 2023-01-31 这样的公历日期"),
            NO_DAY,
        )
    if kind.is_integer():
        return Form(
            Sentence("is no whole number", "不是整数"),
            Sentence(
                'write it as 12, or name the unit behind it (units = ["次", "分"]), '
                "or thousands_commas = true, under [file] of --mapping",
                '请写成 12，或在 --mapping 的 [file] 中写明后面的单位（units = ["次", "分"]）'
                "或 thousands_commas = true",
            ),
            NO_WHOLE,
        )
    return Form(
        Sentence("is no time", "不是时间"),
        Sentence("write it as 2023-01-31 17:00:00", "请写成 2023-01-31 17:00:00"),
        NO_TIME,
    )


def parsed(cells: pl.Series, kind: pl.DataType, habits: Habits = PLAINLY) -> pl.Series:
    """Cells in a column's type; null where a cell is null or cannot be read as it.

    Whole numbers beyond Int64 become its nearest; a time with a zone becomes that of Shanghai.
    """
    if kind in (pl.String, pl.Categorical):
        sound = (cells.str.len_bytes() <= limits.STRING_BYTES_MAX) & ~cells.str.contains(NO_VALUE)
        return cells.set(~sound, None) if not sound.all() else cells
    if kind == pl.Date:
        return _days(cells, habits)
    if kind.is_integer():
        return _wholes(cells, habits)
    return _times(cells, habits)


def _days(cells: pl.Series, habits: Habits) -> pl.Series:
    """Days; ISO ones first, for most are, and only the rest is looked at closely."""
    iso = pl.when(cells.str.contains(ISO_DAY)).then(cells)
    days = pl.select(iso.str.to_date("%Y-%m-%d", strict=False).alias(cells.name)).to_series()
    rest = (days.is_null() & cells.is_not_null()).arg_true()
    if not rest.len():
        return days
    times = _times(cells[rest], habits)
    midnight = times.dt.truncate("1d") == times
    read = times.dt.date() if habits.cut_times else times.dt.date().set(~midnight, None)
    return days.scatter(rest, read)


def _times(cells: pl.Series, habits: Habits) -> pl.Series:
    """Timestamps in Shanghai time; a day alone is its midnight."""
    text = pl.select(plain_cells(pl.lit(cells)).alias("text")).to_series()
    part = text.str.extract_groups(WRITTEN).struct.unnest()
    year, month, day = (pl.coalesce(f"{letter}{n}" for n in FORMS) for letter in "ymd")
    padded = [pl.col(name).fill_null("0").str.zfill(2) for name in ("hour", "minute", "second")]
    micros = pl.col("fraction").fill_null(".0").str.slice(0, 7)
    local = pl.concat_str(
        year, pl.lit("-"), month.str.zfill(2), pl.lit("-"), day.str.zfill(2), pl.lit("T"),
        padded[0], pl.lit(":"), padded[1], pl.lit(":"), padded[2], micros,
    ).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)  # fmt: skip
    ahead = pl.col("zone_hours").cast(pl.Int64) * 3600 + pl.col("zone_minutes").cast(pl.Int64) * 60
    ahead = pl.when(pl.col("sign") == "-").then(-ahead).otherwise(ahead)
    shift = (
        pl.when(pl.col("zone") == "Z").then(SHANGHAI_SECONDS).otherwise(SHANGHAI_SECONDS - ahead).fill_null(0)
    )
    written = part.select(read=local + pl.duration(seconds=shift))["read"]
    serial = text.str.extract_groups(SERIAL).struct.unnest()
    seconds = (pl.concat_str(pl.lit("0"), "part").cast(pl.Float64).fill_null(0.0) * DAY_SECONDS).round()
    zero = SERIAL_ZERO_1904 if habits.from_1904 else SERIAL_ZERO
    counted = pl.lit(zero).cast(pl.Datetime("us")) + pl.duration(
        days=pl.col("days").cast(pl.Int64), seconds=seconds.cast(pl.Int64)
    )
    read = serial.select(pl.coalesce(pl.lit(written), counted).alias(cells.name)).to_series()
    return read.cast(pl.Datetime("us"))


def _wholes(cells: pl.Series, habits: Habits) -> pl.Series:
    """Whole numbers, full-width digits, a unit and `.0` behind them allowed."""
    text = plain_cells(pl.lit(cells)).str.replace("^\N{MINUS SIGN}", "-")
    without = [text.str.strip_suffix(unit) for unit in habits.units]
    has = [text.str.ends_with(unit) for unit in habits.units]
    for is_there, bare in reversed(list(zip(has, without, strict=True))):
        text = pl.when(is_there).then(bare).otherwise(text)
    text = text.str.strip_chars()
    if habits.thousands_commas:
        commas = text.str.contains(THOUSANDS)
        text = pl.when(commas).then(text.str.replace_all(",", "", literal=True)).otherwise(text)
    digits = pl.when(text.str.contains(WHOLE)).then(text.str.replace(r"\.0+$", ""))
    whole = digits.str.strip_prefix("+").cast(pl.Int64, strict=False)
    beyond = pl.when(digits.str.starts_with("-")).then(pl.lit(INT64_MIN)).otherwise(pl.lit(INT64_MAX))
    return pl.select(
        pl.when(digits.is_not_null()).then(whole.fill_null(beyond)).alias(cells.name)
    ).to_series()
