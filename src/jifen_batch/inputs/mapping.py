"""The mapping file: how a foreign sheet reads as one of our inputs (specification 2, mapping).

One format for every table that comes out of somebody's spreadsheet. `[file]` says how the file is
built, `[columns]` which header stands for our column, `[values.COLUMN]` which of their words for ours,
`[constants]` what the file does not say because it is always the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping as Names
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import Complaint, MappingRefusedError
from jifen_batch.inputs import toml_form
from jifen_batch.inputs.mapping_checks import check
from jifen_batch.inputs.roles import ROLES, STATEMENT_ROLE
from jifen_batch.inputs.toml_form import unknown
from jifen_batch.inputs.wording import ours_of
from jifen_batch.inputs.words import plain
from jifen_batch.rules.declared import Between, Filled, Made, Table
from jifen_batch.sentence import Sentence

ROLE = "mapping"
HEADER_ROW_MAX = 1_000
ALL_SHEETS = "all"
# Whose words a clerk is told to write.
WORDED = ("status", "item")
# At the end of a word to skip: whatever begins so.
AND_MORE = "*"


def _several(value: object) -> object:
    """One text is a list of one."""
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    """A whole number or a day as it would be written in a cell."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.isoformat() if type(value) is dt.date else value


Text = Annotated[str, Filled()]
HeaderRow = Annotated[int, Between(1, HEADER_ROW_MAX)]
Word = Annotated[Text, Made(_as_text)]
Texts = Annotated[Sequence[Text], Filled(), Made(_several)]
NONE: Names[str, Any] = MappingProxyType({})


class WideForm(Table):
    """A table with a column per value: whose values the headers are, and whose the cells."""

    columns: Annotated[
        Text,
        Sentence(
            'the column whose values the headers are, such as "category"', '表头是哪一列的值，如 "category"'
        ),
    ]
    cells: Annotated[
        Text | None,
        Sentence(
            'the column whose values the cells are, such as "points"; without it, the quantity',
            '格子里是哪一列的值，如 "points"；不写就是数量那一列',
        ),
    ] = None


class FileForm(Table):
    """How the file is built."""

    role: Annotated[Text, Sentence('which table this is, such as "events"', '这是哪一种表，如 "events"')] = (
        STATEMENT_ROLE
    )
    sheets: Annotated[
        Texts | None,
        Sentence(
            'names of sheets, such as "积分" or ["7月", "8月"], or "all" but the hidden ones',
            '工作表的名称，如 "积分" 或 ["7月", "8月"]，或 "all"（隐藏的除外）',
        ),
    ] = None
    header_row: Annotated[
        HeaderRow | None,
        Sentence("the number of the header row, the first row being 1", "表头所在的行号，第一行为 1"),
    ] = None
    header_with: Annotated[
        Text | None,
        Sentence(
            'a cell of the header, such as "户编号"; the first row with it is the header',
            '表头里的一格，如 "户编号"；首个有这一格的行是表头',
        ),
    ] = None
    encoding: Annotated[
        Literal["utf-8", "gb18030", "utf-16"] | None,
        Sentence('"utf-8" or "gb18030" or "utf-16"', '"utf-8" 或 "gb18030" 或 "utf-16"'),
    ] = None
    delimiter: Annotated[
        Literal[",", ";", "\t"] | None, Sentence('"," or ";" or "\\t"', '"," 或 ";" 或 "\\t"')
    ] = None
    thousands_commas: Annotated[
        bool,
        Sentence(
            "true or false: whether numbers have commas for thousands", "true 或 false：数字里是否有千位逗号"
        ),
    ] = False
    cut_times: Annotated[
        bool,
        Sentence(
            "true or false: whether the time behind a date is left out",
            "true 或 false：日期后面的钟点是否不计",
        ),
    ] = False
    units: Annotated[
        Names[Text, Texts] | Texts,
        Sentence(
            'units behind numbers, such as ["次"] or {quantity = "次"}',
            '数字后面的单位，如 ["次"] 或 {quantity = "次"}',
        ),
    ] = NONE
    fill_down: Annotated[
        Annotated[Sequence[Text], Made(_several)],
        Sentence('a list of our columns, such as ["household_id"]', '我方列名的数组，如 ["household_id"]'),
    ] = ()
    skip_rows_where: Annotated[
        Names[Text, Texts],
        Sentence(
            'their header and what to skip, such as {"户编号" = ["合计", "制表人*"]}',
            '对方表头和要跳过的内容，如 {"户编号" = ["合计", "制表人*"]}',
        ),
    ] = NONE
    wide: Annotated[
        WideForm | None,
        Sentence(
            'a table with a column per value, such as {columns = "category"}',
            '一列一个值的表，如 {columns = "category"}',
        ),
    ] = None
    key: Annotated[
        Names[Text, Texts],
        Sentence(
            'ids joined from columns, such as {event_id = ["户编号", "积分事项", "发生日期"]}',
            '由几列拼成的编号，如 {event_id = ["户编号", "积分事项", "发生日期"]}',
        ),
    ] = NONE
    items_by_name: Annotated[
        bool, Sentence("true or false: whether items are given by name", "true 或 false：事项是否写名称")
    ] = False


