"""The workbook to fill in: drop-downs, days and numbers that Excel checks itself, examples, instructions."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.desk.template import words
from jifen_batch.desk.template.sheets import HOUSEHOLDS, ITEM, SHEETS, VILLAGES
from jifen_batch.notices.printed.workbook import A4, OPTIONS, safe
from jifen_batch.notices.words import printable
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.desk.template.choices import Choices
    from jifen_batch.desk.template.sheets import Asked, Filled

# Beyond the header, from 0: the rows that are checked, and formatted.
TITLE_ROW, HEADER_ROW, FIRST_ROW, LAST_ROW = 0, 1, 2, 5_001
WIDTH, WIDE = 18, 90
ITEM_WIDTHS = (36, 14, 18, 8, 24, 44)
LONGEST_LIST = 250
DAY_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "@"
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "required": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": "#1F5C4D",
        "border": 1,
        "valign": "vcenter",
    },
    "optional": {
        "bold": True,
        "font_color": "#1F5C4D",
        "bg_color": "#DCEBE4",
        "border": 1,
        "valign": "vcenter",
    },
    "text": {"num_format": TEXT_FORMAT},
    "day": {"num_format": DAY_FORMAT},
    "number": {"num_format": "0"},
    "example": {"italic": True, "font_color": "#8A8A8A", "bg_color": "#F3F3F3"},
    "line": {"text_wrap": True, "valign": "top"},
    # A clause may begin with a minus: it is a text all the same, also once somebody edits it.
    "cell": {"quote_prefix": True},
    "command": {"text_wrap": True, "valign": "top", "font_name": "Consolas", "bg_color": "#F3F3F3"},
}


def blank(choices: Choices, made_on: date, command: str, language: str) -> bytes:
    """The workbook; `command` is what reads it, as it is typed, `made_on` stands in it as its day."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001 - a day
        formats = {name: book.add_format(said) for name, said in FORMATS.items()}
        _instructions(book.add_worksheet(words.READ_ME.here(language)), choices, command, formats, language)
        for filled in SHEETS:
            sheet = book.add_worksheet(filled.sheet.here(language))
            _Sheet(sheet, filled, choices, formats, language).fill()
        _items(book.add_worksheet(words.ITEMS.here(language)), choices, formats, language)
    return written.getvalue()


