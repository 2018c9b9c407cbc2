"""Statements: every form that others export is read, and one cell that does not fit refuses the whole."""

import polars as pl
import pytest

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import mapping, sheet_rows, statement
from jifen_batch.inputs.safety import limits

HEAD = "household_id,scoring_year,points\n"
GOOD = HEAD + "TH-01,2023,80\nTH-02,2023,-5\n"
ROWS = [("TH-01", 2023, 80), ("TH-02", 2023, -5)]
CHINESE = "[columns]\nhousehold_id = '户编号'\nscoring_year = ['积分年度', '年度']\npoints = '积分'\n"
IN_CHINESE = "户编号,年度,积分\nTH-01,2023年度,80\nTH-02,２０２３,-5\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.encode("utf-8-sig"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",80", ",+80.0"),
        GOOD.replace(",80", ",８０"),
        GOOD.encode("utf-16"),
        GOOD + "\n,,\n \n",
        "points,备注,scoring_year,household_id\n80,甲,2023,TH-01\n-5,,2023,TH-02\n",
    ],
    ids=[
        "plain",
        "BOM",
        "semicolons",
        "tabs",
        "Windows",
        "whole",
        "full width",
        "UTF-16",
        "blank rows at the end",
        "other columns",
    ],
)
def test_csv_is_read_as_it_comes(read, content):
    assert read(content).rows.rows() == ROWS


WITH_REMARK = "household_id,scoring_year,points,备注\n"
SHORT_ROWS = {
    "the first": "TH-01,2023,80\nTH-02,2023,-5,\n",
    "the last": "TH-01,2023,80,甲\nTH-02,2023,-5\n",
    "the first, and a blank row": "TH-01,2023,80\n\nTH-02,2023,-5,乙\n",
    "all": "TH-01,2023,80\nTH-02,2023,-5\n",
}


@pytest.mark.parametrize("rows", SHORT_ROWS.values(), ids=SHORT_ROWS)
def test_a_row_may_leave_out_empty_cells_at_its_end_wherever_it_stands(read, rows):
    assert read(WITH_REMARK + rows).rows.rows() == ROWS


@pytest.mark.parametrize("where", [0, 1], ids=["first", "last"])
def test_a_row_that_is_too_long_is_refused_and_named_wherever_it_stands(read, where):
    rows = ["TH-01,2023,80,\n", "TH-02,2023,-5,\n"]
    rows[where] = rows[where].replace(",\n", ",甲,乙\n")
    with pytest.raises(InputRefusedError, match=f"row {where + 2}: not as many fields as the header"):
        read(WITH_REMARK + "".join(rows))


TITLES = {
    "as wide as the table": ("2023年积分汇总,,\n", 2),
    "alone on its line": ("2023年积分汇总\n", 2),
    "behind a mark of UTF-8": ("\ufeff2023年积分汇总,,\n", 2),
    "with the day below": ("2023年积分汇总,,\n制表日期：2024年1月5日,,\n", 3),
    "with a blank row below": ("2023年积分汇总\n\n", 3),
    "a second line of headers": ("户编号,年度,积分\n", 2),
}


@pytest.mark.parametrize(("above", "row"), TITLES.values(), ids=TITLES)
def test_what_stands_above_the_header_is_told_with_the_row_that_the_header_has(read, above, row):
    with pytest.raises(InputRefusedError, match=f"row 1 is no header: it stands in row {row}; delete"):
        read(above + GOOD)


@pytest.mark.parametrize(
    "total", ["合计,,75\n", ",,75\n", "小计,,\n"], ids=["named", "unnamed", "of nothing"]
)
def test_a_line_of_totals_is_refused_with_the_way_to_leave_it_out(read, total):
    with pytest.raises(InputRefusedError, match=r"row 4: is empty; .* leave lines of totals out"):
        read(GOOD + total)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk"])
def test_chinese_headers_are_found_in_either_encoding(read, read_mapping, encoding):
    assert read(IN_CHINESE.encode(encoding), read_as=read_mapping(CHINESE)).rows.rows() == ROWS


@pytest.mark.parametrize("kind", [pl.Int16, pl.UInt32, pl.Int64, pl.String])
def test_parquet_is_read_in_any_width_and_as_text(read, kind):
    given = pl.DataFrame(ROWS, schema=["household_id", "scoring_year", "points"], orient="row")
    given = given.with_columns(pl.col("points").abs().cast(kind))
    assert read(given, ".parquet").rows["points"].to_list() == [80, 5]


