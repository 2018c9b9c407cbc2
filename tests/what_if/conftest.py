"""The fixture village published once, with two quarters on the board, and books to try beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.published import announced
from jifen_batch.tables import SCHEMA_VERSION
from jifen_batch.tables.announced import ANNOUNCEMENT
from jifen_batch.worker import RunOptions, run

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "configs" / "rules" / "baoshan-2023.toml"
LOCAL = ROOT / "fixtures" / "rules"
QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
INPUTS = [
    *("--events", str(ROOT / "fixtures" / "events")),
    *("--households", str(ROOT / "fixtures" / "households.csv")),
]
QUARTERS = ("2023Q2", "2023Q4")


@dataclass(frozen=True)
class Published:
    """A published village; `what_if` runs the command on it."""

    out: Path
    run_id: str

    def what_if(self, *words, inputs=INPUTS):
        line = ["what-if", *inputs, "--out", self.out, *words]
        return CliRunner().invoke(program, [str(word) for word in line])

    def told(self, *words, **inputs):
        """The JSON document of a command that succeeds."""
        result = self.what_if(*words, "--json", **inputs)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def files(self):
        """Every file and folder of the output, links as links, with what is in it."""
        return {
            path.relative_to(self.out): path.readlink() if path.is_symlink() else path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_symlink() or path.is_file()
        } | {path.relative_to(self.out): None for path in self.out.rglob("*") if path.is_dir()}


@pytest.fixture(scope="session")
def village(tmp_path_factory):
    out = tmp_path_factory.mktemp("what_if") / "out"
    options = RunOptions(
        events=INPUTS[1],
        households=INPUTS[3],
        villages=str(ROOT / "fixtures" / "villages.csv"),
        rules=(str(SHIPPED), str(LOCAL)),
        out=out,
        as_of=date(2024, 7, 20),
    )
    report = run(options, QUIET)
    for quarter in QUARTERS:
        announced.folder(out, quarter).mkdir(parents=True)
        (announced.folder(out, quarter) / "manifest.json").write_text("{}", encoding="utf-8")
        # Nothing hangs in them: what would change there is what counts.
        ANNOUNCEMENT.schema.to_frame().select(ANNOUNCEMENT.file_names).write_parquet(
            announced.folder(out, quarter) / f"{ANNOUNCEMENT.name}.parquet",
            metadata={"schema_version": SCHEMA_VERSION},
        )
    return Published(out, report.run_id)


@pytest.fixture
def edited(tmp_path):
    """The village's books with the district's edited: pairs of what stands there and what is to stand."""

    def books(*edits, more=""):
        folder = tmp_path / "books"
        folder.mkdir(exist_ok=True)
        text = SHIPPED.read_text(encoding="utf-8")
        for pattern, new in edits:
            assert re.search(pattern, text), pattern
            text = re.sub(pattern, new, text, count=1)
        (folder / "base.toml").write_text(text, encoding="utf-8")
        if more:
            (folder / "more.toml").write_text(more, encoding="utf-8")
        for path in LOCAL.glob("*.toml"):
            (folder / path.name).write_bytes(path.read_bytes())
        return folder

    return books
