"""The fixture village as an operator has it: quarters announced, a night published, its inputs beside it."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import structlog

from jifen_batch.desk.announce.page import announce
from jifen_batch.errors import TooManyRejectsError
from jifen_batch.worker import RunOptions, run

HOME = Path(__file__).parents[2]
QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
LAST_NIGHT = "2024-07-20"
QUARTERS = {"2024-01-16": ["2023Q2", "2023Q4"], LAST_NIGHT: []}


@dataclass(frozen=True)
class Town:
    """`folder` holds the inputs (events, rules and the rest), and `out` if it is not named."""

    folder: Path
    elsewhere: Path | None = None

    @property
    def out(self) -> Path:
        return self.elsewhere or self.folder / "out"

    def inputs(self) -> dict[str, str]:
        """The options that name the inputs."""
        return {
            "--events": str(self.folder / "events"),
            "--households": str(self.folder / "households.csv"),
            "--villages": str(self.folder / "villages.csv"),
            "--redemptions": str(self.folder / "redemptions.csv"),
            "--rules": str(self.folder / "rules"),
        }

    def night(self, as_of: str, **more: str) -> list[str]:
        """The words of a run; `more` are further options, or others in the inputs' place."""
        named = {f"--{name.replace('_', '-')}": str(value) for name, value in more.items()}
        options = {**self.inputs(), "--as-of": as_of, "--out": str(self.out)} | named
        return ["run", *(word for option in options.items() for word in option)]

    def ran(self, as_of: str, **more: object) -> None:
        """A night in this process."""
        options = {name.removeprefix("--"): place for name, place in self.inputs().items()}
        asked = options | {"rules": (options["rules"],), "out": self.out, "as_of": date.fromisoformat(as_of)}
        run(RunOptions(**asked | more), QUIET)

    def refused(self, as_of: str) -> None:
        """A night in this process that ends with too many rejects."""
        with pytest.raises(TooManyRejectsError):
            self.ran(as_of, max_reject_rate=0.0)

    def copy(self, to: Path) -> "Town":
        """The same somewhere else, for a test to change."""
        shutil.copytree(self.folder, to, symlinks=True)
        return Town(to)


def of_fixtures(folder: Path, out: Path | None = None) -> Town:
    """The fixture village in a folder that is not there yet."""
    shutil.copytree(HOME / "fixtures", folder)
    shutil.copy(HOME / "configs" / "rules" / "baoshan-2023.toml", folder / "rules")
    return Town(folder, out)


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """Made once; not to be changed."""
    town = of_fixtures(tmp_path_factory.mktemp("operators") / "town")
    for day, quarters in QUARTERS.items():
        town.ran(day)
        for quarter in quarters:
            announce(town.out, quarter, with_earlier=True)
    return town


@pytest.fixture
def town(base, tmp_path):
    """A copy that a test may change."""
    return base.copy(tmp_path / "town")
