"""A published folder, made once: the fixture village with redemptions, two runs and three announcements."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import structlog

from jifen_batch.desk.announce.page import announce
from jifen_batch.worker import RunOptions, run
from verify.tamper import Published

HOME = Path(__file__).parents[2]
QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
NIGHTS = ((date(2024, 1, 20), ("2023Q3", "2023Q4")), (date(2024, 7, 20), ("2024Q2",)))


@pytest.fixture(scope="session")
def whole_folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("verify") / "out"
    for as_of, quarters in NIGHTS:
        run(
            RunOptions(
                events=str(HOME / "fixtures" / "events"),
                households=str(HOME / "fixtures" / "households.csv"),
                villages=str(HOME / "fixtures" / "villages.csv"),
                redemptions=str(HOME / "fixtures" / "redemptions.csv"),
                rules=(
                    str(HOME / "configs" / "rules" / "baoshan-2023.toml"),
                    str(HOME / "fixtures" / "rules"),
                ),
                out=out,
                as_of=as_of,
            ),
            QUIET,
        )
        for quarter in quarters:
            announce(out, quarter, with_earlier=True)
    return out


@pytest.fixture
def published(whole_folder, tmp_path):
    """A copy that a test may damage."""
    out = tmp_path / "out"
    shutil.copytree(whole_folder, out, symlinks=True)
    return Published(out)