def test_titles_totals_and_merged_cells_are_read_past(read, read_mapping):
    """The header stands in the third row, the id of merged cells above, and totals below."""
    text = '积分汇总,,\n2023年,,\n户编号,年度,积分\nTH-01,2023,80\n,2022,"1,070"\n合计,,1150\n'
    said = "[file]\nheader_row = 3\nthousands_commas = true\nfill_down = ['household_id']\n"
    said += "skip_rows_where = {'户编号' = '合计'}\n" + CHINESE
    assert read(text, read_as=read_mapping(said)).rows.rows() == [("TH-01", 2023, 80), ("TH-01", 2022, 1070)]


def test_what_the_file_lacks_comes_from_the_mapping(read, read_mapping):
    """A constant year; another system's names of categories, items and quarters."""
    said = "constants = {scoring_year = 2023}\n[values.category]\n'议事类' = '村民议事'\n"
    said += "[values.item]\n'承诺' = 'deliberation.pledge'\n[values.household_id]\n'１号' = 'TH-01'\n"
    text = "household_id,points,category,item,quarter\n1号,5,议事类,承诺,2023年三季度\n"
    found = read(text, read_as=read_mapping(said))
    assert found.keys == ["household_id", "scoring_year", "category", "item", "quarter"]
    assert found.rows.row(0) == ("TH-01", 2023, 5, "村民议事", "deliberation.pledge", "2023Q3")


def test_a_constant_never_covers_a_column(read, read_mapping):
    """Last year's mapping would have put every row of this file into one year."""
    with pytest.raises(
        InputRefusedError, match=r"column scoring_year, and the mapping has a constant for it; "
    ):
        read(GOOD, read_as=read_mapping("constants = {scoring_year = 2023}"))


def test_a_key_that_stands_twice_stays_twice(read):
    assert read(HEAD + "TH-01,2023,80\n" * 2).rows.height == 2


REFUSED = [
    ("", "is empty (0 bytes)"),
    ("\n \n", "has no header in row 1"),
    (HEAD, "has no row"),
    ("\n" + GOOD, "has no header in row 1"),
    ("household_id,points\nTH-01,5\n", "required column scoring_year is missing"),
    (
        "household_id,points,points,scoring_year\nTH-01,5,5,2023\n",
        "the header points of column C stands twice",
    ),
    (HEAD + "TH-01,2023,80,5\n", "row 2: not as many fields as the header, which has 3"),
    (HEAD + "TH-01,2023\nTH-02,2023,5\n", "row 2: not as many fields as the header"),
    (HEAD + 'TH-01,2023,"80\nTH-02,2023,5\n', "row 2: a quotation mark"),
    (HEAD + "TH-01,2023,80\nTH-02,20", "breaks off in row 3"),
    (HEAD.encode() + b"\xff\xff\n", "is no text in UTF-8 or GB18030"),
    (GOOD.encode("utf-16-le"), "is no text in UTF-8, GB18030 or UTF-16 with its byte order mark; save"),
    (GOOD.encode("utf-16")[:-1], "is no text in UTF-16"),
    (HEAD + "TH-01,2023,80\n,2023,5\n", "column household_id, row 3: is empty"),
    (HEAD + "TH-01,2023,\n", "column points, row 2: is empty"),
    (HEAD + "TH-01,2023,7.5\nTH-02,2023,x\n", "rows 2, 3: is no whole number"),
    (HEAD + 'TH-01,2023,"1,234"\n', "thousands_commas"),
    (HEAD + "TH-01,2023,５０点\n", "is no whole number"),
    (HEAD + "TH-01,2023,1e3\n", "is no whole number"),
    (HEAD + "TH-01,2023,nan\n", "is no whole number"),
    (HEAD + f"TH-01,2023,{10**15 + 1}\n", "is beyond 10^15"),
    (HEAD + f"TH-01,2023,-{10**30}\n", "is beyond 10^15"),
    (HEAD + f"TH-01,2023,{10**15}\n" * 1001, "exceed 10^18"),
    (HEAD + "TH-01,1999,5\n", "column scoring_year, row 2: is no scoring_year"),
    (HEAD + "TH-01,2100,5\n", "is no scoring_year"),
    ("household_id,scoring_year,points,quarter\nTH-01,2023,5,三季度\n", "is no quarter"),
    ("household_id,scoring_year,points,category\nTH-01,2023,5,别的\n", "names no category of our books"),
    ("household_id,scoring_year,points,item\nTH-01,2023,5,别的\n", "[values.item]"),
    ("household_id,scoring_year,points,item\nTH-01,2023,5,\n", "column item, row 2: is empty"),
    (",".join(f"c{n}" for n in range(limits.COLUMNS_MAX + 1)), "has more than 10,000 columns"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_malformed_statement_is_refused_with_its_place(read, content, said):
    with pytest.raises(InputRefusedError) as refused:
        read(content)
    assert said in str(refused.value)
    assert str(refused.value).startswith("statement: ")
    assert "; " in str(refused.value)
    assert "别的" not in str(refused.value)


def test_the_largest_points_are_read(read):
    assert read(HEAD + f"TH-01,2023,{10**15}\n").rows["points"].item() == 10**15


@pytest.mark.parametrize(
    ("mapped", "said"),
    [
        ("[columns]\ncategory = '类别'", "required column category is missing"),
        ("[columns]\npoints = ['household_id', 'points']", "has several headers for points"),
        ("[file]\nheader_row = 9", "has no header in row 9"),
        ("[file]\nskip_rows_where = {'户' = '合计'}", "which skip_rows_where names"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_refused(read, read_mapping, mapped, said):
    with pytest.raises(InputRefusedError, match=said):
        read(GOOD, read_as=read_mapping(mapped))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"household_id": ["a"], "scoring_year": [2023], "points": [1.5]}, "column points is double"),
        ({"household_id": [1], "scoring_year": [2023], "points": [1]}, "column household_id is int64"),
        ({"household_id": ["a"], "scoring_year": [1999], "points": [1]}, "row 1: is no scoring_year"),
        ({"household_id": ["a", None], "scoring_year": [2023] * 2, "points": [1] * 2}, "row 2: is empty"),
        ({"household_id": ["a"], "scoring_year": [2023], "points": [-(10**15) - 1]}, r"is beyond 10\^15"),
    ],
)
def test_typed_files_are_looked_at_too(read, frame, said):
    with pytest.raises(InputRefusedError, match=said):
        read(pl.DataFrame(frame), ".parquet")


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".xlsx", ".xls", ".csv"])
def test_a_file_of_another_format_is_refused(read, ending):
    with pytest.raises(InputRefusedError, match="statement: statement"):
        read(b"PK\x03\x04 no table at all \x00", ending)


