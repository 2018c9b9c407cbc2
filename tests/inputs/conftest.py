"""Workbooks are read by copies of one process."""

import pytest

from jifen_batch.inputs.formats import workbook
from sheet_reader import SheetReader


@pytest.fixture(scope="session")
def sheet_reader(tmp_path_factory):
    reader = SheetReader(tmp_path_factory.mktemp("sheets"))
    yield reader
    reader.close()


@pytest.fixture(autouse=True)
def _read_by_a_copy(sheet_reader, monkeypatch):
    monkeypatch.setattr(workbook, "subprocess", sheet_reader)
