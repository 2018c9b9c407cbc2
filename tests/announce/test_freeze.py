"""A quarter hangs with all its rows, and its files are for every reader."""

import shutil
from datetime import date

import pyarrow.parquet as pq
import pytest

from announce.village import of_one_night
from jifen_batch.errors import InputRefusedError, InvariantBrokenError
from jifen_batch.published import announced
from jifen_batch.tables import SCHEMA_VERSION
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    return of_one_night(tmp_path_factory.mktemp("scored"))


@pytest.fixture
def village(scored, tmp_path):
    """A copy of it for one test."""
    return scored.copied_to(tmp_path / "village")


def test_rows_that_were_not_written_are_noticed(village, monkeypatch):
    monkeypatch.setattr(pq.ParquetWriter, "write_table", lambda *_: None)
    with pytest.raises(InvariantBrokenError, match="not all rows were written"):
        village.hang("2023Q1")
    assert list((village.out / announced.ANNOUNCED).iterdir()) == []


def test_the_same_quarter_has_the_same_bytes_and_plain_types(village):
    first = village.hang("2023Q1").folder
    kept = {path.name: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    for table in (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS):
        schema = pq.read_schema(first / f"{table.name}.parquet")
        assert schema.names == table.file_names
        kinds = {str(kind) for kind in schema.types}
        assert kinds <= {"string", "int32", "int64", "date32[day]"}
        assert schema.metadata[b"schema_version"] == SCHEMA_VERSION.encode()
    shutil.rmtree(first)
    again = village.hang("2023Q1").folder
    assert {path.name: path.read_bytes() for path in again.rglob("*") if path.is_file()} == kept
    assert {path.stat().st_mode & 0o777 for path in again.rglob("*")} == {0o640, 0o750}


@pytest.mark.parametrize("above", ["county=甲", "quarter=2022Q4"])
def test_an_output_folder_may_lie_below_any_name(scored, tmp_path, above):
    """Readers of datasets take `county=甲` for a column of the rows below it."""
    village = scored.copied_to(tmp_path / above / "village")
    village.hang("2023Q1")
    village.event("late", date(2023, 1, 9))
    village.night(date(2023, 7, 20))
    village.hang("2023Q2")
    assert village.board("2023Q2") == {("east", "wang", "新风"): (0, 5, 5, 10)}


def test_what_is_no_safe_place_is_refused(village):
    hung = village.out / announced.ANNOUNCED
    (hung / "quarter=2023Q1").mkdir(parents=True)
    with pytest.raises(InputRefusedError, match="no announced quarter; move it away"):
        village.hang("2023Q1")
    hung.chmod(0o757)
    with pytest.raises(InputRefusedError, match="chmod o-w"):
        village.hang("2023Q1")
    shutil.rmtree(hung)
    hung.symlink_to(village.out)
    with pytest.raises(InputRefusedError, match="is a link"):
        village.hang("2023Q1")
