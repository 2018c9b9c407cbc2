"""What benchmarks share: how large and how often, inputs made once a session, the tables at the end.

This process starts others and imports no frames itself (`process.py` says why).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from rich.table import Table

from machine import machine, sentence
from process import synth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pytest.terminal import TerminalReporter

YEARS, SEED = 1, 20230426
WIDTH = 150
TABLES = pytest.StashKey[dict[str, list[dict[str, str]]]]()
RESULTS = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the size grid, the number of rounds and where to write results from the command line."""
    group = parser.getgroup("jifen-batch")
    group.addoption("--sizes", default="2000,20000", help="Households of each measurement, with commas.")
    group.addoption("--rounds", default=3, type=int, help="Rounds of each; the median is told.")
    group.addoption("--growth", default="2650,26500", help="Households of the growth, ten times each.")
    group.addoption("--record", default=None, help="A JSON file to write the results and the machine to.")


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the tables."""
    config.stash[TABLES] = {}
    config.stash[RESULTS] = []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Measure once for every size of the grid."""
    if "households" in metafunc.fixturenames:
        sizes = metafunc.config.getoption("--sizes")
        metafunc.parametrize("households", [int(size) for size in sizes.split(",")])


@pytest.fixture(scope="session")
def county() -> Iterator[Callable[[int], Path]]:
    """The folder with the inputs of so many households; made when first asked for, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder:

        def made(households: int) -> Path:
            inputs = Path(folder) / f"{households}-{YEARS}-{SEED}"
            if not inputs.exists():
                synth(households, YEARS, SEED, inputs)
            return inputs

        yield made


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str, dict[str, Any]], None]:
    """Put a row into a table that is printed at the end of the session."""

    def told(title: str, row: dict[str, Any]) -> None:
        cells = {name: _cell(value) for name, value in row.items()}
        pytestconfig.stash[TABLES].setdefault(title, []).append(cells)

    return told


@pytest.fixture
def record(pytestconfig: pytest.Config) -> Callable[[dict[str, Any]], None]:
    """Keep a result for the file of `--record`."""
    return pytestconfig.stash[RESULTS].append


def _cell(value: object) -> str:
    """A number as people read it; a share of a second to the millisecond, what is not known as a dash."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}" if value < 1 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """Print the tables, and write the results down where that was asked for."""
    console = Console(file=terminalreporter._tw._file, width=WIDTH)  # noqa: SLF001 - where pytest prints
    for title, rows in config.stash[TABLES].items():
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for name in rows[0]:
            table.add_column(name, justify="right")
        for row in rows:
            table.add_row(*row.values())
        console.print(table)
        console.print()
    console.print(f"On {sentence(machine())}", soft_wrap=True, highlight=False)
    target = config.getoption("--record")
    if target and config.stash[RESULTS]:
        results = {"machine": machine(), "results": config.stash[RESULTS]}
        Path(target).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
