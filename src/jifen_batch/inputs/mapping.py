"""The mapping file: how another system's headers and words are read as ours (specification 5, `reconcile`).

One format for every table that comes out of somebody's spreadsheet. `[file]` says how the file is
built, `[columns]` which header stands for our column, `[values.COLUMN]` which of their words for ours,
`[constants]` what the file does not say because it is always the same.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from jifen_batch.errors import MappingRefusedError
from jifen_batch.inputs import toml_form
from jifen_batch.inputs.toml_form import Form, unknown, wrong
from jifen_batch.inputs.wording import READINGS
from jifen_batch.rules.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.file import RuleDraft
    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.tables import Table

ROLE = "mapping"
HEADER_ROW_MAX = 1_000


def plain(text: str) -> str:
    """A header or word as it is compared: one form for look-alike signs, no blanks at its edges."""
    return unicodedata.normalize("NFKC", text).strip()


def _several(value: object) -> object:
    """One text is a list of one."""
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    """A whole number or a day as it would be written in a cell."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.isoformat() if type(value) is dt.date else value


Text = Annotated[str, Field(min_length=1)]
Word = Annotated[Text, BeforeValidator(_as_text)]
Texts = Annotated[list[Text], Field(min_length=1), BeforeValidator(_several)]


class FileForm(Form):
    """How the file is built."""

    sheet: Text | None = Field(default=None, description='工作表的名称，如 "积分"')
    header_row: int = Field(default=1, ge=1, le=HEADER_ROW_MAX, description="表头所在的行号，第一行为 1")
    encoding: Literal["utf-8", "gb18030"] | None = Field(default=None, description='"utf-8" 或 "gb18030"')
    delimiter: Literal[",", ";", "\t"] | None = Field(default=None, description='"," 或 ";" 或 "\\t"')
    thousands_commas: bool = Field(default=False, description="true 或 false：数字里是否有千位逗号")
    fill_down: list[Text] = Field(default_factory=list, description='我方列名的数组，如 ["household_id"]')
    skip_rows_where: dict[Text, Texts] = Field(
        default_factory=dict, description='对方表头和要跳过的内容，如 {"户编号" = ["合计"]}'
    )


class MappingForm(Form):
    """The whole file."""

    file: FileForm = Field(default_factory=FileForm, description="[file] 表")
    columns: dict[Text, Texts] = Field(default_factory=dict, description='我方列名 = "对方表头"')
    values: dict[Text, dict[Text, Word]] = Field(
        default_factory=dict, description='"对方写法" = "我方写法"，写在 [values.列名] 之下'
    )
    constants: dict[Text, Word] = Field(
        default_factory=dict, description="列名 = 固定的值，如 scoring_year = 2023"
    )


@dataclass(frozen=True)
class Mapping:
    """How to read a table: `headers` and `words` are by our column and plain, `constants` read already.

    `skip` are rows to leave out: cells, plain, by header, plain. `columns` are all that it speaks of.
    """

    file: FileForm = field(default_factory=FileForm)
    headers: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    skip: dict[str, list[str]] = field(default_factory=dict)


def load(location: str, table: Table) -> Mapping:
    """The mapping file for a table.

    Raises `InputRefusedError` for a file that cannot be read, `MappingRefusedError` with all complaints.
    """
    form, draft = toml_form.read(Path(location), MappingForm, MappingRefusedError, ROLE)
    complaints = [*_unknown_columns(form, draft, table), *_twofold(form, draft), *_misread(form, draft)]
    if complaints:
        raise MappingRefusedError(complaints)
    return Mapping(
        form.file,
        {column: [plain(header) for header in headers] for column, headers in form.columns.items()},
        {
            column: {plain(theirs): _read(column, ours) or "" for theirs, ours in words.items()}
            for column, words in form.values.items()
        },
        {column: _read(column, value) or "" for column, value in form.constants.items()},
        {
            plain(header): [plain(cell) for cell in cells]
            for header, cells in form.file.skip_rows_where.items()
        },
    )


def _read(column: str, word: str) -> str | None:
    """Our own word as the column takes it; null where it does not."""
    reading = READINGS.get(column)
    return reading.read(word) if reading else word


def _unknown_columns(form: MappingForm, draft: RuleDraft, table: Table) -> Iterator[Complaint]:
    """Columns that the table does not have."""
    for part in ("columns", "values", "constants"):
        for column in getattr(form, part):
            if column not in table.names:
                yield unknown(draft, (part, column), "列名", table.names)
    for number, column in enumerate(form.file.fill_down):
        if column not in table.names:
            path = ("file", "fill_down", number)
            yield wrong(draft, path, f"不认识的列名 {quoted(column)}", f"可写：{'、'.join(table.names)}")


def _twofold(form: MappingForm, draft: RuleDraft) -> Iterator[Complaint]:
    """What is said twice, and differently."""
    for column in form.constants:
        if column in form.columns:
            yield wrong(draft, ("constants", column), f"{column} 既有表头又有固定值", "请只保留一处")
    headers: dict[str, str] = {}
    for column, named in form.columns.items():
        for header in map(plain, named):
            if headers.setdefault(header, column) != column:
                yield wrong(draft, ("columns", column), f"表头 {quoted(header)} 用于两列", "请只保留一处")
    for column, words in form.values.items():
        meant: dict[str, str] = {}
        for theirs, ours in words.items():
            if meant.setdefault(plain(theirs), ours) != ours:
                path = ("values", column, theirs)
                yield wrong(draft, path, f"{quoted(theirs)} 对应了两种写法", "请只保留一处")


def _misread(form: MappingForm, draft: RuleDraft) -> Iterator[Complaint]:
    """Our words that our own columns would not take."""
    given: list[tuple[KeyPath, str, str]] = [
        (("constants", column), column, word) for column, word in form.constants.items()
    ]
    given += [
        (("values", column, theirs), column, ours)
        for column, words in form.values.items()
        for theirs, ours in words.items()
    ]
    for path, column, word in given:
        if _read(column, word) is None:
            yield wrong(draft, path, f"{column} 的值写法不对", f"请写{READINGS[column].form}")
