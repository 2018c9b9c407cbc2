"""The fixture village published four times: as it is, with other rows, other books, and another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import structlog
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.worker import RunOptions, run

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "configs" / "rules" / "baoshan-2023.toml"
AMENDED, NO_DAY = {"2023-0001": "declared", "2023-0003": "declined"}, "2023-0004"
QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


@dataclass(frozen=True)
class Published:
    """An output folder, and the ids of its runs."""

    out: Path
    plain: str
    edited: str
    amended: str
    early: str


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Runs of the fixture village; the book is edited in the points of the waste pledge.

    The amended rows: an event of TH-01 is only declared, one of TH-11, which moves, is declined, and one
    of TH-12 has lost its day, and with it its place.
    """
    folder = tmp_path_factory.mktemp("compare")
    head, code, tail = SHIPPED.read_text(encoding="utf-8").partition('code = "waste.pledge"')
    edited = folder / "edited.toml"
    edited.write_text(head + code + tail.replace("points = 5", "points = 4", 1), encoding="utf-8")

    events = folder / "events"
    events.mkdir()
    for file in (ROOT / "fixtures" / "events").iterdir():
        rows = pl.read_csv(file, infer_schema=False)
        status = pl.col("event_id").replace_strict(AMENDED, default=pl.col("status"))
        day = pl.when(pl.col("event_id") != NO_DAY).then("occurred_on")
        rows.with_columns(status=status, occurred_on=day).write_csv(events / file.name)

    def ran(book, as_of=date(2024, 7, 20), events=ROOT / "fixtures" / "events", **further):
        options = RunOptions(
            events=str(events),
            households=str(ROOT / "fixtures" / "households.csv"),
            rules=(str(book), str(ROOT / "fixtures" / "rules")),
            out=folder / "out",
            as_of=as_of,
            **further,
        )
        return run(options, QUIET).run_id

    return Published(
        folder / "out",
        ran(SHIPPED),
        ran(edited),
        ran(SHIPPED, events=events),
        ran(SHIPPED, date(2024, 1, 20), make_current=True),
    )


@pytest.fixture
def jifen():
    """The command line: words in, the exit code and what it printed out."""

    def call(*words):
        result = CliRunner().invoke(program, [str(word) for word in words])
        return result.exit_code, result.stdout

    return call
