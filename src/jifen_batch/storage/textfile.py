"""Figures of a command as a Prometheus textfile: old or new, never torn, for a collector to pick up.

Text exposition format 0.0.4: a HELP and a TYPE line before the samples of each name, base units, a line
feed at the end of every line. Source: https://prometheus.io/docs/instrumenting/exposition_formats
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "jifen_batch_"
BEGUN = ".metrics-"
MAX_FORMER_BYTES = 1 << 20
_NAMED = re.compile(rf"(?:# (?:HELP|TYPE) )?({PREFIX}[a-z_]+)(?:\{{[^\n]*\}})?(?: .*)?")
_SAMPLE = re.compile(rf"({PREFIX}[a-z_]+) ([0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True)
class Gauge:
    """One name with its samples: a value, or one by each value of the label `label`.

    `name` stands without the prefix and ends in its base unit; a null value leaves the whole name out.
    """

    name: str
    help: str
    value: float | Mapping[str, int] | None
    label: str = ""

    @property
    def lines(self) -> list[str]:
        """HELP, TYPE and samples."""
        if self.value is None:
            return []
        name = f"{PREFIX}{self.name}"
        head = [f"# HELP {name} {_escaped(self.help)}", f"# TYPE {name} gauge"]
        if isinstance(self.value, int | float):
            return [*head, f"{name} {self.value!r}"]
        samples = (f'{name}{{{self.label}="{one}"}} {number}' for one, number in self.value.items())
        return [*head, *samples]


def write(path: Path, command: str, gauges: list[Gauge]) -> None:
    """Write the figures of a command in place of its former ones; other commands' stay. Raises `DiskError`.

    Readable by the group, in which the collector is to be.
    """
    own = f"{PREFIX}{command}_"
    kept = [
        line for line in _former(path) if (named := _NAMED.fullmatch(line)) and not named[1].startswith(own)
    ]
    lines = [*kept, *(line for gauge in gauges for line in gauge.lines)]
    text = "".join(f"{line}\n" for line in lines)
    with scratch.replacing(path, BEGUN) as fresh:
        disk.write_bytes(fresh, text.encode())


def former(path: Path, name: str) -> float | None:
    """The value that the file has of a name now; null where it has none, or there is no such file."""
    for line in _former(path):
        sample = _SAMPLE.fullmatch(line)
        if sample and sample[1] == f"{PREFIX}{name}":
            return float(sample[2])
    return None


def _former(path: Path) -> list[str]:
    """The lines that stand there now; none where nothing can be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FORMER_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _escaped(text: str) -> str:
    """A help text as the format takes it."""
    return text.replace("\\", r"\\").replace("\n", r"\n")
