"""Small TOML files that clerks write: all complaints at once, each with its line.

The rule books' own parser and words serve here too, so that a misspelt key is told in one voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jifen_batch.errors import Complaint, InputRefusedError
from jifen_batch.rules.declared import Table, table_at
from jifen_batch.rules.file import FILE_BYTES_LIMIT, RuleDraft, RuleFile, parse, printable
from jifen_batch.rules.fitted import fitted
from jifen_batch.rules.misfit_words import explain
from jifen_batch.rules.words import add, lacks, quoted, write_instead
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jifen_batch.errors import RulesRefusedError
    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.rules.modelled import Misfit

Form = TypeVar("Form", bound=Table)


def read(path: Path, form: type[Form], refusal: type[RulesRefusedError], role: str) -> tuple[Form, RuleDraft]:
    """A file as its form, and the draft that tells on which line a key stands.

    Raises `InputRefusedError` for a file that cannot be read, `refusal` with all complaints about it.
    """
    draft, complaints = parse(RuleFile(path.name, path, _content(path, role)))
    if draft.tables is None:
        raise refusal(complaints)
    if (filled := fitted(form, draft.tables)) is None:
        from jifen_batch.rules.modelled import misfits  # noqa: PLC0415 - pydantic takes long to load

        raise refusal([_complaint(draft, misfit, form) for misfit in misfits(form, draft.tables)])
    return filled, draft


def unknown(
    draft: RuleDraft, path: KeyPath, what: Sentence, known: Iterable[str], named: str | None = None
) -> Complaint:
    """The complaint about a name that is none of those known, with what was probably meant.

    The name is the path's last key, or what stands there: `named`.
    """
    name = str(path[-1]) if named is None else named
    problem = Sentence(f"unknown {what.en} {quoted(name)}", f"不认识的{what.zh} {quoted(name)}")
    return wrong(draft, path, problem, write_instead(name, known))


def wrong(draft: RuleDraft, path: KeyPath, problem: Sentence, remedy: Sentence) -> Complaint:
    """A complaint about what stands at a path."""
    return Complaint(draft.shown, draft.line(path), problem, remedy)


def _content(path: Path, role: str) -> bytes:
    """What a file holds, up to one byte beyond the limit."""
    try:
        with path.open("rb") as source:
            return source.read(FILE_BYTES_LIMIT + 1)
    except (OSError, ValueError) as error:
        problem = (
            reasons.cannot_be_read(error)
            if isinstance(error, OSError)
            else Sentence("cannot be read (no such path)", "无法读取（没有这个路径）")
        )
        where = Sentence(f"{role}: {printable(path)}", f"{role}：{printable(path)}")
        remedy = Sentence(f"check --{role} and the file's permissions", f"请检查 --{role} 和该文件的权限")
        raise InputRefusedError(*refusal(where, problem, remedy)) from error


def _complaint(draft: RuleDraft, misfit: Misfit, form: type[Table]) -> Complaint:
    """What does not fit the form, in a clerk's words."""
    path = misfit.path
    known = _keys(form, path[:-1])
    if misfit.kind == "extra_forbidden":
        return unknown(draft, path, Sentence("key", "键"), known)
    if misfit.kind == "missing":
        name = str(path[-1])
        return wrong(draft, path, lacks(name), add(name, known.get(name)))
    problem, remedy = explain(misfit)
    meaning = _meaning(form, path) if misfit.kind.endswith("_type") else None
    if meaning is not None:
        remedy = Sentence(f"write {meaning.en}", f"请写{meaning.zh}")
    return wrong(draft, path, problem, remedy)


def _meaning(form: type[Table], path: KeyPath) -> Sentence | None:
    """What to write at a path: the description of the innermost key that has one."""
    inside_out = range(len(path), 0, -1)
    found = (_keys(form, path[: length - 1]).get(str(path[length - 1])) for length in inside_out)
    return next((meaning for meaning in found if meaning is not None and meaning.zh), None)


def _keys(form: type[Table], path: KeyPath) -> Mapping[str, Sentence]:
    """The keys of the table at a path, each with its meaning; none where tables are free."""
    table = table_at(form, path)
    return {key.written: key.meaning for key in table.fields().values()} if table else {}