class MappingForm(Table):
    """The whole file."""

    file: Annotated[FileForm, Sentence("a [file] table", "[file] 表")] = FileForm({})
    columns: Annotated[
        Names[Text, Texts], Sentence('our column = "their header"', '我方列名 = "对方表头"')
    ] = NONE
    values: Annotated[
        Names[Text, Names[Text, Word]],
        Sentence(
            '"their word" = "our word", under [values.COLUMN]',
            '"对方写法" = "我方写法"，写在 [values.列名] 之下',
        ),
    ] = NONE
    constants: Annotated[
        Names[Text, Word],
        Sentence(
            "column = the fixed value, such as scoring_year = 2023", "列名 = 固定的值，如 scoring_year = 2023"
        ),
    ] = NONE


@dataclass(frozen=True)
class Mapping:
    """How to read a table: `headers` and `words` are by our column and plain, `constants` as in a cell.

    `skip` are rows to leave out: cells, plain, by header, plain. `units` are by column, the longest first.
    `sha256` is of the file as it was read.
    """

    file: FileForm = field(default_factory=lambda: FileForm({}))
    headers: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    skip: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)
    name: str = ""
    sha256: str = ""

    @property
    def role(self) -> str:
        """The input that it is for."""
        return self.file.role

    def as_data(self) -> dict[str, object]:
        """As manifests have it: which file it was, and how its sheets write what we call by codes."""
        wordings = {
            column: {ours: theirs for theirs, ours in reversed([*words.items()])}
            for column, words in self.words.items()
            if column in WORDED
        }
        return {
            "role": self.role,
            "file": self.name,
            "sha256": self.sha256,
            "items_by_name": self.file.items_by_name,
            "wordings": wordings,
        }

    def sheets_of(self, names: Sequence[str]) -> Sequence[str] | None:
        """The sheets to read of those that a workbook has, whether it has them or not; null = the first."""
        if self.file.sheets == [ALL_SHEETS]:
            return [*names]
        return self.file.sheets


def load(location: str) -> Mapping:
    """A mapping file.

    Raises `InputRefusedError` for a file that cannot be read, `MappingRefusedError` with all complaints.
    """
    form, draft = toml_form.read(Path(location), MappingForm, MappingRefusedError, ROLE)
    if form.file.role not in ROLES:
        raise MappingRefusedError(
            [unknown(draft, ("file", "role"), Sentence("table", "表"), ROLES, form.file.role)]
        )
    if complaints := list(check(form, draft)):
        raise MappingRefusedError(complaints)
    return Mapping(
        form.file,
        {column: [plain(header) for header in headers] for column, headers in form.columns.items()},
        {
            column: {plain(theirs): ours_of(column, ours) or "" for theirs, ours in words.items()}
            for column, words in form.values.items()
        },
        {column: ours_of(column, value) or "" for column, value in form.constants.items()},
        {
            plain(header): [plain(cell) for cell in cells]
            for header, cells in form.file.skip_rows_where.items()
        },
        _units(form),
        Path(location).name,
        hashlib.sha256(draft.file.content).hexdigest(),
    )


def load_all(locations: Sequence[str]) -> dict[str, Mapping]:
    """Mapping files by their role. Raises as `load`, and `MappingRefusedError` for a second of one role."""
    by_role: dict[str, Mapping] = {}
    for location in locations:
        mapping = load(location)
        if mapping.role in by_role:
            first = by_role[mapping.role].name
            problem = Sentence(
                f"is for {mapping.role}, as {first} is", f"与 {first} 都是给 {mapping.role} 的"
            )
            remedy = Sentence(
                f"say with [file] role which table each is for: {', '.join(ROLES)}",
                f"请用 [file] role 写明各给哪一种表：{'、'.join(ROLES)}",
            )
            raise MappingRefusedError([Complaint(mapping.name, 1, problem, remedy)])
        by_role[mapping.role] = mapping
    return by_role


def _units(form: MappingForm) -> dict[str, list[str]]:
    """The units of each column of whole numbers, plain, the longest first."""
    given = form.file.units
    whole = [column.name for column in ROLES[form.file.role] if column.dtype.is_integer()]
    by_column = given if isinstance(given, dict) else dict.fromkeys(whole, given)
    return {column: sorted(map(plain, units), key=len, reverse=True) for column, units in by_column.items()}
