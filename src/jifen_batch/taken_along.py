"""What libraries take along when they are loaded, though nothing here asks for it.

Most of a village's run is the loading of libraries, and a good part of that is for what it never does: to
show tracebacks in colours, to read Iceberg, to describe numpy to who reads its help. It is left out, or put
off until somebody asks for it.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Later(ModuleType):
    """A module that is loaded once something in it is asked for."""

    def __getattr__(self, name: str) -> object:
        """What the module itself has under that name."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


class _OfHints(Later):
    """Numpy's words for hints: whoever hints at arrays while numpy is loaded says nothing in particular."""

    def __init__(self, name: str) -> None:
        """Of that name, and a package, which is what an import asks for first."""
        super().__init__(name)
        self.__path__ = []

    class NDArray:
        """Any array."""

        def __class_getitem__(cls, _: object) -> Any:  # noqa: ANN401 - a hint
            return Any


_DESCRIPTIONS = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")


def of_tables() -> dict[str, ModuleType | None]:
    """What polars, numpy and PyArrow take along; without it a village's run takes one part in twelve less.

    `importlib.metadata` tells polars the version of what reads Iceberg, and takes all of `email`; numpy
    describes its functions, and spells out every hint there is; PyArrow has ways of its own to stores, each a
    native library, where ours is another (`storage.object_store`).
    """
    return {
        "importlib.metadata": Later("importlib.metadata"),
        "numpy._typing": _OfHints("numpy._typing"),
        **{
            name: ModuleType(name)
            for name in ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")
        },
        **dict.fromkeys(f"pyarrow.{name}" for name in ("_azurefs", "_gcsfs", "_hdfs", "_s3fs")),
    }


@contextmanager
def left_out(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Inside, an import of one of these finds what is given instead, and nothing where that is null.

    What is loaded already stays as it is. Whoever imported inside keeps what was found.
    """
    absent = {name: stand_in for name, stand_in in modules.items() if name not in sys.modules}
    sys.modules |= absent  # type: ignore[arg-type]  # an import of what is null finds nothing
    for name, stand_in in absent.items():
        package, _, own = name.rpartition(".")
        if package in sys.modules and stand_in:
            setattr(sys.modules[package], own, stand_in)
    try:
        yield
    finally:
        for name, stand_in in absent.items():
            if name in sys.modules and sys.modules[name] is stand_in:
                del sys.modules[name]
