"""The kernels by stage: seconds of every kernel function that the worker calls, in the order of calls.

`python kernel_seconds.py EVENTS HOUSEHOLDS VILLAGES RULES AS_OF OUT` does one nightly run in this process,
with a watch around each public function of `jifen_batch.kernels`, wherever the worker and the scoring page
call it. Nothing here knows the functions' names or arguments, so that a kernel may be changed freely. Parts
are worked on at the same time, and their seconds are added up: a stage can take more than the run's own time.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import threading
import time
from datetime import date
from functools import wraps
from inspect import getmodule, isfunction, ismodule
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from jifen_batch import scoring, worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

KERNELS = "jifen_batch.kernels"
QUIET = structlog.make_filtering_bound_logger("critical")


class Watch:
    """Seconds and calls of each function, by name, in the order of the first calls."""

    def __init__(self) -> None:
        """Nothing has been called."""
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self.lock = threading.Lock()
        self.inside = threading.local()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched; what it calls itself counts as its own."""
        name = f"{function.__module__.removeprefix(KERNELS + '.')}.{function.__name__}"

        @wraps(function)
        def watched(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the kernel takes and gives
            if getattr(self.inside, "kernel", False):
                return function(*given, **named)
            self.inside.kernel = True
            with self.lock:
                self.seconds.setdefault(name, 0.0)
            began = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.inside.kernel = False
                with self.lock:
                    self.seconds[name] += time.perf_counter() - began
                    self.calls[name] = self.calls.get(name, 0) + 1

        return watched


def callers() -> list[ModuleType]:
    """The modules that call kernels: the scoring page and every module of the worker."""
    inside = pkgutil.walk_packages(worker.__path__, "jifen_batch.worker.")
    return [scoring, worker, *(importlib.import_module(one.name) for one in inside)]


def of_kernels(thing: object) -> bool:
    """Whether a module or function is of the kernels."""
    module = getmodule(thing)
    return module is not None and module.__name__.startswith(KERNELS)


def watch_all(watch: Watch) -> None:
    """Put the watch around every kernel function that a caller knows by its name or by its module's."""
    for module in callers():
        for name, thing in list(vars(module).items()):
            if isfunction(thing) and of_kernels(thing):
                setattr(module, name, watch.around(thing))
            elif ismodule(thing) and of_kernels(thing):
                watch_module(watch, thing)


def watch_module(watch: Watch, module: ModuleType) -> None:
    """Put it around a kernel module's own public functions; once, however many callers know it."""
    for name, thing in list(vars(module).items()):
        own = isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
        if own and not hasattr(thing, "__wrapped__"):
            setattr(module, name, watch.around(thing))


def main(words: list[str]) -> None:
    """One run under the watch."""
    events, households, villages, rules, as_of, out = words
    watch = Watch()
    watch_all(watch)
    options = worker.RunOptions(
        events=events,
        households=households,
        villages=villages,
        rules=(rules,),
        out=Path(out),
        as_of=date.fromisoformat(as_of),
    )
    log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr), wrapper_class=QUIET)
    began = time.perf_counter()
    report = worker.run(options, log)
    told = {
        "run_seconds": time.perf_counter() - began,
        "rows": report.manifest["accounting"]["rows"],
        "seconds": watch.seconds,
        "calls": watch.calls,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
