"""Files that ended the process that read them, read again one by one, to know which of them it was.

Started as `python -m jifen_batch.inputs.safety.probe NOTE`, with what was read in the note. Before each
file's layout, and each of its columns, the note says so; if this process ends likewise, the note
has the culprit. Only Parquet files are read several at once; of the others the note knew the file already.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

import polars as pl
import pyarrow.parquet as pq

from jifen_batch.inputs.files import FORMATS, PARQUET
from jifen_batch.inputs.formats import arrow_rows
from jifen_batch.inputs.safety import reading_now


def main(handle: int) -> None:
    """Read each file and column by itself; only what ends the process is of interest."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reading = reading_now.last(handle) or reading_now.ReadingNow([], None)
    reading_now.tell_to(handle)
    for file in reading.files:
        if FORMATS.get(file.path.suffix.lower()) != PARQUET:
            continue
        with reading_now.on([file]), suppress(Exception):
            has = pq.read_schema(file.path).names
            for column in [name for name in reading.columns or () if name in has]:
                with reading_now.on([file], [column]), suppress(Exception):
                    for rows in arrow_rows.parquet_rows(file, [column]):
                        pl.from_arrow(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]))
