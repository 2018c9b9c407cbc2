"""The mapping file that reads a sheet of the workbook (specification 2, mapping)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.desk.template.words import EXAMPLE
from jifen_batch.signs import as_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.desk.template.sheets import Filled


def text(filled: Filled, workbook: str, codes: Mapping[str, str], language: str) -> str:
    """The file's text: `codes` are those of items that the drop-down does not call by their name alone."""
    return (
        "\n".join(
            [
                *_file(filled, workbook, language),
                *_columns(filled, language),
                *_values(filled, codes, language),
            ]
        )
        + "\n"
    )


def _file(filled: Filled, workbook: str, language: str) -> Iterator[str]:
    """How the sheet is built."""
    key = next(column for column in filled.columns if column.name == filled.key).header(language)
    yield f"# {workbook} / {filled.sheet.here(language)} -> {filled.role}"
    yield "[file]"
    yield f"role = {as_toml(filled.role)}"
    yield f"sheets = {as_toml(filled.sheet.here(language))}"
    yield f"header_with = {as_toml(key)}"
    yield f"skip_rows_where = {{{as_toml(key)} = [{as_toml(EXAMPLE.here(language) + '*')}]}}"
    if filled.role == "events":
        yield "items_by_name = true"


def _columns(filled: Filled, language: str) -> Iterator[str]:
    """Which header stands for which column of ours."""
    yield "\n[columns]"
    for column in filled.columns:
        yield f"{column.name} = {as_toml(column.header(language))}"


def _values(filled: Filled, codes: Mapping[str, str], language: str) -> Iterator[str]:
    """Which of their words stand for ours."""
    if filled.choices and language == "zh":
        yield "\n[values.status]"
        for ours, said in filled.choices.items():
            yield f"{as_toml(said.zh)} = {as_toml(ours)}"
    if filled.role == "events" and codes:
        yield "\n[values.item]"
        for shown, code in codes.items():
            yield f"{as_toml(shown)} = {as_toml(code)}"
