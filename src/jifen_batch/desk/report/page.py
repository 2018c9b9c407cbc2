"""`report` as a page: find the run, add up what there is to see, and put down one file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.report import figures
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import text_doubts
from jifen_batch.inputs.find import Found, find
from jifen_batch.inputs.mapping import load
from jifen_batch.inputs.roles import SURVEYS_ROLE
from jifen_batch.inputs.surveys import read_surveys
from jifen_batch.notices.report import district, points
from jifen_batch.notices.report.document import Section, document, shown
from jifen_batch.notices.report.words import Words
from jifen_batch.published import announced, damage, manifest, publish, runs, side_file
from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jifen_batch.inputs.remark import InputRemark

OPTION, ENDING, SCRATCH = "--to", ".html", ".report-"


@dataclass(frozen=True)
class Asked:
    """What is asked: the run, where the page goes, surveys and how their sheet reads, and the language."""

    out: Path
    to: Path
    run: str = publish.CURRENT
    surveys: str | None = None
    mapping: str | None = None
    language: str = "zh"


@dataclass(frozen=True)
class Written:
    """What was written: of which run, where, how many bytes, and the villages in it.

    `passed_over` is what the surveys' folder holds beside, `warnings` say what in them may be wrong.
    """

    run_id: str
    to: Path
    size: int
    villages: int
    passed_over: list[InputRemark]
    warnings: list[InputRemark]


def report(asked: Asked) -> Written:
    """Write the page of a run over what stands there.

    Raises `UsageRefusedError` for a place where it cannot be, `InputRefusedError` for a run that is not there
    or surveys that cannot be read, `DiskError`.
    """
    side_file.check(OPTION, asked.to, asked.out, [asked.surveys], ENDING)
    run = runs.find(asked.out, asked.run)
    found, surveys = _surveys(asked)
    with damage.named(run, asked.out, announced.quarters(asked.out)):
        night = Night(asked.out, run, surveys, asked.language)
        content = night.page().encode()
    with scratch.replacing(asked.to, SCRATCH) as fresh:
        disk.write_bytes(fresh, content)
    villages = night.participation["village_id"].n_unique()
    warnings = [*text_doubts.remarks(found.files)]
    return Written(run.name, asked.to, len(content), villages, found.passed_over, warnings)


def _surveys(asked: Asked) -> tuple[Found, pl.DataFrame | None]:
    """The surveys and their files, where they are given."""
    if asked.surveys is None:
        return Found([], []), None
    mapping = load(asked.mapping) if asked.mapping else None
    if mapping and mapping.role != SURVEYS_ROLE:
        raise InputRefusedError(
            f"--mapping: {mapping.name}: is for a {mapping.role}; write [file] role = {SURVEYS_ROLE}",
            f"--mapping：{mapping.name}：是给 {mapping.role} 的；请写 [file] role = {SURVEYS_ROLE}",
        )
    found = find(asked.surveys, SURVEYS_ROLE, mapping)
    return found, read_surveys(found.files)


class Night:
    """A run while its page is made."""

    def __init__(self, out: Path, run: Path, surveys: pl.DataFrame | None, language: str) -> None:
        """Raises `InputRefusedError` where the run is damaged."""
        self.out, self.run, self.surveys = out, run, surveys
        self.content: Mapping[str, Any] = publish.read_manifest(run)
        self.as_of = date.fromisoformat(self.content["as_of"])
        self.say = Words(language, figures.names(run))
        self.participation = figures.participation(run)
        self.quarter = figures.whole_quarter(self.participation["quarter"].unique().to_list(), self.as_of)
        self.year = figures.last_year(run) or self.as_of.year
        self.nets, self.grades = figures.nets(run, self.year)

    def page(self) -> str:
        """The whole page."""
        made_by = manifest.made_by(self.content)
        said = self.say("of_run", as_of=self.as_of, run_id=self.run.name, made_by=made_by)
        return document(
            self.say.language,
            self.say("title"),
            f"{said} {self.say('no_names')}",
            list(self._tiles()),
            list(self._sections()),
        )

    def _sections(self) -> Iterator[Section]:
        """Every section that has something to say."""
        say = self.say
        yield points.months(say, figures.by_month(self.run, self.as_of), figures.MONTHS)
        yield points.caps(say, self.year, *figures.caps(self.run, self.year), self.content["control_totals"])
        yield points.distribution(say, self.year, self.nets, self.grades)
        if self.quarter:
            yield district.coverage(say, self.participation, self.quarter)
            yield self._assessment()
        yield points.rejects(say, figures.rejects(self.run))
        earlier = figures.before(self.out, self.content)
        moved = figures.changes(earlier, self.run) if earlier else None
        yield points.changes(say, publish.read_manifest(earlier) if earlier else None, moved)

    def _assessment(self) -> Section:
        """The villages of the year's last quarter, so far, with who earned in the year."""
        quarters = [one for one in self.participation["quarter"].unique() if one.startswith(str(self.year))]
        last = self.participation.filter(pl.col("quarter") == max(quarters, default=self.quarter))
        earning = figures.earning_in_year(self.run, self.year)
        villages = last.drop("earning", "enrolled").join(
            earning, on=figures.PLACE, how="left", maintain_order="left"
        )
        surveys = None if self.surveys is None else self.surveys.filter(pl.col("scoring_year") == self.year)
        return district.assessment(
            self.say,
            self.year,
            villages.with_columns(pl.col("enrolled", "earning").fill_null(0)),
            surveys,
            listed=any(one["role"] == "villages" for one in self.content["inputs"]),
        )

    def _tiles(self) -> Iterator[tuple[str, str]]:
        """The figures at the head of the page: what each is, and how much."""
        say, accounting = self.say, self.content["accounting"]
        own = self.participation.filter(pl.col("quarter") == self.quarter)
        enrolled, earning = (int(own[name].cast(pl.Int64).sum()) for name in ("enrolled", "earning"))
        net = int((self.nets["net"] * self.nets["households"]).sum())
        yield say("villages"), shown(own.height)
        yield say("households"), shown(enrolled)
        yield (
            say("earning_share", quarter=say.quarter(self.quarter)),
            shown(min(1.0, earning / enrolled) if enrolled else None),
        )
        yield say("points_year", year=self.year), shown(net)
        yield say("lines"), shown(self.content["control_totals"]["lines"])
        rejected = accounting["rejected"] / accounting["rows"] if accounting["rows"] else None
        yield say("reject_share", rows=shown(accounting["rows"])), shown(rejected)
