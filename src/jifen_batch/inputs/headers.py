"""A file's headers held against the columns of its input: found, nearly it, twice, or missing.

A header that is ours but for case, width, blanks, what nobody sees or a slip of the hand would be an extra
column that is ignored, and the column would be null: a pledge without its `until` runs to December.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from jifen_batch.inputs.column_types import wanted_name
from jifen_batch.inputs.files import WORKBOOK
from jifen_batch.inputs.formats.sheet import letters
from jifen_batch.inputs.mapping import Mapping
from jifen_batch.inputs.phrases import KEEP_ONE
from jifen_batch.inputs.roles import ROLES
from jifen_batch.inputs.words import look, plain
from jifen_batch.sentence import Sentence
from jifen_batch.signs import as_toml, one_sign_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.formats.sheet import Sheet
    from jifen_batch.tables import Table

SHOWN_CHARACTERS = 40
# What forms put beside a header's words: that it must be filled in, how, and a line break to save width.
BESIDES = re.compile(r"[(（\[【].*[)）\]】]|[\s*:：#]", re.DOTALL)
BETWEEN_WORDS = re.compile(r"[\s_.\-–—]")
OF_OURS = Sentence(
    "call it so, or name it under [columns] of --mapping",
    "请改成这个写法，或在 --mapping 的 [columns] 中写明它",
)
ADD_COLUMN = Sentence(
    "add the column, or name its header under [columns] of --mapping",
    "请补上这一列，或在 --mapping 的 [columns] 中写明它的表头",
)
EVENT_ID = "event_id"
# A header of fewer signs may be a word of its own, one sign away from ours or not.
LONG_ENOUGH = 5
# Sheets that people keep by hand have no ids.
MAKE_IDS = Sentence(
    f'{ADD_COLUMN.en}; where the sheet has no ids, write key = {{event_id = ["…", "…"]}} under [file] of '
    "--mapping: they are made of these columns",
    f'{ADD_COLUMN.zh}；表里没有编号的，可在 --mapping 的 [file] 中写 key = {{event_id = ["…", "…"]}}，'
    "由这几列拼成",
)
AS_LOOKED_FOR = Sentence(
    "call it as looked for, or write it under [columns] of --mapping just so",
    "请把表头改成要找的写法，或照此原样写进 --mapping 的 [columns]",
)
PART_COLUMNS = Sentence("part the columns by commas, semicolons or tabs", "请用逗号、分号或制表符分隔各列")
NO_MAPPING = Mapping()


def faults(file: InputFile, names: Sequence[str], table: Table) -> Iterator[InputRefusedError]:
    """Headers that stand twice, and those that are nearly one of the input's columns."""
    counted = Counter(name for name in map(plain, names) if name)
    for name, count in counted.items():
        if count > 1:
            places = [letters(n) for n, other in enumerate(names) if plain(other) == name]
            # Where a file has no headers, its first cells stand in their place.
            name_, name_zh = (f" {name}", f" {name} ") if name in table.names else ("", "")
            yield file.refuse(
                Sentence(
                    f"the header{name_} of column {places[1]} stands twice",
                    f"{places[1]} 列的表头{name_zh}重复出现",
                ),
                KEEP_ONE,
            )
    for meant, name in nearly(file, names, table).items():
        yield file.refuse(
            Sentence(
                f"the header {shown(name)} is nearly {meant}", f"表头 {shown(name)} 很像 {meant}，但不相同"
            ),
            OF_OURS,
        )


def nearly(file: InputFile, names: Sequence[str], table: Table) -> dict[str, str]:
    """Headers, and keys of Hive folders, that only look like one of the input's columns, by that column."""
    whole = ROLES.get(file.role, table)
    exact = {*whole.names, *table.names}
    others = [name for name in (*names, *file.hive) if name not in exact]
    if not others:
        return {}
    mapping = file.mapping or NO_MAPPING
    named = {header for headers in mapping.headers.values() for header in headers}
    ours = {look(name): name for name in exact}
    # Other signs between the words are no fault beside the column itself.
    here = {*names, *file.hive, *mapping.headers, *mapping.constants}
    loosely = {_joined(name): name for name in exact if name not in here}
    looks = {
        name: ours.get(look(name)) or loosely.get(_joined(name)) or _misspelt(look(name), loosely.values())
        for name in others
        if plain(name) not in named
    }
    return {meant: name for name, meant in looks.items() if meant and compared(file, name) != meant}


def _joined(header: str) -> str:
    """A header as it looks, without what stands between its words: `leftOn` and `left-on` as `left_on`."""
    return BETWEEN_WORDS.sub("", look(header))