def test_limits_hold_at_one_more(read, monkeypatch):
    """As many rows, bytes and words as the limit are read, one more is refused."""
    frame = pl.DataFrame(ROWS, schema=["household_id", "scoring_year", "points"], orient="row")
    for rows, limit in ((frame, 2), (pl.concat([frame, frame[:1]]), 2)):
        monkeypatch.setattr(statement, "ROWS_MAX", limit)
        if rows.height <= limit:
            assert read(rows, ".parquet").rows.height == limit
        else:
            with pytest.raises(InputRefusedError, match="more than 2 rows"):
                read(rows, ".parquet")
    monkeypatch.setattr(limits, "CSV_BYTES_MAX", len(GOOD))
    assert read(GOOD).rows.height == 2
    with pytest.raises(InputRefusedError, match="is CSV of more than"):
        read(GOOD + " ")
    monkeypatch.setattr(statement, "WORDS_MAX", 1)
    with pytest.raises(InputRefusedError, match="different values"):
        read(HEAD + "a,2022,5\nb,2023,5\n")


def test_a_file_that_changes_while_it_is_read_is_refused(read, monkeypatch):
    plainly = sheet_rows.open_sheet

    def slowly(file):
        found = plainly(file)
        file.path.write_text(GOOD + "TH-03,2023,5\n", encoding="utf-8")
        return found

    monkeypatch.setattr(sheet_rows, "open_sheet", slowly)
    with pytest.raises(InputRefusedError, match="was changed while it was read"):
        read(GOOD)


def test_files_of_a_folder_have_the_same_columns(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.csv").write_text(
        "household_id,scoring_year,points,quarter\na,2023,5,2023Q1\n", encoding="utf-8"
    )
    known = statement.Known(frozenset(), frozenset())
    with pytest.raises(InputRefusedError, match=r"b\.csv: has other columns than a\.csv"):
        statement.read(str(tmp_path), mapping.Mapping(), known)
    (tmp_path / "b.csv").write_text(GOOD, encoding="utf-8")
    found = statement.read(str(tmp_path), mapping.Mapping(), known)
    assert (found.files, found.rows.height) == (2, 4)


def test_points_in_full_width_digits_and_with_their_unit_are_read(read):
    rows = "".join(
        f"TH-01,{2020 + at},{cell}\n" for at, cell in enumerate(["５５", "55分", "－３ 分", "0分"])
    )
    assert read((HEAD + rows).encode()).rows["points"].to_list() == [55, 55, -3, 0]
