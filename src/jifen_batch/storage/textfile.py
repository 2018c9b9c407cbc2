"""Figures of one command as a Prometheus textfile: old or new, never torn, for a collector to pick up.

The format is the library's; how the file comes to its place is the house's own (`operations`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from pathlib import Path

    from prometheus_client import CollectorRegistry

BEGUN = ".metrics-"
MAX_FORMER_BYTES = 1 << 20


def write(path: Path, registry: CollectorRegistry) -> None:
    """Write figures in place of all that stood there. Raises `DiskError`.

    Readable by the group, in which the collector is to be.
    """
    with scratch.replacing(path, BEGUN) as fresh:
        disk.write_bytes(fresh, generate_latest(registry))


def former(path: Path) -> dict[str, float]:
    """The figures without a label that the file has now, by name, as far as it can be read."""
    found: dict[str, float] = {}
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FORMER_BYTES).decode("utf-8", "replace")
        for family in text_string_to_metric_families(text):
            found |= {sample.name: sample.value for sample in family.samples if not sample.labels}
    except (OSError, ValueError):
        pass
    return found
