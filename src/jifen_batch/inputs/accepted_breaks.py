"""The register of accepted breaks: differences that somebody answers for, until a day (specification 5).

```toml
[[accepted]]
household_id = "TH-01"
scoring_year = 2023
difference = -20            # ours - theirs, exactly
who = "…"
why = "…"
until = 2026-12-31
```
`category`, `item` and `quarter` stand where the statement tells these apart.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic resolves the annotations when the models are built
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
from pydantic import AfterValidator, Field

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.errors import AcceptedRefusedError, Complaint
from jifen_batch.inputs import toml_form, wording
from jifen_batch.inputs.toml_form import Form, wrong
from jifen_batch.rules.model import Text  # noqa: TC001 - likewise
from jifen_batch.tables.statement import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.rules.file import RuleDraft

ROLE = "accepted"
# What two statements of 10^15 points and our own can differ by at most, and more.
DIFFERENCE_MAX = 10**18


def _quarter(text: str) -> str:
    """A quarter in our own form; whatever is none is left for `_misread` to name."""
    return wording.quarter(text) or text


class EntryForm(Form):
    """One accepted break."""

    household_id: Text = Field(description="户编号")
    scoring_year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR, description="积分年度，如 2023")
    category: Text | None = Field(default=None, description="类别")
    item: Text | None = Field(default=None, description="事项编码")
    quarter: Annotated[Text, AfterValidator(_quarter)] | None = Field(
        default=None, description='季度，如 "2023Q3"'
    )
    difference: int = Field(ge=-DIFFERENCE_MAX, le=DIFFERENCE_MAX, description="我方减对方的差额，如 -20")
    who: Text = Field(description="认可人")
    why: Text = Field(description="认可的理由")
    until: dt.date = Field(description="有效期至，如 2026-12-31，不加引号")


class AcceptedForm(Form):
    """The whole register."""

    accepted: list[EntryForm] = Field(default_factory=list, description="[[accepted]] 表，每条一个")


def none() -> pl.DataFrame:
    """The register where none is given."""
    return ACCEPTED.schema.to_frame()


def read(location: str) -> pl.DataFrame:
    """The accepted breaks (`ACCEPTED`), one row per entry, in the order of the file.

    Raises `InputRefusedError` for a file that cannot be read, `AcceptedRefusedError` with all complaints.
    """
    form, draft = toml_form.read(Path(location), AcceptedForm, AcceptedRefusedError, ROLE)
    complaints = list(_misread(form, draft))
    if complaints:
        raise AcceptedRefusedError(complaints)
    rows = [
        {**entry.model_dump(), "line": draft.line(("accepted", number))}
        for number, entry in enumerate(form.accepted)
    ]
    return pl.DataFrame(rows, schema=ACCEPTED.schema)


def _misread(form: AcceptedForm, draft: RuleDraft) -> Iterator[Complaint]:
    """Quarters that are none, and breaks that stand twice."""
    first: dict[tuple[object, ...], int] = {}
    for number, entry in enumerate(form.accepted):
        if entry.quarter is not None and wording.quarter(entry.quarter) is None:
            yield wrong(draft, ("accepted", number, "quarter"), "quarter 的写法不对", '请写成 "2023Q3"')
        key = (entry.household_id, entry.scoring_year, entry.category, entry.item, entry.quarter)
        line = draft.line(("accepted", number))
        if first.setdefault(key, line) != line:
            yield wrong(draft, ("accepted", number), f"与第 {first[key]} 行是同一处差异", "请只保留一条")
