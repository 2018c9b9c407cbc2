"""The list of counties of a fleet: a TOML file that names each, and its configuration file.

```toml
[[counties]]
name = "qingxi"
config = "qingxi/worker.toml"    # relative to this file; what `run --config` takes
```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence  # noqa: TC003 - annotations are read when files are
from typing import TYPE_CHECKING, Annotated

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import Complaint, CountiesRefusedError
from jifen_batch.inputs import toml_form
from jifen_batch.inputs.toml_form import wrong
from jifen_batch.rules.declared import Filled, Table
from jifen_batch.rules.model import Text  # noqa: TC001 - as above
from jifen_batch.sentence import Sentence
from jifen_batch.storage import address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jifen_batch.rules.file import RuleDraft

ROLE = "counties"
# It becomes the name of files.
NAME = re.compile(r"\w[\w-]{0,63}")
OUT, RUN = "out", "run"


class CountyForm(Table):
    """One county."""

    name: Annotated[Text, Sentence("the county's name, for files and tables", "县名，用于文件名和表格")]
    config: Annotated[Text, Sentence("its configuration file", "它的配置文件")]


class CountiesForm(Table):
    """The whole list."""

    counties: Annotated[
        Sequence[CountyForm], Filled(), Sentence("a [[counties]] table for each", "[[counties]] 表，每县一个")
    ]


@dataclass(frozen=True)
class County:
    """A county: its name, and the configuration file of its runs."""

    name: str
    config: Path


def read(path: Path) -> list[County]:
    """The counties in the order of the list.

    Raises `InputRefusedError` for a file that cannot be read, `CountiesRefusedError` with all complaints:
    also about counties that would publish into one folder.
    """
    form, draft = toml_form.read(path, CountiesForm, CountiesRefusedError, ROLE)
    counties = [County(one.name, path.parent / one.config) for one in form.counties]
    complaints = list(_misread(counties, draft))
    if complaints:
        raise CountiesRefusedError(complaints)
    return counties


def _misread(counties: list[County], draft: RuleDraft) -> Iterator[Complaint]:
    """Names that cannot be a file's, and what two counties have in common and must not."""
    names: dict[str, int] = {}
    outs: dict[str, str] = {}
    for number, county in enumerate(counties):
        line = draft.line(("counties", number))
        if not NAME.fullmatch(county.name):
            yield wrong(
                draft,
                ("counties", number, "name"),
                Sentence("name cannot be the name of a file", "name 不能作为文件名"),
                Sentence("write letters, digits, - and _", "请只写文字、数字、- 和 _"),
            )
        elif names.setdefault(county.name, line) != line:
            yield wrong(
                draft,
                ("counties", number, "name"),
                Sentence(
                    f"name stands on line {names[county.name]}, too", f"name 在第 {names[county.name]} 行已有"
                ),
                Sentence("give each county a name of its own", "请给每个县各自的名称"),
            )
        out = _out(county.config)
        if out and outs.setdefault(out, county.name) != county.name:
            yield wrong(
                draft,
                ("counties", number, "config"),
                Sentence(
                    f"publishes into the output folder of {outs[out]!r}",
                    f"与 {outs[out]!r} 发布到同一个输出文件夹",
                ),
                Sentence("give each county an out of its own", "请给每个县各自的 out"),
            )


def _out(config: Path) -> str | None:
    """Where a county publishes, as its configuration file says; what is wrong with that its own run says."""
    try:
        tables = tomllib.loads(config.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    own = tables.get(RUN)
    named = own.get(OUT, tables.get(OUT)) if isinstance(own, dict) else tables.get(OUT)
    if not isinstance(named, str) or not named:
        return None
    return named if address.is_address(named) else str((config.parent / named).resolve())
