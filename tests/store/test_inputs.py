"""The register and the villages: what specification 2.2 calls an error is one, by id and never by name."""

from datetime import date

import polars as pl
import pytest

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import find
from jifen_batch.inputs.run_inputs import OFTEN_SHARED, read_register, read_villages
from jifen_batch.kernels.successions import RENAMING
from jifen_batch.tables import HOUSEHOLDS, VILLAGES

HEAD = "household_id,village_id,town_id,enrolled_on,left_on,householder"
CODED = HOUSEHOLDS.schema | dict.fromkeys(OFTEN_SHARED, pl.Categorical())
VILLAGES_HEAD = "village_id,town_id,village_name,households_total"


@pytest.fixture
def register(tmp_path):
    """The register of a CSV file with these lines."""

    def call(*lines):
        (tmp_path / "register.csv").write_text("\n".join([HEAD, *lines]), encoding="utf-8")
        files = find(str(tmp_path / "register.csv"), "households").files
        return read_register(files, RENAMING.to_frame()).spells

    return call


@pytest.fixture
def villages(tmp_path, register):
    """The villages of a CSV file with these lines, beside a register of one household in v1, t1."""

    def call(*lines):
        (tmp_path / "villages.csv").write_text("\n".join([VILLAGES_HEAD, *lines]), encoding="utf-8")
        return read_villages(
            find(str(tmp_path / "villages.csv"), "villages").files, register("h1,v1,t1,2023-01-01,,")
        )

    return call


def test_the_register_is_sorted_by_bytes_and_without_the_householder(register):
    read = register(
        "b,v2,t1,2023-01-01,,张三", "a,v2,t1,2023-01-01,,", "村,v1,t1,2023-01-01,,", "Z,v1,t1,2023-01-01,,"
    )
    assert read.schema == CODED
    assert read["household_id"].to_list() == ["Z", "村", "a", "b"]


def test_a_household_may_leave_and_return_on_the_same_day(register):
    read = register("h,v1,t1,2024-05-01,,", "h,v1,t1,2023-01-01,2024-05-01,")
    assert read["enrolled_on"].to_list() == [date(2023, 1, 1), date(2024, 5, 1)]


def test_a_register_without_rows_is_allowed(register):
    assert register().schema == CODED


@pytest.mark.parametrize(
    ("complaint", "lines"),
    [
        ("overlap", ["h9,v1,t1,2023-01-01,,某某", "h9,v1,t1,2024-01-01,,某某"]),
        ("overlap", ["h9,v1,t1,2023-01-01,2023-06-02,", "h9,v2,t1,2023-06-01,,"]),
        ("overlap", ["h9,v1,t1,2023-01-01,,", "h9,v1,t1,2023-01-01,,"]),
        ("left_on is not after", ["h9,v1,t1,2023-01-01,2023-01-01,"]),
        ("two towns", ["h1,h9,t1,2023-01-01,,", "h2,h9,t2,2023-01-01,,"]),
    ],
)
def test_impossible_spells_are_refused_by_id(register, complaint, lines):
    with pytest.raises(InputRefusedError, match=f"households: .*{complaint}.* h9;") as caught:
        register("ok,v0,t1,2023-01-01,,", *lines)
    assert "某某" not in str(caught.value)


def test_an_id_that_a_sheet_cut_to_fifteen_digits_is_no_spell_to_end(register):
    twice = ["3101131970010100,v1,t1,2023-01-01,,"] * 2
    with pytest.raises(InputRefusedError, match=r"overlap for household 3101131970010100; .* of several"):
        register("ok,v0,t1,2023-01-01,,", *twice)


def test_a_cell_that_shows_no_more_than_its_width_is_told_so(register):
    with pytest.raises(InputRefusedError, match=r"column enrolled_on, row 2: shows #### .* widen the column"):
        register("h1,v1,t1,########,,")