def _instructions(sheet: Any, choices: Choices, command: str, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401 - the library has no types
    """What to do, in order, and what to run in the end."""
    sheet.set_column(0, 0, WIDE)
    sheet.hide_gridlines(2)
    _on_a4(sheet)
    sheet.write_string(0, 0, words.TITLE.here(language), formats["title"])
    named = {filled.role: filled.sheet.here(language) for filled in SHEETS}
    named |= {"items": words.ITEMS.here(language), "book": choices.book, "year": str(choices.year)}
    for number, said in enumerate(words.INSTRUCTIONS, 1):
        sheet.write_string(
            number, 0, safe(f"{number}. {said.here(language).format(**named)}"), formats["line"]
        )
    last = len(words.INSTRUCTIONS) + 2
    sheet.write_string(last, 0, words.COMMAND.here(language), formats["line"])
    sheet.write_string(last + 1, 0, safe(command), formats["command"])


def _items(sheet: Any, choices: Choices, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401 - likewise
    """Every item that may be chosen; the drop-downs point here."""
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    _on_a4(sheet)
    for column, (said, width) in enumerate(zip(words.ITEM_HEADERS, ITEM_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, said.here(language), formats["required"])
    for at, row in enumerate(choices.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(at, column, cell)
            elif cell is not None:
                sheet.write_string(at, column, printable(cell), formats["cell"])


def _on_a4(sheet: Any) -> None:  # noqa: ANN401 - likewise
    """As wide as the paper."""
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


class _Sheet:
    """A sheet while it is made."""

    def __init__(
        self,
        sheet: Any,  # noqa: ANN401 - likewise
        filled: Filled,
        choices: Choices,
        formats: dict[str, Any],
        language: str,
    ) -> None:
        self.sheet, self.filled, self.choices, self.formats = sheet, filled, choices, formats
        self.language = language

    def fill(self) -> None:
        """Title, headers with their meanings, an example, and what each column takes."""
        self.sheet.write_string(TITLE_ROW, 0, self._here(self.filled.sheet), self.formats["title"])
        self.sheet.freeze_panes(FIRST_ROW, 1)
        self.sheet.set_landscape()
        _on_a4(self.sheet)
        for at, column in enumerate(self.filled.columns):
            look = "day" if column.kind == "day" else "number" if column.kind == "number" else "text"
            self.sheet.set_column(at, at, WIDTH, self.formats[look])
            above = self.formats["required" if column.required else "optional"]
            self.sheet.write_string(HEADER_ROW, at, column.header(self.language), above)
            self.sheet.write_comment(HEADER_ROW, at, self._here(column.meaning))
            self._example(at, column)
            checked = self._checked(at, column)
            if checked:
                self.sheet.data_validation(FIRST_ROW, at, LAST_ROW, at, checked)
        self._grey()

    def _here(self, said: Sentence) -> str:
        return said.here(self.language)

    def _example(self, at: int, column: Asked) -> None:
        """The example's cell."""
        cell = column.example
        if cell == ITEM:
            cell = self.choices.rows[0][0]
        if isinstance(cell, Sentence):
            cell = self._here(cell)
        if column.kind == "day" and isinstance(cell, str):
            day = date.fromisoformat(f"{self.choices.year}-{cell}")
            self.sheet.write_datetime(FIRST_ROW, at, day, self.formats["day"])
        elif isinstance(cell, int):
            self.sheet.write_number(FIRST_ROW, at, cell, self.formats["number"])
        elif cell is not None:
            self.sheet.write_string(FIRST_ROW, at, safe(cell), self.formats["text"])

    def _grey(self) -> None:
        """Whatever row is an example looks like one, and no other does."""
        at = next(at for at, column in enumerate(self.filled.columns) if column.name == self.filled.key)
        name, mark = xl_col_to_name(at), self._here(words.EXAMPLE)
        begins = f'=LEFT(${name}{FIRST_ROW + 1},{len(mark)})="{mark}"'
        self.sheet.conditional_format(
            FIRST_ROW, 0, LAST_ROW, len(self.filled.columns) - 1,
            {"type": "formula", "criteria": begins, "format": self.formats["example"]},
        )  # fmt: skip

    def _checked(self, at: int, column: Asked) -> dict[str, Any] | None:
        """What Excel lets a cell of a column hold; null = anything."""
        if column.kind == "day":
            bounds = {"criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
            return {"validate": "date", **bounds, "error_message": self._here(words.NO_DAY)}
        if column.kind == "number":
            said = self._here(words.NO_NUMBER).format(least=1, most=column.most)
            bounds = {"criteria": "between", "minimum": 1, "maximum": column.most}
            return {"validate": "integer", **bounds, "error_message": said}
        listed = self._listed(column)
        if listed:
            return {"validate": "list", "source": listed, "error_message": self._here(words.NOT_IN_LIST)}
        return self._counted(at, column)

    def _listed(self, column: Asked) -> str | Sequence[str] | None:
        """What its drop-down offers; null where it has none."""
        if column.kind == "item":
            return f"='{self._here(words.ITEMS)}'!$A$2:$A${len(self.choices.rows) + 1}"
        if column.kind == "choice" and self.filled.choices:
            return [self._here(said) for said in self.filled.choices.values()]
        kinds = self.choices.kinds if column.kind == "kind" else []
        return kinds if kinds and len(",".join(kinds)) <= LONGEST_LIST else None

    def _counted(self, at: int, column: Asked) -> dict[str, Any] | None:
        """Ids that must stand nowhere above, or that another sheet must have: then Excel only warns."""
        cell = f"{xl_col_to_name(at)}{FIRST_ROW + 1}"
        if column.kind == "unique":
            own = _range(at)
            return {
                "validate": "custom",
                "value": f"=COUNTIF({own},{cell})=1",
                "error_message": self._here(words.NOT_UNIQUE),
            }
        for kind, other, said in (
            ("household", HOUSEHOLDS, words.NOT_REGISTERED),
            ("village", VILLAGES, words.NO_VILLAGE),
        ):
            if column.kind == kind:
                named = self._here(other.sheet)
                return {
                    "validate": "custom",
                    "value": f"=COUNTIF('{named}'!{_range(0)},{cell})>0",
                    "error_type": "warning",
                    "error_message": self._here(said).format(**{other.role: named}),
                }
        return None


def _range(at: int) -> str:
    """The cells of a column that are filled in."""
    name = xl_col_to_name(at)
    return f"${name}${FIRST_ROW + 1}:${name}${LAST_ROW + 1}"
