"""What an engine holds goes with an error, too: rows of households lie nowhere that nobody works at."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from jifen_batch.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.engine.crew import Engine


@contextmanager
def or_clear(engine: Engine) -> Iterator[None]:
    """Inside, an error clears the engine; where even that fails, the error is what is told."""
    try:
        yield
    except BaseException:
        with suppress(DiskError):
            engine.clear()
        raise