def test_an_empty_required_cell_is_named_by_file_and_row(register):
    with pytest.raises(InputRefusedError, match=r"register\.csv: column village_id, rows 3, 4: is empty"):
        register("h1,v1,t1,2023-01-01,,", "h2,,t1,2023-01-01,,", "h3,,t1,2023-01-01,,")


def test_many_households_are_not_all_named(register):
    with pytest.raises(InputRefusedError, match="h0, h1, h2, h3, h4 and 3 more;"):
        register(*(f"h{n},v1,t1,2023-01-01,2022-01-01," for n in range(8)))


def test_villages_have_totals_where_given(villages):
    read = villages("v2,t1,,", "v1,t1,桃花村,0")
    assert read.schema == VILLAGES.schema == read_villages([], read).schema
    assert read.select("village_id", "village_name", "households_total").rows() == [
        ("v1", "桃花村", 0),
        ("v2", None, None),
    ]


TOWN_CHANGES = ["a,v1,t1,2023-01-01,2023-07-01,", "a,v1,t2,2023-07-01,,", "b,v1,t1,2022-01-01,2023-02-01,"]


def test_a_village_may_change_its_town_on_a_day(register):
    assert set(register(*TOWN_CHANGES)["town_id"]) == {"t1", "t2"}


@pytest.mark.parametrize(
    "late",
    [
        "c,v1,t1,2023-07-01,,",
        "c,v1,t2,2023-06-30,,",
        "c,v1,t2,2022-12-31,2023-01-01,",
        "c,v1,t3,2024-01-01,,",
    ],
)
def test_a_village_in_two_towns_on_one_day_is_refused(register, late):
    with pytest.raises(InputRefusedError, match="two towns on one day: village v1;"):
        register(*TOWN_CHANGES, "d,v1,t1,2023-01-01,2023-02-01,", late)


@pytest.mark.parametrize(
    ("complaint", "lines"),
    [
        ("more than once: village v9", ["v9,t1,,", "v9,t1,,"]),
        ("for village v9", ["v9,t1,,-1"]),
        ("for village v9", ["v9,t1,,99999999999"]),
        ("two towns: village v1", ["v1,t2,,"]),
        (r"villages\.csv: column town_id, row 2: is empty", ["v9,,,"]),
    ],
)
def test_impossible_villages_are_refused(villages, complaint, lines):
    with pytest.raises(InputRefusedError, match=f"villages: .*{complaint}"):
        villages(*lines)


def test_households_total_may_be_of_any_width(tmp_path, register):
    pl.DataFrame(
        {"village_id": ["v1"], "town_id": ["t1"], "households_total": [300]},
        schema_overrides={"households_total": pl.UInt64},
    ).write_parquet(tmp_path / "v.parquet")
    files = find(str(tmp_path / "v.parquet"), "villages").files
    assert read_villages(files, register()).schema["households_total"] == pl.Int32


@pytest.mark.parametrize(("town", "said"), [("t1.0", "format that column as text"), ("T1", "letters alike")])
def test_a_list_that_writes_a_town_otherwise_is_told_the_pair_and_where(villages, town, said):
    with pytest.raises(InputRefusedError) as refusal:
        villages(f"v1,{town},,", "v2,t9,,")
    english, chinese = refusal.value.sentence
    begin = f"--villages: the column town_id is written otherwise than in the register ('{town}' for 't1'), "
    assert english.startswith(begin)
    assert said in english
    assert "under two towns" not in english
    assert f"'{town}' 应为 't1'" in chinese


def test_a_register_that_writes_a_town_otherwise_than_the_list_is_the_one_to_mend(register, tmp_path):
    (tmp_path / "villages.csv").write_text(f"{VILLAGES_HEAD}\nv1,01,,\n", encoding="utf-8")
    with pytest.raises(InputRefusedError, match=r"--households: the column town_id.*'1' for '01'"):
        read_villages(
            find(str(tmp_path / "villages.csv"), "villages").files, register("h1,v1,1,2023-01-01,,")
        )
