"""Polars and numpy ask of arrays whether they are masked; none of ours is, and to be asked loads `numpy.ma`.

That is a thirtieth of a village's run. So the question is answered here, and anything else by `numpy.ma`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jifen_batch.taken_along import Later


class _NoneMasked(Later):
    """`numpy.ma` where arrays are plain, and the module itself for every other use."""

    nomask = np.False_

    def is_masked(self, x: object) -> bool:
        """Whether anything is masked: of a plain array nothing."""
        return not _is_plain(x) and bool(self._itself("is_masked")(x))

    def getmask(self, a: object) -> object:
        """What is masked: of a plain array nothing."""
        return self.nomask if _is_plain(a) else self._itself("getmask")(a)

    def getdata(self, a: object, subok: bool = True) -> object:  # noqa: FBT001, FBT002 - numpy's signature
        """The values, whether masked or not: a plain array itself."""
        return a if _is_plain(a) else self._itself("getdata")(a, subok)

    def _itself(self, name: str) -> Any:  # noqa: ANN401 - a function of the module
        return self.__getattr__(name)


def _is_plain(array: object) -> bool:
    return type(array) is np.ndarray


def settle() -> None:
    """Have the question answered here, unless `numpy.ma` is loaded already."""
    if "ma" not in vars(np):
        np.ma = _NoneMasked("numpy.ma")
