"""One form for what files hold in many: plain strings, dates, Shanghai time, 64-bit whole numbers.

Nothing is touched that already has its form: a feed of a county is read as fast as its bytes allow.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jifen_batch.clock import SHANGHAI_SECONDS
from jifen_batch.inputs.safety import limits
from jifen_batch.sentence import Sentence

DAY_SECONDS = 86_400
UNITS_PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# Beyond the years 1 to 9999 libraries fail to show a date; the specification rejects such days either way.
FIRST_DAY = date.min.toordinal() - EPOCH_ORDINAL
LAST_DAY = date.max.toordinal() - EPOCH_ORDINAL
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
TIME_OF_DAY = Sentence("a timestamp with a time of day", "带钟点的时间")
A_DAY = Sentence("a date or a timestamp at midnight", "日期或零点的时间戳")
TOO_LONG = Sentence(
    f"longer than {limits.STRING_BYTES_MAX:,} bytes", f"超过 {limits.STRING_BYTES_MAX:,} 字节的文字"
)
SHORTER = Sentence("a shorter text", "较短的文字")


class UnreadableCellsError(Exception):
    """Cells of a column that cannot be read as it should be: the first one's row from 0, and how many."""

    def __init__(self, column: str, row: int, count: int, found: Sentence, wanted: Sentence) -> None:
        """`found` and `wanted` say what is wrong in words, never what the cells hold."""
        self.column, self.row, self.count, self.found, self.wanted = column, row, count, found, wanted
        super().__init__(column)


def normalised(frame: pl.DataFrame, wanted: pl.Schema) -> pl.DataFrame:
    """The same rows with the columns of `wanted` in that order and those types.

    Columns that `frame` lacks are null. An empty string becomes null. An Enum stays one, for it is text.
    A timestamp with a zone becomes Shanghai time, one without is taken for it. Whole numbers beyond Int64
    become its largest, days beyond the years 1 to 9999 the first or last of those.
    Raises `UnreadableCellsError` for a timestamp with a time of day where a date is wanted, and for a
    text that is too long.
    """
    for name, kind in wanted.items():
        if kind == pl.Date and isinstance(frame.schema.get(name), pl.Datetime):
            _refuse_times_of_day(frame[name])
    exprs = [_converted(frame, name, kind) for name, kind in wanted.items()]
    converted = frame.select(exprs)
    _refuse_long_texts(converted)
    return _without_empty_strings(converted)


def _converted(frame: pl.DataFrame, name: str, wanted: pl.DataType) -> pl.Expr:
    """A column in the wanted type."""
    found = frame.schema.get(name)
    column = pl.col(name)
    if found is None:
        # Repeated over the frame's rows, so that a frame of nulls alone keeps its height.
        return pl.repeat(None, frame.height, dtype=wanted).alias(name)
    if found == pl.Null or wanted in (pl.String, pl.Categorical):
        kept = found == wanted or isinstance(found, pl.Enum)
        return column if kept else column.cast(wanted)
    if wanted.is_integer():
        return column.clip(upper_bound=INT64_MAX).cast(wanted) if found == pl.UInt64 else column.cast(wanted)
    if isinstance(found, pl.Datetime):
        return (_day if wanted == pl.Date else _microseconds)(frame[name], found)
    return _clipped(frame[name], FIRST_DAY, LAST_DAY).cast(wanted)


def _day(column: pl.Series, found: pl.Datetime) -> pl.Expr:
    """Days of timestamps at midnight."""
    second = UNITS_PER_SECOND[found.time_unit]
    day, shift = DAY_SECONDS * second, _shift(found)
    low = max(FIRST_DAY * day - shift, INT64_MIN)
    high = min((LAST_DAY + 1) * day - 1 - shift, INT64_MAX - shift)
    return ((_clipped(column, low, high) + shift) // day).cast(pl.Int32).cast(pl.Date)


def _microseconds(column: pl.Series, found: pl.Datetime) -> pl.Expr:
    """Timestamps as Shanghai time without a zone, in microseconds; finer parts are cut off."""
    second = UNITS_PER_SECOND[found.time_unit]
    shift = _shift(found)
    low = max(FIRST_DAY * DAY_SECONDS * second - shift, INT64_MIN)
    high = min((LAST_DAY + 1) * DAY_SECONDS * second - 1 - shift, INT64_MAX - shift)
    units = _clipped(column, low, high)
    if shift:
        units += shift
    micros = UNITS_PER_SECOND["us"]
    if second < micros:
        units *= micros // second
    elif second > micros:
        units //= second // micros
    return units.cast(pl.Datetime("us"))


def _shift(found: pl.Datetime) -> int:
    """What to add to a timestamp's number to have Shanghai time: nothing where it has no zone.

    Numbers with a zone count from UTC. Shanghai has kept UTC+8 without summer time since 1991.
    """
    return SHANGHAI_SECONDS * UNITS_PER_SECOND[found.time_unit] if found.time_zone else 0


def _clipped(column: pl.Series, low: int, high: int) -> pl.Expr:
    """A column's numbers within bounds; where they are, which looking tells faster, they are not copied."""
    numbers = column.to_physical()
    least, most = numbers.min(), numbers.max()
    expr = pl.col(column.name).to_physical()
    if least is None or (least >= low and most <= high):  # type: ignore[operator]
        return expr
    return expr.clip(low, high)


def _refuse_times_of_day(column: pl.Series) -> None:
    """Only midnights can be read as dates."""
    found = column.dtype
    assert isinstance(found, pl.Datetime)  # noqa: S101 - only such columns are handed in
    second = UNITS_PER_SECOND[found.time_unit]
    # The zone's shift is added after the remainder: before, the largest numbers would wrap.
    into_day = (column.to_physical() % (DAY_SECONDS * second) + _shift(found)) % (DAY_SECONDS * second)
    refuse(column.name, into_day != 0, TIME_OF_DAY, A_DAY)


def _refuse_long_texts(frame: pl.DataFrame) -> None:
    """No id or name is as long as that; what is repeated in a file may not even fit into memory."""
    lengths = {
        name: pl.col(name).str.len_bytes() if kind == pl.String else pl.col(name).cat.len_bytes()
        for name, kind in frame.schema.items()
        if kind in (pl.String, pl.Categorical, pl.Enum)
    }
    if not lengths or frame.height == 0:
        return
    longest = frame.select(length.max() for length in lengths.values()).row(0, named=True)
    for name, length in lengths.items():
        if (longest[name] or 0) > limits.STRING_BYTES_MAX:
            too_long = frame.select(length > limits.STRING_BYTES_MAX)[name]
            refuse(name, too_long, TOO_LONG, SHORTER)


def refuse(name: str, wrong: pl.Series, found: Sentence, wanted: Sentence) -> None:
    """Raise `UnreadableCellsError` if any row is marked as wrong; null is not."""
    count = int(wrong.sum())
    if count:
        first = wrong.fill_null(value=False).arg_max()
        assert first is not None  # noqa: S101 - there is one
        raise UnreadableCellsError(name, first, count, found, wanted)


def _without_empty_strings(frame: pl.DataFrame) -> pl.DataFrame:
    """Null for "" in every column of text; only columns that have one are rewritten."""
    if frame.height == 0:
        return frame
    coded = [
        name for name, kind in frame.schema.items() if isinstance(kind, pl.Enum) and "" in kind.categories
    ]
    frame = frame.with_columns(pl.col(coded).cast(pl.String))
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical)]
    if not texts:
        return frame
    found = frame.select((pl.col(texts) == "").any()).row(0)
    affected = [name for name, has_empty in zip(texts, found, strict=True) if has_empty]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in affected)
