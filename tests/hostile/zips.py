"""Workbooks whose packing is damaged on purpose: streams, checksums, flags, sizes and directories."""

from __future__ import annotations

import io
import struct
import zipfile

import xlsxwriter

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCATOR, END_64 = b"PK\x06\x07", b"PK\x06\x06"
PARTS = (
    *("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
    *("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"),
)


def sound(table, path):
    """A workbook as a spreadsheet program saves it, with shared strings and styles."""
    book = xlsxwriter.Workbook(str(path))
    sheet, day = book.add_worksheet("登记"), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(table.column_names):
        sheet.write(0, column, name)
    for at, row in enumerate(table.to_pylist(), 1):
        for column, cell in enumerate(row.values()):
            if hasattr(cell, "year"):
                sheet.write_datetime(at, column, cell, day)
            elif cell is not None:
                sheet.write(at, column, cell)
    book.close()


def _headers(content, part):
    """Where a part's local header, central header and packed bytes begin, and how many these are."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        found = parts.getinfo(part)
    names = struct.unpack_from("<HH", content, found.header_offset + 26)
    central = content.index(CENTRAL, content.rindex(LOCAL))
    while content[central + 46 : central + 46 + len(part)] != part.encode():
        central = content.index(CENTRAL, central + 4)
    return found.header_offset, central, found.header_offset + 30 + sum(names), found.compress_size


def _put(content, at, bytes_):
    return content[:at] + bytes_ + content[at + len(bytes_) :]


def flipped(content, part):
    """Bytes in the middle of the stream are others."""
    _, _, at, size = _headers(content, part)
    middle = at + size // 2
    return _put(content, middle, bytes(sign ^ 0x5A for sign in content[middle : middle + 4]))


def no_stream(content, part):
    """The stream begins as none does."""
    _, _, at, _ = _headers(content, part)
    return _put(content, at, b"\xff\xff\xff\xff")


def cut_stream(content, part):
    """The stream ends early."""
    local, central, _, size = _headers(content, part)
    less = struct.pack("<I", size // 2)
    return _put(_put(content, local + 18, less), central + 20, less)


def other_checksum(content, part):
    """The checksum is another's."""
    local, central, _, _ = _headers(content, part)
    return _put(_put(content, local + 14, b"\x01\x02\x03\x04"), central + 16, b"\x01\x02\x03\x04")


def encrypted(content, part):
    """It is said to be encrypted."""
    local, central, _, _ = _headers(content, part)
    return _put(_put(content, local + 6, b"\x01\x00"), central + 8, b"\x01\x00")


def _method(number):
    def packed(content, part):
        local, central, _, _ = _headers(content, part)
        how = struct.pack("<H", number)
        return _put(_put(content, local + 8, how), central + 10, how)

    packed.__name__ = f"method_{number}"
    return packed


def sizes_elsewhere(content, part):
    """Its sizes stand in an extra field that is not there."""
    _, central, _, _ = _headers(content, part)
    return _put(content, central + 20, b"\xff" * 8)


def huge(content, part):
    """It is said to unpack to two gigabytes."""
    _, central, _, _ = _headers(content, part)
    return _put(content, central + 24, b"\xff\xff\xff\x7f")


def place_beyond(content, part):
    """It is said to lie beyond the end."""
    _, central, _, _ = _headers(content, part)
    return _put(content, central + 42, b"\xf0\xff\xff\x7f")


def no_text(content, part):
    """Its name is no UTF-8, though it says so."""
    _, central, _, _ = _headers(content, part)
    return _put(_put(content, central + 8, b"\x00\x08"), central + 46, b"\xff\xfe")


OF_PARTS = (
    *(flipped, no_stream, cut_stream, other_checksum, encrypted),
    *(_method(number) for number in (12, 14, 9, 99)),
    *(sizes_elsewhere, huge, place_beyond, no_text),
)


def cut_directory(content):
    """The directory is half there, and its end stands after it."""
    end = content.rindex(END)
    return content[: content.index(CENTRAL) + 60] + content[end:]


def _end(offset, bytes_):
    def changed(content):
        return _put(content, content.rindex(END) + offset, bytes_)

    return changed


def _with_locator(disks, place):
    """A zip64 end that is said to lie somewhere, on so many disks."""

    def changed(content):
        end = content.rindex(END)
        real = END_64 + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 5, 5, 1 << 62, 1 << 62)
        locator = LOCATOR + struct.pack("<IQI", 0, place, disks)
        return content[:end] + real + locator + _put(content[end:], 8, b"\xff" * 12)

    return changed


OF_WHOLE = {
    "cut directory": cut_directory,
    "directory beyond": _end(16, b"\x00\x00\xff\x7f"),
    "directory too long": _end(12, b"\xff\xff\xff\x7f"),
    "too many entries": _end(8, b"\xff\x7f\xff\x7f"),
    "no entries": _end(8, b"\x00\x00\x00\x00"),
    "zip64 elsewhere": _end(8, b"\xff" * 12),
    "zip64 on two disks": _with_locator(2, 0),
    "zip64 that lies": _with_locator(1, 1 << 63),
    "no zip64 end": _with_locator(1, 0),
}


def rewritten(content, part, text):
    """A workbook, soundly packed, of which a part holds other text."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fresh,
    ):
        for name in parts.namelist():
            fresh.writestr(name, text if name == part else parts.read(name))
    return made.getvalue()


def other_digit(content):
    """A workbook, its sheet packed without compression, in which one digit of a cell fell over."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(made, "w") as fresh:
        for name in parts.namelist():
            fresh.writestr(name, parts.read(name))
    packed = made.getvalue()
    at = packed.index(b"<v>", packed.index(b'<c r="I3"')) + 3
    return _put(packed, at, b"9" if packed[at : at + 1] != b"9" else b"8")
