"""Structs in Thrift's compact protocol, as far as the headers of Parquet's pages need it.

A struct becomes a dictionary of its fields by number. Nothing in it is trusted: an end that comes too
early is an `IndexError`, and depth and lengths are bounded.
"""

from __future__ import annotations

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
DEPTH_MAX = 8
VARINT_BITS_MAX = 64
CONTINUES = 128
DOUBLE_BYTES = 8


class Compact:
    """A reader at a place of some bytes; `at` is where it stands."""

    def __init__(self, content: bytes) -> None:
        """Begin at the first byte."""
        self.content, self.at = content, 0

    def struct(self, depth: int = 0) -> dict[int, object]:
        """The fields of a struct by their number; texts and lists are passed over and null."""
        if depth > DEPTH_MAX:
            raise IndexError
        fields: dict[int, object] = {}
        number = 0
        while head := self._byte():
            kind, ahead = head & 15, head >> 4
            number = number + ahead if ahead else self._signed()
            fields[number] = self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> object:
        if kind in {TRUE, FALSE}:
            return kind == TRUE
        if kind in {I16, I32, I64}:
            return self._signed()
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind == BYTE:
            return self._byte()
        if kind in {BINARY, DOUBLE}:
            self._pass(DOUBLE_BYTES if kind == DOUBLE else self._varint())
        elif kind in {LIST, SET}:
            self._list(depth)
        else:
            # Page headers have no maps, and there are no other kinds.
            raise IndexError
        return None

    def _list(self, depth: int) -> None:
        head = self._byte()
        count = head >> 4
        if count == 15:  # noqa: PLR2004 - a longer count follows
            count = self._varint()
        for _ in range(count):
            # A boolean takes a byte in a list, unlike in a struct.
            self._byte() if head & 15 in {TRUE, FALSE} else self._value(head & 15, depth + 1)

    def _pass(self, size: int) -> None:
        self.at += size
        if self.at > len(self.content):
            raise IndexError

    def _byte(self) -> int:
        value = self.content[self.at]
        self.at += 1
        return value

    def _varint(self) -> int:
        value = self._byte()
        if value < CONTINUES:
            return value
        value, shift = value - CONTINUES, 7
        while (part := self._byte()) >= CONTINUES:
            value |= (part - CONTINUES) << shift
            shift += 7
            if shift > VARINT_BITS_MAX:
                raise IndexError
        return value | part << shift

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
