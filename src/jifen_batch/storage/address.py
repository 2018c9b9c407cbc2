"""Addresses in object stores, and the local folders that stand for them while a command works.

A command reads and writes on the disk alone; what it says names the address that its user gave.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from pathlib import Path

SCHEME = "s3://"
# Compiled when a text looks like one, which few do: every command loads this.
BETWEEN = "://"
ANY_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*://"
WRITTEN = r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/+((?s:.*?)))?/*"
# Local paths, and what each stands for.
_standing_in: dict[str, str] = {}


@dataclass(frozen=True)
class Address:
    """A place in an object store: its bucket, and a key, or what keys begin with, without a last stroke."""

    bucket: str
    key: str

    def __str__(self) -> str:
        """As users write it."""
        return f"{SCHEME}{self.bucket}/{self.key}" if self.key else f"{SCHEME}{self.bucket}"

    def below(self, name: str) -> Address:
        """A place below this one."""
        return Address(self.bucket, f"{self.key}/{name}" if self.key else name)


def is_address(text: str) -> bool:
    """Whether a text names a place in some store, of whatever scheme, and no path."""
    return BETWEEN in text and re.match(ANY_SCHEME, text) is not None


def parse(text: str) -> Address | None:
    """The address that a text is; null where it is none that is read."""
    found = re.fullmatch(WRITTEN, text)
    return Address(found[1], found[2] or "") if found else None


def stand_in(path: Path, address: Address | str) -> None:
    """From now on, sentences that name this path name this address."""
    for one in {str(path), str(path.resolve())}:
        _standing_in[one] = str(address)


def shown(text: str) -> str:
    """A text for people or machines, with addresses for the paths that stand for them."""
    # What lies deeper may stand for another place than the folder that it lies in.
    for path in sorted(_standing_in, key=len, reverse=True):
        text = text.replace(path, _standing_in[path])
    return text


def forget() -> None:
    """Nothing stands for anything any more."""
    _standing_in.clear()