def _misspelt(header: str, absent: Iterable[str]) -> str | None:
    """The one column that the file has not, and that a header is but for one sign; short ones are words."""
    meant = [one for one in absent if len(header) >= LONG_ENOUGH and one_sign_apart(header, one)]
    return meant[0] if len(meant) == 1 else None


def compared(file: InputFile, header: str) -> str:
    """A header as it is compared with ours: as it is, or plain where a mapping says how the file reads."""
    return plain(header) if file.mapping else header


def missing(file: InputFile, names: Sequence[str], columns: dict[str, pl.DataType]) -> InputRefusedError:
    """The complaint about required columns that are not there, by their types."""
    mapped = (file.mapping or NO_MAPPING).headers
    looked_for = [header for column in columns for header in mapped.get(column, [])]
    one = len(columns) == 1
    more = Sentence("", "")
    if looked_for:
        more = Sentence(f", looked for under {' or '.join(looked_for)}", f"（找过 {'、'.join(looked_for)}）")
    elif one:
        wanted = wanted_name(next(iter(columns.values())))
        more = Sentence(f", wanted is {wanted.en}", f"，应为{wanted.zh}")
    named = Sentence(
        f"required column{'' if one else 's'} {', '.join(columns)} {'is' if one else 'are'} missing{more.en}",
        f"缺少必需的列 {'、'.join(columns)}{more.zh}",
    )
    if near := _alike(looked_for, names):
        alike = Sentence(f"; there is {', '.join(near)}", f"，相近的表头有 {'、'.join(near)}")
        return file.refuse(Sentence(named.en + alike.en, named.zh + alike.zh), AS_LOOKED_FOR)
    if file.format == WORKBOOK and file.sheet is None:
        # Every night loads this module, and hardly any is refused.
        from jifen_batch.inputs.formats import workbook  # noqa: PLC0415

        if len(sheets := [*workbook.sheet_names(file)]) > 1:
            return file.refuse(named, _on_another(sheets[0]))
    is_one_cell = any(sign in name for name in names for sign in (";", "\t", "|")) and len(names) == 1
    if is_one_cell:
        return file.refuse(named, PART_COLUMNS)
    return file.refuse(named, MAKE_IDS if EVENT_ID in columns else ADD_COLUMN)


def _on_another(first: str) -> Sentence:
    """What to do where only the first of several sheets was read, and is another table."""
    return Sentence(
        f'only the first sheet was read, "{first}"; name the one to read as sheets under [file] of '
        "--mapping, or add the column",
        f"只读了第一张工作表“{first}”：数据在别的工作表上的，请在 --mapping 的 [file] 中用 sheets 写明，"
        "否则请补上这一列",
    )


def _alike(wanted: Sequence[str], names: Sequence[str]) -> list[str]:
    """Headers that are wanted ones but for marks, remarks in brackets and blanks, as TOML has them."""
    bare = {BESIDES.sub("", plain(name)) for name in wanted} - {""}
    alike = [name for name in names if BESIDES.sub("", plain(name)) in bare]
    return [as_toml(name[:SHOWN_CHARACTERS]) for name in alike]


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
                Sentence(
                    f"row {sheet.header_row} is no header: it stands in row {at + 1}",
                    f"第 {sheet.header_row} 行不是表头，表头在第 {at + 1} 行",
                ),
                Sentence(
                    f"delete the rows above it, or write header_row = {at + 1} under [file] of --mapping",
                    f"请删去表头上方的行，或在 --mapping 的 [file] 中写 header_row = {at + 1}",
                ),
            )
    return None


def not_wide(file: InputFile, column: str) -> InputRefusedError:
    """The complaint about a wide table of which no header is a value of its column."""
    return file.refuse(
        Sentence(
            f"no header is a {column}, as [file] wide has it",
            f"没有一个表头是 [file] wide 所说的 {column} 的值",
        ),
        Sentence(
            f"name their headers under [values.{column}] of --mapping",
            f"请在 --mapping 的 [values.{column}] 中写明这些表头",
        ),
    )


def no_such_header(file: InputFile, header: str, said: str) -> InputRefusedError:
    """The complaint about a header that only the mapping knows."""
    return file.refuse(
        Sentence(f"has no column {header}, which {said} names", f"没有 {said} 所写的列 {header}"),
        Sentence("correct it in the mapping file", "请在对照表中改正"),
    )


def shown(name: str) -> str:
    """A header as one word of a sentence, what nobody sees written out."""
    return (
        ascii(name[:SHOWN_CHARACTERS])
        if not name.isprintable() or name != name.strip()
        else repr(name[:SHOWN_CHARACTERS])
    )
