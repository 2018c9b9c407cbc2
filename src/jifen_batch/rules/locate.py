"""From a key of a TOML file to the line it stands on.

`tomllib` tells where a file is malformed, but not where a key of a good file stands, and a complaint
without its line sends a clerk searching. This walks a text that `tomllib` has accepted, so it can trust
the syntax and only needs to tell keys from values.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from itertools import accumulate

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_PART = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|("(?:[^"\\\n]|\\.)*")|'([^'\n]*)')[ \t]*""")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5}'''
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^,\]}#\n]+"""
)


def locate(text: str) -> dict[KeyPath, int]:
    """Line (from 1) of every table, key and array element of a well-formed TOML text, by key path."""
    return _Walk(text.replace("\r\n", "\n")).lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """Line of a path; of the nearest thing around it where the path itself stands nowhere; else 1."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Walk:
    """One pass over a text: `lines` is the result, `at` the position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
        self._lengths: dict[KeyPath, int] = {}
        table: KeyPath = ()
        while self._skip() < len(text):
            if text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self, pattern: re.Pattern[str] = _BLANK) -> int:
        """Move behind what the pattern matches here, if anything; return the position."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _mark(self, path: KeyPath, at: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], bisect_right(self._starts, at))

    def _key(self) -> tuple[str, ...]:
        """Read a dotted key up to the sign that ends it."""
        parts: list[str] = []
        while found := _PART.match(self.text, self.at):
            bare, quoted, literal = found.groups()
            parts.append(tomllib.loads(f"k={quoted}")["k"] if quoted else bare or literal or "")
            self.at = found.end()
            if self.text[self.at] != ".":
                break
            self.at += 1
        return tuple(parts)

    def _header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]`; the path it opens, with the numbers of array elements."""
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        *outer, last = self._key()
        self.at += 2 if many else 1
        path: KeyPath = ()
        for part in outer:
            path = (*path, part)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        path = (*path, last)
        if many:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
        self._mark(path, start)
        return path

    def _pair(self, table: KeyPath) -> None:
        """Read `key = value`."""
        start = self.at
        path = (*table, *self._key())
        self._mark(path, start)
        self.at += 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        """Read a value, and mark what stands inside an array or inline table."""
        self._skip()
        if self.text[self.at] == "[":
            self._elements(path)
        elif self.text[self.at] == "{":
            self._pairs(path)
        else:
            self._skip(_SCALAR)

    def _elements(self, path: KeyPath) -> None:
        self.at += 1
        number = 0
        while self.text[self._skip()] != "]":
            self._mark((*path, number), self.at)
            self._value((*path, number))
            number += 1
            self._skip_comma()
        self.at += 1

    def _pairs(self, path: KeyPath) -> None:
        self.at += 1
        while self.text[self._skip()] != "}":
            self._pair(path)
            self._skip_comma()
        self.at += 1

    def _skip_comma(self) -> None:
        if self.text[self._skip()] == ",":
            self.at += 1
