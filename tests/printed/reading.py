"""Printed notices read back by fastexcel, which shares nothing with what wrote them."""

import io
import zipfile

import fastexcel


def sheets(content):
    """The rows of each sheet by its name, every cell as text; what stands on two lines is one word."""
    book = fastexcel.read_excel(content)
    return {
        name: [
            [cell and cell.replace("\n", "") for cell in row]
            for row in book.load_sheet(name, header_row=None, dtypes="string").to_polars().rows()
        ]
        for name in book.sheet_names
    }


def table(rows, header="户编号"):
    """The rows of a sheet's table as documents by its headers; lines above and below it are left out."""
    start = next(at for at, row in enumerate(rows) if header in row)
    headers = rows[start]
    return [dict(zip(headers, row, strict=True)) for row in rows[start + 1 :] if row[1] is not None]


def all_text(content):
    """Everything that stands in a workbook, whatever part of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode() for name in packed.namelist())


def contents(folder):
    """The files of a folder of notices."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
