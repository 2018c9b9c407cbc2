"""What a file is by its first bytes, where that is not what its ending says, each in its own words."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from jifen_batch.inputs.files import IPC, PARQUET, WORKBOOK

if TYPE_CHECKING:
    from jifen_batch.inputs.files import InputFile

LOOKED_AT = 8
PARQUET_BEGINS, IPC_BEGINS = (b"PAR1", b"PARE"), b"ARROW1"
FEATHER_V1, STREAM = b"FEA1", b"\xff\xff\xff\xff"
ZIP, COMPOUND, GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
AS_FILE = "write it as an IPC file (write_ipc, not write_ipc_stream; ClickHouse: Arrow, not ArrowStream)"


def check(file: InputFile) -> None:
    """Refuse a file that holds nothing, or something else than its ending says.

    Raises `InputRefusedError`; whatever is not known here is left to whoever reads it.
    """
    try:
        with file.path.open("rb") as source:
            first = source.read(LOOKED_AT)
    except OSError:
        return
    if not first:
        raise file.refuse("is empty (0 bytes)", "send it again")
    if file.format == IPC:
        _check_ipc(file, first)
    found = _named(first)
    if found and found[0] != file.format:
        raise file.refuse(f"is no {file.format}, but {found[1]}", found[2])
    if file.format == WORKBOOK:
        _check_workbook(file, packed=found is not None)


def _check_ipc(file: InputFile, first: bytes) -> None:
    """Refuse what else is called Arrow and Feather."""
    if first.startswith(STREAM):
        raise file.refuse("is an Arrow IPC stream, not an IPC file", AS_FILE)
    if first.startswith(FEATHER_V1):
        raise file.refuse("is Feather version 1, which is read no more", "write it as Feather version 2")


def _check_workbook(file: InputFile, *, packed: bool) -> None:
    """Refuse text under a workbook's name, and a workbook whose end did not come through."""
    if not packed:
        raise file.refuse(
            "is no workbook: it does not begin as one",
            "name it .csv where it is text, or open it in Excel or WPS and save it as .xlsx",
        )
    if not zipfile.is_zipfile(file.path):
        raise file.refuse("breaks off: the end of the workbook is missing", "send the file again")


def _named(first: bytes) -> tuple[str, str, str] | None:
    """The format that first bytes tell, its name, and what to do where another was promised."""
    if first.startswith(PARQUET_BEGINS):
        return PARQUET, "Parquet", "name it .parquet"
    if first.startswith(IPC_BEGINS):
        return IPC, "an Arrow IPC file", "name it .arrow"
    if first.startswith(ZIP):
        return WORKBOOK, "a workbook or another packed file", "name a workbook .xlsx, unpack anything else"
    if first.startswith(COMPOUND):
        return "", "an old workbook (.xls), or one with a password", "save it as .xlsx without a password"
    if first.startswith(GZIP):
        return "", "packed (gzip)", "unpack it"
    return None
