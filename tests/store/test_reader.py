"""Whatever form a readable file has, the same rows come out; what cannot be read is named."""

from datetime import date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.feather as pf
import pyarrow.parquet as pq
import pytest

import event_rows
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import find
from jifen_batch.inputs.pieces import ROW_BITS
from jifen_batch.inputs.run_inputs import located
from jifen_batch.tables import EVENTS

DAY, NEXT = date(2023, 3, 1), date(2023, 3, 2)
MIDNIGHT, NOON = datetime(2023, 3, 1), datetime(2023, 3, 1, 12)  # noqa: DTZ001 - local time
REQUIRED = {
    "event_id": ["e1", "e2"],
    "household_id": ["h1", "h2"],
    "item": ["pledge", "waste"],
    "occurred_on": [DAY, NEXT],
    "status": ["approved", "declared"],
}
TEXTS = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int8(), pa.string()),
}


def table(**columns):
    return pa.table(REQUIRED | columns)


def parquet(path, **columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table(**columns), path)


def rows(place):
    return event_rows.events(place)


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_text_of_every_kind_reads_as_plain_strings(tmp_path, kind, ending):
    columns = table(matter_id=["m", None], member_id=["", "长字符串，比十二个字节更长"])
    cast = pa.table({name: column.cast(TEXTS[kind]) for name, column in _texts(columns).items()})
    for name in set(columns.column_names) - set(cast.column_names):
        cast = cast.append_column(name, columns[name])
    if ending == "parquet":
        pq.write_table(cast, tmp_path / "a.parquet")
    else:
        pf.write_feather(cast, str(tmp_path / "a.arrow"), compression="zstd")
    read = rows(tmp_path)
    assert read.schema["event_id"] == read.schema["member_id"] == pl.String
    assert read.select("event_id", "matter_id", "member_id").rows() == [
        ("e1", "m", None),
        ("e2", None, "长字符串，比十二个字节更长"),
    ]


def _texts(columns):
    return {name: columns[name] for name in columns.column_names if pa.types.is_string(columns[name].type)}


def test_columns_come_in_order_and_type_and_the_missing_are_null(tmp_path):
    parquet(tmp_path / "a.parquet", quantity=pa.array([2, None], pa.int8()), phone=["1", "2"])
    read = rows(tmp_path)
    assert read.columns == [*EVENTS.names, "source"]
    assert read.schema["quantity"] == read.schema["source"] == pl.Int64
    assert {name: read.schema[name] for name in EVENTS.names if name != "quantity"} == {
        name: kind for name, kind in EVENTS.schema.items() if name != "quantity"
    }
    assert read["quantity"].to_list() == [2, None]
    assert read["decided_on"].null_count() == read["recorded_at"].null_count() == 2


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_integers_of_any_width_are_read(tmp_path, kind):
    parquet(tmp_path / "a.parquet", quantity=pa.array([3, None], kind))
    assert rows(tmp_path)["quantity"].to_list() == [3, None]


def test_an_integer_beyond_int64_is_held_at_its_end(tmp_path):
    parquet(tmp_path / "a.parquet", quantity=pa.array([2**64 - 1, 1], pa.uint64()))
    assert rows(tmp_path)["quantity"].to_list() == [2**63 - 1, 1]


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_any_unit_and_zone_become_shanghai_time(tmp_path, unit, ending):
    zones = {None: "2023-03-01T20:00:00", "UTC": "2023-03-01T12:00:00", "+08:00": "2023-03-01T12:00:00"}
    for zone in zones:
        noon_utc = pa.array([datetime(2023, 3, 1, 12), None], pa.timestamp(unit, zone))  # noqa: DTZ001 - by `zone`
        if zone is None:
            noon_utc = pa.array([datetime(2023, 3, 1, 20), None], pa.timestamp(unit))  # noqa: DTZ001 - local
        if ending == "parquet":
            parquet(tmp_path / "a.parquet", recorded_at=noon_utc)
        else:
            pf.write_feather(table(recorded_at=noon_utc), str(tmp_path / "a.arrow"))
        assert rows(tmp_path)["recorded_at"].to_list() == [datetime(2023, 3, 1, 20), None], zone  # noqa: DTZ001 - local


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_midnights_read_as_dates(tmp_path, unit):
    naive = pa.array([MIDNIGHT, None], pa.timestamp(unit))
    aware = pa.array([datetime(2023, 2, 28, 16), None], pa.timestamp(unit, "UTC"))  # noqa: DTZ001 - by its type
    parquet(tmp_path / "a.parquet", decided_on=naive, until=aware)
    assert rows(tmp_path).select("decided_on", "until").rows() == [(DAY, DAY), (None, None)]


