"""What an input may claim: the last that is allowed is read, one more is refused by name."""

from datetime import date

import polars as pl
import pyarrow as pa
import pyarrow.feather as pf
import pyarrow.parquet as pq
import pytest

import event_rows
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import pieces
from jifen_batch.inputs.safety import limits, page_headers

DAY = date(2023, 3, 1)
ENDINGS = ("parquet", "arrow", "csv")


def table(rows=2, **columns):
    required = {
        "event_id": [f"e{number}" for number in range(rows)],
        "household_id": ["h1"] * rows,
        "item": ["pledge"] * rows,
        "occurred_on": [DAY] * rows,
        "status": ["approved"] * rows,
    }
    return pa.table(required | columns)


def write(path, content, **settings):
    if path.suffix == ".parquet":
        pq.write_table(content, path, **settings)
    elif path.suffix == ".arrow":
        pf.write_feather(content, str(path), **({"compression": "zstd"} | settings))
    else:
        pl.DataFrame(pl.from_arrow(content)).write_csv(path)


def rows(place):
    return event_rows.events(place)


def refusal(place):
    with pytest.raises(InputRefusedError) as caught:
        rows(place)
    assert str(caught.value).startswith("events: a")
    return str(caught.value)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("name", ["household_id", "item", "matter_id"])
def test_a_text_may_be_as_long_as_the_limit_and_no_longer(tmp_path, monkeypatch, ending, dictionary, name):
    monkeypatch.setattr(pieces, "ROWS_PER_NAME", 0)
    file = tmp_path / f"a.{ending}"
    kind = pa.dictionary(pa.int8(), pa.string()) if dictionary and ending == "arrow" else pa.string()
    settings = {"use_dictionary": dictionary} if ending == "parquet" else {}
    longest = "x" * limits.STRING_BYTES_MAX
    write(file, table(**{name: pa.array(["m", longest]).cast(kind)}), **settings)
    assert rows(file)[name].to_list() == ["m", longest]
    write(file, table(**{name: pa.array(["m", longest + "x"]).cast(kind)}), **settings)
    if ending == "csv":
        assert rows(file)[name].to_list() == ["m"]
        (told,) = event_rows.unreadable(file)["detail"]
        assert name in told
        assert "x" * 40 not in told
        return
    said = refusal(file)
    assert f"column {name}" in said
    assert "4,096 bytes" in said
    assert "xxx" not in said


