"""The log: structlog on stderr, for eyes on a terminal and as JSON lines otherwise."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, TextIO

from jifen_batch import clock
from jifen_batch.cli import language, output
from jifen_batch.sentence import Sentence
from jifen_batch.storage import address
from jifen_batch.taken_along import Later, left_out

# structlog takes them along: rich to show tracebacks, colorama for a system that is none of ours, asyncio for
# loops. This log asks for none, and they were a sixth of a village's run.
with left_out({"rich": None, "colorama": None, "asyncio": Later("asyncio")}):
    import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.typing import FilteringBoundLogger, Processor


def set_up(level: str) -> None:
    """Log from `level` on (debug, info, warning, error), to stderr."""
    stream = _stderr()
    renderer: Processor
    both: tuple[Processor, ...] = ()
    if stream.isatty():
        # For eyes one language is enough; lines of JSON carry both.
        both = (_without_both,)
        renderer = structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ, sort_keys=False)
    else:
        renderer = structlog.processors.JSONRenderer(serializer=json.dumps, ensure_ascii=False, default=str)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _stamp,
            _spoken,
            *both,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=_Patient(stream)),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )


def on_a_terminal() -> bool:
    """Whether somebody looks on as the log is written."""
    return _stderr().isatty()


def logger() -> FilteringBoundLogger:
    """The log as it was set up last."""
    log: FilteringBoundLogger = structlog.get_logger()
    return log


class _Patient:
    """A stream that a failing disk does not end: what is written to it then is lost, and the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        """As far as structlog uses a stream."""
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, or lose it."""
        with output.on_stderr():
            self._stream.write(address.shown(text))

    def flush(self) -> None:
        """Flush, or lose what was not."""
        with output.on_stderr():
            self._stream.flush()


def _stamp(_logger: object, _method: str, line: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Put the time, in Shanghai, at the head of a line, and what it is about after it."""
    now = clock.now().isoformat(timespec="milliseconds")
    return {"timestamp": now, "level": line.pop("level"), "event": line.pop("event"), **line}


def _spoken(_logger: object, _method: str, line: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Say a sentence among a line's fields in the language that is spoken, and beside it in both."""
    said = {name: value for name, value in line.items() if isinstance(value, Sentence)}
    for name, sentence in said.items():
        line[name] = language.here(sentence)
        line.setdefault("sentence", sentence._asdict())
    return line


def _without_both(
    _logger: object, _method: str, line: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Leave out the sentence in both languages; the line has it in the one that is spoken."""
    return {name: value for name, value in line.items() if name != "sentence"}


def _stderr() -> TextIO:
    """Stderr, or nothing where the process was started without one."""
    return sys.stderr if sys.stderr is not None else open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
