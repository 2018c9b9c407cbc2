"""A command that reads files from strangers: its work is done by a child, whose end is reported here."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jifen_batch.cli import exits
from jifen_batch.cli.command import Command
from jifen_batch.cli.process import supervisor
from jifen_batch.inputs.safety import room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    import click

    LastWords = Callable[[Mapping[str, Any], bool, float], AbstractContextManager[object]]


# Polars and PyArrow each start a thread for every processor; PyArrow eight to read with; we a few.
THREADS_PER_CPU, THREADS_BESIDE = 2, 12
# A village takes some ten at a time.
FILES_AT_ONCE = 24


class Watched(Command):
    """A command whose body is run by a child, where the program is started as one that watches.

    `last_words(parameters, as_json, began)` wraps an error that the body could not report, as the body
    wraps its own: what it writes at every end, it writes then, too.
    """

    def __init__(
        self,
        name: str | None,
        *,
        last_words: LastWords | None = None,
        **attributes: Any,  # noqa: ANN401 - a command's
    ) -> None:
        """As a command, with what it says at every end."""
        super().__init__(name, **attributes)
        self.last_words = last_words

    def body(self, ctx: click.Context, words: list[str] | None, *, as_json: bool) -> object:
        """The work, or the wait for a child that does it; `words` are the whole command line."""
        if words is None:
            with self._told(ctx, as_json=as_json):
                room.check_threads(THREADS_PER_CPU * room.processors() + THREADS_BESIDE)
                room.check_files(FILES_AT_ONCE)
            return super().body(ctx, words, as_json=as_json)
        with self._told(ctx, as_json=as_json):
            exits.release()
            code = supervisor.work(words)
        return ctx.exit(code)

    def bring(self, ctx: click.Context, *, as_json: bool) -> None:
        """As every command; where that fails, the work has not begun, and says what it says at every end."""
        with self._told(ctx, as_json=as_json):
            super().bring(ctx, as_json=as_json)

    @contextmanager
    def _told(self, ctx: click.Context, *, as_json: bool) -> Iterator[None]:
        """Inside, an error is followed by the command's last words."""
        began = time.monotonic()
        try:
            yield
        except BaseException:
            if self.last_words is None:
                raise
            self.set_up_logs(ctx)
            with self.last_words(ctx.params, as_json, began):
                raise