def test_characters_are_counted_as_the_bytes_that_they_take(tmp_path):
    write(tmp_path / "a.csv", table(matter_id=["m", "长" * (limits.STRING_BYTES_MAX // 3 + 1)]))
    assert rows(tmp_path)["matter_id"].to_list() == ["m"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_columns_are_counted_also_those_that_are_not_read(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(limits, "COLUMNS_MAX", 8)
    file = tmp_path / f"a.{ending}"
    write(file, table(x=[1, 2], y=[1, 2], z=[1, 2]))
    assert rows(file).height == 2
    write(file, table(x=[1, 2], y=[1, 2], z=[1, 2], one_more=[1, 2]))
    assert "more than 8 columns (9)" in refusal(file)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_types_may_be_nested_down_to_the_limit(tmp_path, ending):
    file = tmp_path / f"a.{ending}"
    for wrap in (pa.list_, lambda kind: pa.struct([("s", kind)]), lambda kind: pa.map_(pa.string(), kind)):
        kind = pa.int8()
        levels = limits.NESTING_MAX // 2 if pa.types.is_map(wrap(kind)) else limits.NESTING_MAX
        for _ in range(levels):
            kind = wrap(kind)
        write(file, table(nested=pa.nulls(2, kind)))
        assert rows(file).height == 2
        write(file, table(nested=pa.nulls(2, wrap(kind))))
        assert "column 'nested' is nested deeper than 16 levels" in refusal(file)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_row_groups_are_counted(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(limits, "ROW_GROUPS_MAX", 3)
    file = tmp_path / f"a.{ending}"
    settings = {"row_group_size": 1} if ending == "parquet" else {"chunksize": 1}
    write(file, table(3), **settings)
    assert rows(file).height == 3
    write(file, table(4), **settings)
    assert "more than 3 row groups (4)" in refusal(file)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_file_says_of_itself_may_be_as_long_as_the_limit_and_no_longer(tmp_path, monkeypatch, ending):
    file = tmp_path / f"a.{ending}"
    write(file, table())
    sizes, check = [], limits.check_metadata
    with monkeypatch.context() as patched:
        patched.setattr(limits, "check_metadata", lambda file, size: (sizes.append(size), check(file, size)))
        rows(file)
    assert max(sizes) > 40
    monkeypatch.setattr(limits, "METADATA_BYTES_MAX", max(sizes))
    assert rows(file).height == 2
    monkeypatch.setattr(limits, "METADATA_BYTES_MAX", max(sizes) - 1)
    assert "describes itself with more than" in refusal(file)


def test_csv_is_for_small_inputs(tmp_path, monkeypatch):
    write(tmp_path / "a.csv", table())
    size = (tmp_path / "a.csv").stat().st_size
    monkeypatch.setattr(limits, "CSV_BYTES_MAX", size)
    assert rows(tmp_path).height == 2
    monkeypatch.setattr(limits, "CSV_BYTES_MAX", size - 1)
    assert "send it as Parquet" in refusal(tmp_path)


def test_files_are_counted(tmp_path, monkeypatch):
    for name in "abc":
        write(tmp_path / f"{name}.parquet", table())
    monkeypatch.setattr(limits, "FILES_MAX", 3)
    assert rows(tmp_path).height == 6
    monkeypatch.setattr(limits, "FILES_MAX", 2)
    assert "more than 2 files (3)" in refusal(tmp_path)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@pytest.mark.parametrize("several", [True, False])
def test_rows_are_counted_over_all_files_of_an_input(tmp_path, monkeypatch, ending, several):
    if several:
        write(tmp_path / f"a.{ending}", table(3))
        write(tmp_path / f"a2.{ending}", table(4))
    else:
        write(tmp_path / f"a.{ending}", table(7), **({"row_group_size": 3} if ending == "parquet" else {}))
    monkeypatch.setattr(limits, "ROWS_MAX", 7)
    assert rows(tmp_path).height == 7
    monkeypatch.setattr(limits, "ROWS_MAX", 6)
    assert "the input has more than 6 rows" in refusal(tmp_path)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_more_rows_than_bytes_can_hold_are_asked_about_only_when_they_are_many(tmp_path, monkeypatch, ending):
    count = 50_000
    file = tmp_path / f"a.{ending}"
    same = {
        name: pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int8()), pa.array(["x"]))
        for name in table().column_names
    }
    write(file, pa.table(same | {"occurred_on": [DAY] * count}), compression="zstd")
    size = file.stat().st_size
    monkeypatch.setattr(limits, "ROWS_UNQUESTIONED", count)
    monkeypatch.setattr(limits, "ROWS_PER_BYTE_MAX", 1)
    assert count > size
    assert rows(file).height == count
    monkeypatch.setattr(limits, "ROWS_UNQUESTIONED", count - 1)
    assert f"more than 1 rows for each of its bytes, {count:,} in all" in refusal(file)
    monkeypatch.setattr(limits, "ROWS_PER_BYTE_MAX", -(-count // size))
    assert rows(file).height == count


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_what_unpacks_to_much_more_than_its_size_is_asked_about_when_it_is_large(
    tmp_path, monkeypatch, ending
):
    file = tmp_path / f"a.{ending}"
    settings = {"use_dictionary": False} if ending == "parquet" else {}
    write(file, table(3000, matter_id=["x" * 1000] * 3000), compression="zstd", **settings)
    claimed, add = [], limits.FileClaims.add

    def noted(self, file, **claims):
        claimed.append(claims["unpacked"])
        add(self, file, **claims)

    monkeypatch.setattr(limits.FileClaims, "add", noted)
    assert rows(file).height == 3000
    assert claimed[0] > 3_000_000
    monkeypatch.setattr(limits, "UNPACKED_BYTES_UNQUESTIONED", claimed[0])
    monkeypatch.setattr(limits, "UNPACKED_PER_BYTE_MAX", 1)
    assert rows(file).height == 3000
    monkeypatch.setattr(limits, "UNPACKED_BYTES_UNQUESTIONED", claimed[0] - 1)
    assert "unpacks to more than 1 times its size" in refusal(file)


def test_texts_of_a_dictionary_count_as_often_as_they_may_stand(tmp_path, monkeypatch):
    file = tmp_path / "a.parquet"
    write(file, table(1000, matter_id=["x" * 1000] * 1000), compression="zstd")
    # Event ids of up to four bytes and the matters; of "h1", "pledge" and "approved", which are little, the
    # whole dictionary, each text after its length.
    texts = 1000 * (4 + 1000 + (4 + 2) + (4 + 6) + (4 + 8))
    monkeypatch.setattr(limits, "TEXT_PER_BYTE_MAX", 1)
    monkeypatch.setattr(limits, "TEXT_BYTES_UNQUESTIONED", texts)
    assert rows(file).height == 1000
    monkeypatch.setattr(limits, "TEXT_BYTES_UNQUESTIONED", texts - 1)
    assert f"holds texts of up to 1 times its size, {texts:,} bytes" in refusal(file)


def test_pages_are_held_to_a_size_and_a_number(tmp_path, monkeypatch):
    file = tmp_path / "a.parquet"
    write(file, table(500), use_dictionary=False, compression="none", data_page_size=100, write_batch_size=10)
    walked, page = [], page_headers._Walk._page  # noqa: SLF001 - how many there are is the library's choice
    with monkeypatch.context() as patched:
        walk = page_headers._Walk  # noqa: SLF001
        patched.setattr(walk, "_page", lambda self, at: (walked.append(page(self, at)), walked[-1])[1])
        assert rows(file).height == 500
    count, largest = len(walked), max(one.unpacked for one in walked)
    assert count > 100
    for name, most, said in (
        ("PAGES_MAX", count, f"more than {count - 1:,} pages"),
        ("PAGE_BYTES_MAX", largest, f"a page of more than {largest - 1:,} bytes"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(limits, name, most)
            assert rows(file).height == 500
            patched.setattr(limits, name, most - 1)
            assert said in refusal(file)
