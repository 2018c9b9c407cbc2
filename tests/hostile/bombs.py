"""Small files that claim to hold what no machine can: each made in a moment, in little memory."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

NAMES = ("event_id", "household_id", "item", "occurred_on", "status")
NOTHING = {name: pa.nulls(1) for name in NAMES}
BATCH_ROWS = 1_000_000


def fifty_gigabytes_of_text(path):
    """A million rows of one text of 50,000 bytes."""
    one = pa.DictionaryArray.from_arrays(
        pa.nulls(BATCH_ROWS, pa.int32()).fill_null(0), pa.array(["x" * 50_000])
    )
    nulls = {name: pa.nulls(BATCH_ROWS) for name in NAMES}
    pq.write_table(pa.table(nulls | {"event_id": one}), path, compression="zstd")


def four_gigabytes_of_text(path):
    """A million rows of one text that is as long as a text may be."""
    one = pa.DictionaryArray.from_arrays(
        pa.nulls(BATCH_ROWS, pa.int32()).fill_null(0), pa.array(["x" * 4_096])
    )
    nulls = {name: pa.nulls(BATCH_ROWS) for name in NAMES}
    pq.write_table(pa.table(nulls | {"event_id": one}), path, compression="zstd")


def thirty_million_rows(path):
    """Thirty million rows of nothing."""
    rows = pa.table({name: pa.nulls(BATCH_ROWS) for name in NAMES})
    with pq.ParquetWriter(path, rows.schema, compression="zstd") as writer:
        for _ in range(30):
            writer.write_table(rows, row_group_size=BATCH_ROWS)


def rows_in_many_files(path):
    """The same in files none of which would be asked about."""
    path.mkdir()
    rows = pa.table({name: pa.nulls(BATCH_ROWS // 2) for name in NAMES})
    for number in range(4):
        pq.write_table(rows, path / f"{number}.parquet", compression="zstd")


def pages_that_swell(path):
    """300 MB of one letter."""
    texts = pa.array(["x" * 4_000] * 15_000)
    rows = pa.table({name: pa.nulls(len(texts)) for name in NAMES} | {"event_id": texts})
    with pq.ParquetWriter(path, rows.schema, compression="zstd", use_dictionary=False) as writer:
        for _ in range(5):
            writer.write_table(rows)


def a_footer_of_megabytes(path):
    """A footer of 18 MB."""
    pq.write_table(pa.table(NOTHING).replace_schema_metadata({"x": "x" * 8_000_000}), path)


def five_hundred_levels(path):
    """500 structs, one in another: polars 2.1 ends the process that reads it."""
    kind = pa.int8()
    for _ in range(500):
        kind = pa.struct([("s", kind)])
    pq.write_table(pa.table(NOTHING | {"nested": pa.nulls(1, kind)}), path)


def a_hundred_thousand_columns(path):
    """As many columns, in IPC."""
    table = pa.table(dict.fromkeys((f"c{number}" for number in range(100_000)), pa.nulls(1)))
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def batches_that_swell(path):
    """400 MB of zeros in one compressed buffer of IPC."""
    numbers = pa.nulls(50_000_000, pa.int64()).fill_null(0)
    columns = {name: pa.nulls(len(numbers)) for name in NAMES}
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(
        path, (table := pa.table(columns | {"quantity": numbers})).schema, options=options
    ) as file:
        file.write_table(table)


def two_thousand_million_rows(path):
    """A batch of as many nulls as IPC can name, which take no bytes at all."""
    nothing = pa.Array.from_buffers(pa.null(), 2**31 - 1, [None])
    batch = pa.record_batch(dict.fromkeys(NAMES, nothing))
    with pa.ipc.new_file(path, batch.schema) as writer:
        writer.write_batch(batch)


def a_header_of_commas(path):
    """A header of 20 million columns, in CSV."""
    path.write_bytes(b"," * 20_000_000 + b"\n")


def a_workbook_that_swells(path):
    """A sheet of 300 MB, packed into less than one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        with parts.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(30):
                sheet.write(b"<row/>" * 1_750_000)


def a_workbook_of_cells_far_apart(path):
    """Two cells, at both ends of the largest sheet."""
    import fastexcel  # noqa: F401, PLC0415 - the reader must be there for the file to be read at all

    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )
    path.write_bytes(workbook(sheet))


def workbook(sheet: str) -> bytes:
    """A workbook of one sheet."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        parts.writestr("xl/worksheets/sheet1.xml", sheet)
    return content.getvalue()


DAY = date(2023, 3, 1)
BOMBS = {
    fifty_gigabytes_of_text: ("parquet", "a text of more than 4,096 bytes"),
    four_gigabytes_of_text: ("parquet", "texts of up to 1,000 times its size"),
    thirty_million_rows: ("parquet", "more than 4 rows for each of its bytes, "),
    rows_in_many_files: ("", "more than 4 rows for each of its bytes, "),
    pages_that_swell: ("parquet", "unpacks to more than 100 times its size"),
    a_footer_of_megabytes: ("parquet", "describes itself with more than 16,777,216 bytes"),
    five_hundred_levels: ("parquet", "cannot be read as parquet"),
    a_hundred_thousand_columns: ("arrow", "more than 10,000 columns (100,000)"),
    batches_that_swell: ("arrow", "for each of its bytes, 50,000,000 in all"),
    two_thousand_million_rows: ("arrow", "more than 2,000,000,000 rows"),
    a_header_of_commas: ("csv", "describes itself with more than 16,777,216 bytes"),
    a_workbook_that_swells: ("xlsx", "unpacks to more than 100 times its size"),
    a_workbook_of_cells_far_apart: ("xlsx", "has cells far apart"),
}
