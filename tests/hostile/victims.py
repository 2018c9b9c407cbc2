"""Good files of every form and role, to be broken; small, for every byte of them is to be hit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pyarrow as pa
import pyarrow.feather as pf
import pyarrow.parquet as pq

from hostile.bombs import workbook

ROWS = 60
DAY = date(2023, 3, 1)


def events():
    """Rows with every column that events may have."""
    numbers = range(ROWS)
    return pa.table(
        {
            "event_id": [f"e{number:05}" for number in numbers],
            "household_id": [f"h{number % 7}" for number in numbers],
            "item": ["deliberation.pledge" if number % 2 else "waste.sorting" for number in numbers],
            "occurred_on": [DAY + timedelta(days=number) for number in numbers],
            "status": ["approved"] * ROWS,
            "decided_on": [DAY if number % 3 else None for number in numbers],
            "recorded_at": [datetime(2023, 3, 1, number % 24) for number in numbers],  # noqa: DTZ001 - local
            "matter_id": [None if number % 4 else "m" for number in numbers],
            "quantity": pa.array([number % 5 + 1 for number in numbers], pa.int16()),
        }
    )


def register():
    """A register."""
    return pa.table(
        {
            "household_id": [f"h{number}" for number in range(ROWS)],
            "village_id": [f"v{number % 3}" for number in range(ROWS)],
            "town_id": ["t"] * ROWS,
            "enrolled_on": [DAY] * ROWS,
            "householder": ["沈长庚"] * ROWS,
        }
    )


def villages():
    """Names of villages."""
    return pa.table({"village_id": ["v0", "v1"], "town_id": ["t", "t"], "households_total": [40, 50]})


def redemptions():
    """Points spent."""
    return pa.table(
        {
            "redemption_id": [f"r{number}" for number in range(ROWS)],
            "household_id": ["h1"] * ROWS,
            "redeemed_on": [DAY] * ROWS,
            "points": [number + 1 for number in range(ROWS)],
            "status": ["done"] * ROWS,
        }
    )


def statement():
    """Somebody else's balances."""
    return pa.table(
        {
            "household_id": [f"h{number}" for number in range(ROWS)],
            "scoring_year": [2023] * ROWS,
            "points": [*range(ROWS)],
        }
    )


def parquet(**settings):
    """A writer of Parquet."""
    return lambda table, path: pq.write_table(table, path, **settings)


def polars(table, path):
    """The files of our own feed."""
    pl.DataFrame(pl.from_arrow(table)).write_parquet(path, compression="zstd", row_group_size=25)


def ipc(compression):
    """A writer of IPC."""
    return lambda table, path: pf.write_feather(table, str(path), compression=compression, chunksize=25)


def csv(table, path):
    """Text."""
    pl.DataFrame(pl.from_arrow(table)).write_csv(path)


def xlsx(table, path):
    """A workbook."""
    rows = [table.column_names, *(row.values() for row in table.to_pylist())]
    cells = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in rows)
    body = "".join(f"<row>{row}</row>" for row in cells)
    path.write_bytes(
        workbook(
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{body}</sheetData></worksheet>"
        )
    )


CHECKED = {"compression": "zstd", "row_group_size": 25, "write_page_checksum": True}
FORMS = {
    "checked.parquet": parquet(**CHECKED),
    "checked-v2.parquet": parquet(**CHECKED, data_page_version="2.0", data_page_size=64, write_batch_size=8),
    "plain.parquet": parquet(compression="none", use_dictionary=False, write_statistics=False),
    "snappy.parquet": parquet(compression="snappy", row_group_size=25),
    "delta.parquet": parquet(
        compression="gzip",
        use_dictionary=False,
        column_encoding={"event_id": "DELTA_BYTE_ARRAY", "household_id": "DELTA_LENGTH_BYTE_ARRAY"},
    ),
    "polars.parquet": polars,
    "zstd.arrow": ipc("zstd"),
    "plain.arrow": ipc("uncompressed"),
    "plain.csv": csv,
}
# Every form with events, and every role in some form.
VICTIMS = {
    **{f"events {form}": ("events", events, form, write) for form, write in FORMS.items()},
    **{
        f"{role} {form}": (role, table, form, FORMS.get(form, xlsx))
        for role, table, form in (
            ("households", register, "snappy.parquet"),
            ("households", register, "plain.csv"),
            ("villages", villages, "plain.arrow"),
            ("redemptions", redemptions, "polars.parquet"),
            ("statement", statement, "snappy.parquet"),
            ("statement", statement, "zstd.arrow"),
            ("statement", statement, "plain.csv"),
            ("statement", statement, "book.xlsx"),
        )
    },
}