def test_date64_reads_as_dates(tmp_path):
    pf.write_feather(table(until=pa.array([DAY, None], pa.date64())), str(tmp_path / "a.feather"))
    assert rows(tmp_path)["until"].to_list() == [DAY, None]


def test_a_time_of_day_in_a_date_is_refused_by_file_row_and_count(tmp_path):
    parquet(tmp_path / "a.parquet", until=pa.array([MIDNIGHT, None], pa.timestamp("us")))
    parquet(tmp_path / "b.parquet", until=pa.array([MIDNIGHT, NOON], pa.timestamp("us")))
    with pytest.raises(
        InputRefusedError, match=r"b\.parquet: column until, row 2: .*time of day.*\(1 such\)"
    ):
        rows(tmp_path)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_absurd_times_are_held_within_the_years_that_can_be_shown(tmp_path, unit):
    absurd = pa.array([2**63 - 1, -(2**63)], pa.int64())
    parquet(
        tmp_path / "a.parquet",
        recorded_at=absurd.cast(pa.timestamp(unit, "UTC")),
        until=pa.array([2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32()),
    )
    read = rows(tmp_path)
    assert read["until"].to_list() == [date.max, date.min]
    latest, earliest = read["recorded_at"].to_list()
    assert (latest.year, earliest.year) == ((2262, 1677) if unit == "ns" else (9999, 1))


def test_a_column_of_nulls_alone_reads_as_any_type(tmp_path):
    parquet(tmp_path / "a.parquet", **dict.fromkeys(["until", "quantity", "matter_id"], pa.nulls(2)))
    assert rows(tmp_path).select("until", "quantity", "matter_id").null_count().row(0) == (2, 2, 2)


def test_files_may_differ_in_order_types_and_further_columns(tmp_path):
    parquet(tmp_path / "a.parquet", quantity=pa.array([1, 2], pa.int8()), phone=["x", "y"])
    parquet(tmp_path / "b.parquet", quantity=pa.array([3, 4], pa.int64()), notes=[[1], [2]])
    other = table(matter_id=["m", None])
    pq.write_table(other.select(other.column_names[::-1]), tmp_path / "c.parquet")
    parquet(tmp_path / "d.parquet", other=["x", "y"])
    parquet(tmp_path / "e.parquet")
    read = rows(tmp_path)
    assert read["quantity"].to_list() == [1, 2, 3, 4, *[None] * 6]
    assert read["event_id"].to_list() == ["e1", "e2"] * 5
    assert read["matter_id"].to_list() == [*[None] * 4, "m", *[None] * 5]
    assert [divmod(row, 1 << ROW_BITS) for row in read["source"]] == [(at // 2, at % 2) for at in range(10)]


def test_files_read_together_may_each_have_columns_of_their_own(tmp_path):
    parquet(tmp_path / "a.parquet", phone=["x", "y"])
    parquet(tmp_path / "b.parquet", notes=[[1], [2]])
    assert rows(tmp_path)["event_id"].to_list() == ["e1", "e2"] * 2


def test_a_file_name_is_no_pattern(tmp_path):
    for name in ("a[12].parquet", "a1.parquet", "b*.parquet"):
        parquet(tmp_path / name)
    assert rows(tmp_path).height == 6
    assert rows(tmp_path / "a[12].parquet").height == 2


def test_a_file_that_changes_after_it_was_found_is_refused(tmp_path):
    parquet(tmp_path / "a.parquet")
    files = find(str(tmp_path), "events").files
    parquet(tmp_path / "a.parquet", matter_id=["one", "more"])
    with pytest.raises(InputRefusedError, match=r"a\.parquet: was changed"):
        event_rows.of_files(files)


def test_compressed_short_string_views_are_read(tmp_path):
    views = pa.array(["m", ""], pa.string_view())
    pf.write_feather(table(matter_id=views), str(tmp_path / "a.arrow"), compression="zstd")
    assert rows(tmp_path)["matter_id"].to_list() == ["m", None]


def test_a_damaged_length_is_an_error_of_the_file(tmp_path, monkeypatch):
    pf.write_feather(table(), str(tmp_path / "a.arrow"))
    monkeypatch.setattr(pa.ipc, "open_file", _out_of_memory)
    with pytest.raises(InputRefusedError, match=r"a\.arrow: cannot be read"):
        rows(tmp_path)


def _out_of_memory(*_):
    raise pa.ArrowMemoryError


def test_enums_of_different_words_are_read_together(tmp_path):
    for name, words in {"a": ["declared", "approved"], "b": ["approved", "declined", "declared"]}.items():
        frame = pl.DataFrame(REQUIRED).with_columns(pl.col("status").cast(pl.Enum(words)))
        frame.write_parquet(tmp_path / f"{name}.parquet")
    assert rows(tmp_path)["status"].to_list() == ["approved", "declared"] * 2


def test_empty_strings_are_null_in_required_columns_too(tmp_path):
    parquet(tmp_path / "a.parquet", event_id=["", "e"], matter_id=["", " "])
    assert rows(tmp_path).select("event_id", "matter_id").rows() == [(None, None), ("e", " ")]


def test_folders_carry_columns_that_files_lack(tmp_path):
    lean = pa.table(REQUIRED).drop_columns(["item", "occurred_on"])
    for folder in (
        "occurred_on=2023-03-01/item=a%20b",
        "occurred_on=2023-03-02/item=__HIVE_DEFAULT_PARTITION__",
    ):
        (tmp_path / folder).mkdir(parents=True)
        pq.write_table(lean, tmp_path / folder / "part-0.parquet")
    read = rows(tmp_path).select("occurred_on", "item", "event_id")
    assert read.rows() == [(DAY, "a b", "e1"), (DAY, "a b", "e2"), (NEXT, None, "e1"), (NEXT, None, "e2")]


def test_a_folder_that_its_file_s_own_column_contradicts_is_refused(tmp_path):
    """One of the two is wrong, and nobody here knows which; where they agree, all is well."""
    one = pa.table(REQUIRED).slice(0, 1)
    (tmp_path / "item=pledge").mkdir()
    pq.write_table(one, tmp_path / "item=pledge" / "a.parquet")
    assert rows(tmp_path)["item"].to_list() == ["pledge"]
    parquet(tmp_path / "item=pledge" / "b.parquet")
    with pytest.raises(InputRefusedError, match=r"b\.parquet: column item, row 2: is not what the folder"):
        rows(tmp_path)


def test_a_folder_s_value_that_cannot_be_read_is_refused(tmp_path):
    parquet(tmp_path / "until=tomorrow" / "a.parquet")
    with pytest.raises(InputRefusedError, match=r"a\.parquet: column until in its path"):
        rows(tmp_path)


def test_files_without_rows_are_fine(tmp_path):
    pq.write_table(pa.table(REQUIRED).slice(0, 0), tmp_path / "a.parquet")
    assert rows(tmp_path).height == 0
    parquet(tmp_path / "b.parquet")
    assert rows(tmp_path)["source"].to_list() == [1 << ROW_BITS, (1 << ROW_BITS) + 1]


def test_rows_are_found_again_in_their_files(tmp_path):
    pq.write_table(pa.table(REQUIRED).slice(0, 0), tmp_path / "b.parquet")
    for name in ("a.parquet", "c.parquet"):
        parquet(tmp_path / name)
    pf.write_feather(pa.table(REQUIRED).slice(0, 1), str(tmp_path / "d.arrow"))
    files = find(str(tmp_path), "events").files
    sources = event_rows.of_files(files)["source"]
    assert located(sources.gather([4, 0, 2, 3, 1]), files).rows() == [
        ("d.arrow", 1),
        ("a.parquet", 1),
        ("c.parquet", 1),
        ("c.parquet", 2),
        ("a.parquet", 2),
    ]
    assert located(sources.clear(), files).height == 0


WRONG = {
    "quantity is double, wanted is an integer": {"quantity": [1.0, 2.0]},
    "quantity is string, wanted is an integer": {"quantity": ["1", "2"]},
    "quantity is bool, wanted is an integer": {"quantity": [True, False]},
    "until is int64, wanted is a date": {"until": [1, 2]},
    "until is string, wanted is a date": {"until": ["2023-01-01", None]},
    "recorded_at is date32": {"recorded_at": [DAY, DAY]},
    "event_id is list, wanted is a string": {"event_id": [["a"], []]},
    "member_id is struct, wanted is a string": {"member_id": [{"name": "x"}, None]},
    "member_id is int64, wanted is a string": {"member_id": [1, 2]},
    "member_id is binary, wanted is a string": {"member_id": [b"1", b"2"]},
}


@pytest.mark.parametrize("complaint", WRONG)
def test_a_column_of_another_type_is_named_with_both_types(tmp_path, complaint):
    parquet(tmp_path / "ok.parquet")
    parquet(tmp_path / "wrong.parquet", **WRONG[complaint])
    with pytest.raises(InputRefusedError, match=rf"^events: wrong\.parquet: column {complaint}") as caught:
        rows(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_missing_required_column_is_named(tmp_path):
    pq.write_table(pa.table(REQUIRED).drop_columns(["status"]), tmp_path / "a.parquet")
    with pytest.raises(InputRefusedError, match=r"a\.parquet: required column status is missing"):
        rows(tmp_path)


def test_a_column_that_stands_twice_is_refused(tmp_path):
    twice = table().append_column("item", [["x", "y"]])
    pq.write_table(twice, tmp_path / "a.parquet")
    with pytest.raises(InputRefusedError, match=r"a\.parquet: the header item of column F stands twice"):
        rows(tmp_path)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_text_that_is_not_utf8_is_refused_without_a_cell(tmp_path, ending):
    raw = pa.array(["good", "bad"]).buffers()
    broken = pa.Array.from_buffers(pa.string(), 2, [None, raw[1], pa.py_buffer(b"good\xff\xfe\xfd")])
    columns = table(matter_id=broken)
    if ending == "parquet":
        pq.write_table(columns, tmp_path / "b.parquet")
        parquet(tmp_path / "a.parquet", matter_id=["x", "y"])
    else:
        pf.write_feather(columns, str(tmp_path / "b.arrow"))
    with pytest.raises(InputRefusedError, match=rf"b\.{ending}: cannot be read.*UTF-8") as caught:
        rows(tmp_path)
    assert "good" not in str(caught.value)


PARQUET_NO_MORE = b"PAR1" + b"\xff" * 200 + b"PAR1"
IPC_NO_MORE = b"ARROW1" + b"x" * 300


@pytest.mark.parametrize(
    ("ending", "content", "said"),
    [
        ("parquet", b"", r"is empty \(0 bytes\)"),
        ("arrow", b"", r"is empty \(0 bytes\)"),
        ("parquet", b"PAR1", "cannot be read"),
        ("parquet", PARQUET_NO_MORE, "cannot be read"),
        ("parquet", IPC_NO_MORE, r"is no parquet, but an Arrow IPC file; name it \.arrow"),
        ("arrow", IPC_NO_MORE, "cannot be read"),
        ("arrow", PARQUET_NO_MORE, r"is no ipc, but Parquet; name it \.parquet"),
        ("arrow", b"\xff\xff\xff\xff\0\0", "is an Arrow IPC stream, not an IPC file"),
        ("feather", b"FEA1\0\0\0", "is Feather version 1"),
        ("parquet", b"PK\x03\x04\0\0", "is no parquet, but a workbook or another packed file"),
        ("csv", b"PK\x03\x04\0\0", "is no csv, but a workbook"),
        ("csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is no csv, but an old workbook"),
        (
            "xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "is no workbook, but an old workbook .*, or one with a password",
        ),
        ("csv", b"\x1f\x8b\x08\0", r"is no csv, but packed \(gzip\); unpack it"),
    ],
)
def test_what_is_no_such_file_is_refused_in_its_own_words(tmp_path, ending, content, said):
    (tmp_path / f"a.{ending}").write_bytes(content)
    with pytest.raises(InputRefusedError, match=rf"a\.{ending}: {said}"):
        rows(tmp_path)


def test_of_files_read_together_the_damaged_one_is_named(tmp_path):
    for name in "abc":
        parquet(tmp_path / f"{name}.parquet")
    damaged = bytearray((tmp_path / "b.parquet").read_bytes())
    damaged[4:40] = b"\xff" * 36
    (tmp_path / "b.parquet").write_bytes(damaged)
    with pytest.raises(InputRefusedError, match=r"b\.parquet: cannot be read"):
        rows(tmp_path)
