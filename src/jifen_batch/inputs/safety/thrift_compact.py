"""Structs in Thrift's compact protocol, as far as the headers of Parquet's pages need it.

A struct becomes a dictionary of its fields by number. Nothing in it is trusted: an end that comes too
early is an `IndexError`, and depth and lengths are bounded. A night reads the headers of every page, so that
places are handed from function to function, and not kept.
"""

from __future__ import annotations

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
DEPTH_MAX = 8
VARINT_BITS_MAX = 64
CONTINUES = 128
DOUBLE_BYTES = 8

Fields = dict[int, object]


def read_struct(content: bytes, at: int = 0, depth: int = 0) -> tuple[Fields, int]:
    """The fields of a struct by their number, and where it ends; texts and lists are passed over and null."""
    if depth > DEPTH_MAX:
        raise IndexError
    fields: Fields = {}
    number = 0
    while head := content[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            number, at = _signed(content, at)
        if I16 <= kind <= I64:
            value = content[at]
            if value < CONTINUES:  # nearly all numbers of a page header take one byte
                at += 1
            else:
                value, at = _varint(content, at)
            fields[number] = (value >> 1) ^ -(value & 1)
        elif kind == STRUCT:
            fields[number], at = read_struct(content, at, depth + 1)
        else:
            fields[number], at = _other(kind, content, at, depth)
    return fields, at + 1


def _other(kind: int, content: bytes, at: int, depth: int) -> tuple[object, int]:
    """A value that is no number, or one of a byte, and where it ends."""
    if kind == BINARY:
        size, at = _varint(content, at)
        return None, _within(content, at + size)
    if TRUE <= kind <= FALSE:
        return kind == TRUE, at
    if kind == STRUCT:
        return read_struct(content, at, depth + 1)
    if kind == BYTE:
        return content[at], at + 1
    if kind == DOUBLE:
        return None, _within(content, at + DOUBLE_BYTES)
    if kind in {LIST, SET}:
        return None, _list(content, at, depth)
    # Page headers have no maps, and there are no other kinds.
    raise IndexError


def _list(content: bytes, at: int, depth: int) -> int:
    """Where a list ends."""
    head = content[at]
    at += 1
    count = head >> 4
    if count == 15:  # noqa: PLR2004 - a longer count follows
        count, at = _varint(content, at)
    kind = head & 15
    for _ in range(count):
        if kind in {TRUE, FALSE}:
            # A boolean takes a byte in a list, unlike in a struct.
            at = _within(content, at + 1)
        elif kind in {I16, I32, I64}:
            _, at = _varint(content, at)
        else:
            _, at = _other(kind, content, at, depth + 1)
    return at


def _within(content: bytes, at: int) -> int:
    """The place, which lies within the content or at its end."""
    if at > len(content):
        raise IndexError
    return at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number without a sign, seven bits a byte, and where it ends."""
    value = content[at]
    at += 1
    if value < CONTINUES:
        return value, at
    value, shift = value - CONTINUES, 7
    while (part := content[at]) >= CONTINUES:
        at += 1
        value |= (part - CONTINUES) << shift
        shift += 7
        if shift > VARINT_BITS_MAX:
            raise IndexError
    return value | part << shift, at + 1


def _signed(content: bytes, at: int) -> tuple[int, int]:
    """A number with a sign, which is its lowest bit, and where it ends."""
    value, at = _varint(content, at)
    return (value >> 1) ^ -(value & 1), at
