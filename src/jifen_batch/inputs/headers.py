"""A file's headers held against the columns of its input: found, nearly it, twice, or missing.

A header that is ours but for case, width, blanks or what nobody sees would be an extra column that is
ignored, and the column would be null: a pledge without its `until` runs to December.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jifen_batch.inputs.column_types import wanted_name
from jifen_batch.inputs.formats.sheet import letters
from jifen_batch.inputs.mapping import Mapping
from jifen_batch.inputs.roles import ROLES
from jifen_batch.inputs.words import look, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.formats.sheet import Sheet
    from jifen_batch.tables import Table

SHOWN_CHARACTERS = 40
OF_OURS = "call it so, or name it under [columns] of --mapping"
NO_MAPPING = Mapping()


def faults(file: InputFile, names: Sequence[str], table: Table) -> Iterator[InputRefusedError]:
    """Headers that stand twice, and those that are nearly one of the input's columns."""
    counted = Counter(name for name in map(plain, names) if name)
    for name, count in counted.items():
        if count > 1:
            places = [letters(n) for n, other in enumerate(names) if plain(other) == name]
            # Where a file has no headers, its first cells stand in their place.
            named = f"the header {name} of column" if name in table.names else "the header of column"
            yield file.refuse(f"{named} {places[1]} stands twice", "keep one of them")
    for meant, name in nearly(file, names, table).items():
        yield file.refuse(f"the header {shown(name)} is nearly {meant}", OF_OURS)


def nearly(file: InputFile, names: Sequence[str], table: Table) -> dict[str, str]:
    """Headers, and keys of Hive folders, that only look like one of the input's columns, by that column."""
    whole = ROLES.get(file.role, table)
    mapping = file.mapping or NO_MAPPING
    named = {header for headers in mapping.headers.values() for header in headers}
    ours = {look(name): name for name in (*whole.names, *table.names)}
    looks = {name: ours.get(look(name)) for name in (*names, *file.hive) if plain(name) not in named}
    return {meant: name for name, meant in looks.items() if meant and compared(file, name) != meant}


def compared(file: InputFile, header: str) -> str:
    """A header as it is compared with ours: as it is, or plain where a mapping says how the file reads."""
    return plain(header) if file.mapping else header


def missing(file: InputFile, names: Sequence[str], columns: dict[str, pl.DataType]) -> InputRefusedError:
    """The complaint about required columns that are not there, by their types."""
    mapped = (file.mapping or NO_MAPPING).headers
    looked_for = [header for column in columns for header in mapped.get(column, [])]
    one = len(columns) == 1
    named = f"required column{'' if one else 's'} {', '.join(columns)} {'is' if one else 'are'} missing"
    if looked_for:
        named += f", looked for under {' or '.join(looked_for)}"
    elif one:
        named += f", wanted is {wanted_name(next(iter(columns.values())))}"
    add = "add the column, or name its header under [columns] of --mapping"
    if any(sign in name for name in names for sign in (";", "\t", "|")) and len(names) == 1:
        add = "part the columns by commas, semicolons or tabs"
    return file.refuse(named, add)


def no_header(sheet: Sheet, table: Table) -> InputRefusedError | None:
    """The complaint where the header's row is none, because another one further down is; else null."""
    mapping = sheet.file.mapping or NO_MAPPING
    wanted = [
        set(mapping.headers.get(name, [name])) for name in table.required if name not in mapping.constants
    ]
    for at, cells in enumerate(sheet.head):
        held = {compared(sheet.file, cell) for cell in cells}
        # A file with commas and a title without: its lines may have been cut by another sign.
        for sign in ",;\t" if len(cells) == 1 else "":
            held |= {compared(sheet.file, cell) for cell in cells[0].split(sign)}
        if at + 1 != sheet.header_row and wanted and all(held & headers for headers in wanted):
            return sheet.file.refuse(
                f"row {sheet.header_row} is no header: it stands in row {at + 1}",
                f"delete the rows above it, or write header_row = {at + 1} under [file] of --mapping",
            )
    return None


def shown(name: str) -> str:
    """A header as one word of a sentence, what nobody sees written out."""
    return (
        ascii(name[:SHOWN_CHARACTERS])
        if not name.isprintable() or name != name.strip()
        else repr(name[:SHOWN_CHARACTERS])
    )
