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

import datetime as dt  # noqa: TC003 - annotations are read when files are
from collections.abc import Sequence  # noqa: TC003 - as above
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.errors import AcceptedRefusedError, Complaint
from jifen_batch.inputs import toml_form, wording
from jifen_batch.inputs.toml_form import wrong
from jifen_batch.rules.declared import Between, Made, Table
from jifen_batch.rules.model import Text  # noqa: TC001 - as above
from jifen_batch.sentence import Sentence
from jifen_batch.tables.statement import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.rules.file import RuleDraft

ROLE = "accepted"
# What two statements of 10^15 points and our own can differ by at most, and more.
DIFFERENCE_MAX = 10**18


def _quarter(value: object) -> object:
    """A quarter in our own form; whatever is none is left for `_misread` to name."""
    return wording.quarter(value) or value if isinstance(value, str) else value


class EntryForm(Table):
    """One accepted break."""

    household_id: Annotated[Text, Sentence("the household's id", "户编号")]
    scoring_year: Annotated[
        int, Between(FIRST_YEAR, LAST_YEAR), Sentence("the scoring year, such as 2023", "积分年度，如 2023")
    ]
    category: Annotated[Text | None, Sentence("the category", "类别")] = None
    item: Annotated[Text | None, Sentence("the item's code", "事项编码")] = None
    quarter: Annotated[
        Text | None, Made(_quarter), Sentence('the quarter, such as "2023Q3"', '季度，如 "2023Q3"')
    ] = None
    difference: Annotated[
        int,
        Between(-DIFFERENCE_MAX, DIFFERENCE_MAX),
        Sentence("our points less theirs, such as -20", "我方减对方的差额，如 -20"),
    ]
    who: Annotated[Text, Sentence("who accepts it", "认可人")]
    why: Annotated[Text, Sentence("why it is accepted", "认可的理由")]
    until: Annotated[
        dt.date,
        Sentence(
            "the day until which it holds, such as 2026-12-31, without quotation marks",
            "有效期至，如 2026-12-31，不加引号",
        ),
    ]


class AcceptedForm(Table):
    """The whole register."""

    accepted: Annotated[
        Sequence[EntryForm], Sentence("an [[accepted]] table for each", "[[accepted]] 表，每条一个")
    ] = ()


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
        {**entry.data(), "line": draft.line(("accepted", number))}
        for number, entry in enumerate(form.accepted)
    ]
    return pl.DataFrame(rows, schema=ACCEPTED.schema)


def _misread(form: AcceptedForm, draft: RuleDraft) -> Iterator[Complaint]:
    """Quarters that are none, and breaks that stand twice."""
    first: dict[tuple[object, ...], int] = {}
    for number, entry in enumerate(form.accepted):
        if entry.quarter is not None and wording.quarter(entry.quarter) is None:
            problem = Sentence("quarter is not written as it should be", "quarter 的写法不对")
            remedy = Sentence('write it as "2023Q3"', '请写成 "2023Q3"')
            yield wrong(draft, ("accepted", number, "quarter"), problem, remedy)
        key = (entry.household_id, entry.scoring_year, entry.category, entry.item, entry.quarter)
        line = draft.line(("accepted", number))
        if first.setdefault(key, line) != line:
            problem = Sentence(
                f"is the same break as that of line {first[key]}", f"与第 {first[key]} 行是同一处差异"
            )
            yield wrong(draft, ("accepted", number), problem, Sentence("keep one of the two", "请只保留一条"))
