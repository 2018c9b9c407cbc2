"""Published runs are found by name and read back as they were written."""

import polars as pl
import pytest

from jifen_batch.errors import InputRefusedError
from jifen_batch.published import manifest, publish, runs
from jifen_batch.published.parquet_form import write_table
from jifen_batch.tables import ANNOUNCEMENTS

IDS = ("aaaa000000000000", "aaaa111111111111", "bbbb000000000000")


def announcement(quarter, household):
    row = dict.fromkeys(ANNOUNCEMENTS.names, 1) | {"town_id": "t", "village_id": "v", "category": "c"}
    return row | {"quarter": quarter, "household_id": household, "scoring_year": 2023}


@pytest.fixture
def out(tmp_path):
    """Three published runs, the last one current; the first has announcements of two quarters."""
    for number, run_id in enumerate(IDS):
        folder = publish.begin(tmp_path, run_id)
        if not number:
            rows = [announcement("2023Q4", "a"), announcement("2024Q1", "a")]
            frame = pl.DataFrame(rows, schema=ANNOUNCEMENTS.schema)
            write_table(frame, ANNOUNCEMENTS, folder, 0)
        publish.commit(tmp_path, folder, run_id, {"outputs": manifest.of_outputs(folder)})
    return tmp_path


def test_a_run_is_named_by_its_beginning_or_as_current(out):
    assert runs.find(out, "bbbb").name == IDS[2]
    assert runs.find(out, IDS[0]).name == IDS[0]
    assert runs.find(out, "current").name == IDS[2]


@pytest.mark.parametrize("named", ["aaaa", "cccc", "bbb", "", "../runs", "*"])
def test_a_name_that_means_no_run_or_several_is_refused(out, named):
    with pytest.raises(InputRefusedError, match="run"):
        runs.find(out, named)


def test_the_column_of_the_path_comes_back(out):
    rows = runs.read(runs.find(out, IDS[0]), ANNOUNCEMENTS)
    assert rows.schema == ANNOUNCEMENTS.schema
    assert rows["quarter"].to_list() == ["2023Q4", "2024Q1"]


def test_a_table_without_a_file_has_its_columns_and_no_row(out):
    rows = runs.read(runs.find(out, IDS[1]), ANNOUNCEMENTS)
    assert rows.schema == ANNOUNCEMENTS.schema
    assert rows.height == 0
