"""Small TOML files that clerks write: held against their model, all complaints at once, each with its line.

The rule books' own parser and words serve here too, so that a misspelt key is told in one voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from jifen_batch.errors import Complaint, InputRefusedError
from jifen_batch.rules.file import FILE_BYTES_LIMIT, RuleDraft, RuleFile, parse, printable
from jifen_batch.rules.words import explain, quoted, write_instead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from jifen_batch.errors import RulesRefusedError
    from jifen_batch.rules.locate import KeyPath


class Form(BaseModel):
    """A table of such a file: nothing but its own keys, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Filled = TypeVar("Filled", bound=Form)


def read(
    path: Path, model: type[Filled], refusal: type[RulesRefusedError], role: str
) -> tuple[Filled, RuleDraft]:
    """A file as its model, and the draft that tells on which line a key stands.

    Raises `InputRefusedError` for a file that cannot be read, `refusal` with all complaints about it.
    """
    draft, complaints = parse(RuleFile(path.name, path, _content(path, role)))
    if draft.tables is None:
        raise refusal(complaints)
    try:
        return model.model_validate(draft.tables), draft
    except ValidationError as misfit:
        errors = misfit.errors(include_url=False)
        raise refusal([_complaint(draft, error, model) for error in errors]) from misfit


def unknown(
    draft: RuleDraft, path: KeyPath, what: str, known: Iterable[str], named: str | None = None
) -> Complaint:
    """The complaint about a name that is none of those known, with what was probably meant.

    The name is the path's last key, or what stands there: `named`.
    """
    name = str(path[-1]) if named is None else named
    remedy = write_instead(name, known)
    return Complaint(draft.shown, draft.line(path), f"不认识的{what} {quoted(name)}", remedy)


def wrong(draft: RuleDraft, path: KeyPath, problem: str, remedy: str) -> Complaint:
    """A complaint about what stands at a path."""
    return Complaint(draft.shown, draft.line(path), problem, remedy)


def _content(path: Path, role: str) -> bytes:
    """What a file holds, up to one byte beyond the limit."""
    try:
        with path.open("rb") as source:
            return source.read(FILE_BYTES_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path"
        raise InputRefusedError(
            f"{role}: {printable(path)}: cannot be read ({reason}); check --{role} and the file's permissions"
        ) from error


def _complaint(draft: RuleDraft, error: ErrorDetails, model: type[Form]) -> Complaint:
    """What does not fit the model, in a clerk's words."""
    path = tuple(part for part in error["loc"] if part != "[key]")
    known = _keys(model, path[:-1])
    if error["type"] == "extra_forbidden":
        return unknown(draft, path, "键", known)
    if error["type"] == "missing":
        meaning = known.get(str(path[-1])) or "必填"
        return wrong(draft, path, f"缺少 {path[-1]}", f"请补上 {path[-1]}（{meaning}）")
    problem, remedy = explain(error, path)
    meaning = _meaning(model, path) if error["type"].endswith("_type") else ""
    return wrong(draft, path, problem, f"请写{meaning}" if meaning else remedy)


def _meaning(model: type[BaseModel], path: KeyPath) -> str:
    """What to write at a path: the description of the innermost key that has one."""
    for length in range(len(path), 0, -1):
        if meaning := _keys(model, path[: length - 1]).get(str(path[length - 1]), ""):
            return meaning
    return ""


def _keys(model: type[BaseModel], path: KeyPath) -> Mapping[str, str]:
    """The keys of the table at a path, each with its description; none where tables are free."""
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        kinds = [] if field is None else [field.annotation, *getattr(field.annotation, "__args__", ())]
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if not inner:
            return {}
        model = inner[0]
    return {name: field.description or "" for name, field in model.model_fields.items()}
