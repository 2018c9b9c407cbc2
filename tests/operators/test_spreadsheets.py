"""Cells that a spreadsheet might take for formulas are written in one place, which knows of it."""

import re
from pathlib import Path

import jifen_batch

PACKAGE = Path(jifen_batch.__file__).parent
# What writes cells that Excel and its like open; Parquet and JSON tell text from numbers by themselves.
WRITERS = re.compile(
    r"\bxlsxwriter\b|\bopenpyxl\b|\.write_csv\(|\.write_excel\(|\.sink_csv\(|\bcsv\.(?:writer|DictWriter)\b"
)
# By `safe` of the first, what begins with a formula's sign, or its full-width twin, is none.
KNOWS = {
    *("notices/printed/workbook.py", "desk/template/workbook.py"),
    *("desk/export/table_csv.py", "desk/export/table_workbook.py"),
    # Texts that the first hands over, safe already; and those of the list of shared ids, by `safe_texts`.
    *("notices/printed/table_sheet.py", "desk/fleet/page.py"),
}


def test_nothing_else_is_written_for_spreadsheets():
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if WRITERS.search(path.read_text(encoding="utf-8"))
    }
    assert found <= KNOWS
