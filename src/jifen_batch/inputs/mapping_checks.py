"""What is refused in a mapping file that has the right form: columns, headers and words against ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.inputs.roles import ROLES
from jifen_batch.inputs.toml_form import unknown, wrong
from jifen_batch.inputs.wording import READINGS, ours_of
from jifen_batch.inputs.words import plain
from jifen_batch.rules.words import quoted
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.inputs.mapping import MappingForm
    from jifen_batch.rules.file import RuleDraft
    from jifen_batch.rules.locate import KeyPath

KEEP_ONE = Sentence("keep one of the two", "请只保留一处")
A_COLUMN = Sentence("column", "列名")


def check(form: MappingForm, draft: RuleDraft) -> Iterator[Complaint]:
    """Everything refused in a file for a table that there is."""
    yield from _unknown_columns(form, draft)
    yield from _twofold(form, draft)
    yield from _misread(form, draft)


def _unknown_columns(form: MappingForm, draft: RuleDraft) -> Iterator[Complaint]:
    """Columns that the table does not have."""
    names = ROLES[form.file.role].names
    wide = form.file.wide
    keys = [
        *((part, column) for part in ("columns", "values", "constants") for column in getattr(form, part)),
        *(("file", "key", column) for column in form.file.key),
        *(("file", "units", column) for column in form.file.units if isinstance(form.file.units, dict)),
    ]
    for path in keys:
        if path[-1] not in names:
            yield unknown(draft, path, A_COLUMN, names)
    values: list[tuple[KeyPath, str]] = [
        (("file", "fill_down", number), column) for number, column in enumerate(form.file.fill_down)
    ]
    if wide:
        values += [(("file", "wide", "columns"), wide.columns)]
        values += [(("file", "wide", "cells"), wide.cells)] if wide.cells else []
    for path, column in values:
        if column not in names:
            yield unknown(draft, path, A_COLUMN, names, column)


def _twofold(form: MappingForm, draft: RuleDraft) -> Iterator[Complaint]:
    """What is said twice, and differently."""
    yield from _twice_told_columns(form, draft)
    for column, words in form.values.items():
        meant: dict[str, str] = {}
        for theirs, ours in words.items():
            if meant.setdefault(plain(theirs), ours) != ours:
                path = ("values", column, theirs)
                problem = Sentence(
                    f"{quoted(theirs)} is read as two words of ours", f"{quoted(theirs)} 对应了两种写法"
                )
                yield wrong(draft, path, problem, KEEP_ONE)


def _twice_told_columns(form: MappingForm, draft: RuleDraft) -> Iterator[Complaint]:
    """Headers and columns that come from two places."""
    if form.file.header_row is not None and form.file.header_with is not None:
        problem = Sentence("both header_row and header_with are given", "header_row 和 header_with 都写了")
        yield wrong(draft, ("file", "header_with"), problem, KEEP_ONE)
    for column in form.file.key:
        if column in form.columns or column in form.constants:
            problem = Sentence(
                f"{column} is joined from columns, and comes from elsewhere, too",
                f"{column} 既由几列拼成，又另有来处",
            )
            yield wrong(draft, ("file", "key", column), problem, KEEP_ONE)
    for column in form.constants:
        if column in form.columns:
            problem = Sentence(
                f"{column} has both a header and a fixed value", f"{column} 既有表头又有固定值"
            )
            yield wrong(draft, ("constants", column), problem, KEEP_ONE)
    headers: dict[str, str] = {}
    for column, named in form.columns.items():
        for header in map(plain, named):
            if headers.setdefault(header, column) != column:
                problem = Sentence(
                    f"the header {quoted(header)} is used for two columns", f"表头 {quoted(header)} 用于两列"
                )
                yield wrong(draft, ("columns", column), problem, KEEP_ONE)


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
        if ours_of(column, word) is None:
            form_of = READINGS[column].form
            yield wrong(
                draft,
                path,
                Sentence(f"the value of {column} is not written as it should be", f"{column} 的值写法不对"),
                Sentence(f"write {form_of.en}", f"请写{form_of.zh}"),
            )
