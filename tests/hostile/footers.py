"""The footer of a Parquet file taken apart, changed and put back: Thrift's compact protocol, both ways.

A struct is a list of `[number, kind, value]`, a list of values `[kind, values]`, and all else its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FLAGS, BYTE, NUMBERS, DOUBLE, BINARY, LISTS, STRUCT = {1, 2}, 3, {4, 5, 6}, 7, 8, {9, 10}, 12
MANY, LENGTH, MAGIC = 15, 4, b"PAR1"
# Fields of the footer, of a row group, and of a column chunk.
SCHEMA, GROUPS, CHUNKS, CHUNK = 2, 4, 1, 3


def field(struct: list[Any], number: int) -> Any:
    """The value of a field; of a list its values."""
    kind, value = next((kind, value) for at, kind, value in struct if at == number)
    return value[1] if kind in LISTS else value


def edit(path: Path, change: Callable[[list[Any]], object]) -> None:
    """Change the footer of a file in its place."""
    content = path.read_bytes()
    size = int.from_bytes(content[-LENGTH - len(MAGIC) : -len(MAGIC)], "little")
    begins = len(content) - len(MAGIC) - LENGTH - size
    footer = content[begins : begins + size]
    struct, _ = _struct(footer, 0)
    assert _written(STRUCT, struct) == footer
    change(struct)
    changed = _written(STRUCT, struct)
    path.write_bytes(content[:begins] + changed + len(changed).to_bytes(LENGTH, "little") + MAGIC)


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte, at = content[at], at + 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def _as_varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _value(kind: int, content: bytes, at: int) -> tuple[Any, int]:
    if kind in FLAGS:
        return b"", at
    if kind == STRUCT:
        return _struct(content, at)
    if kind in LISTS:
        size, of, at = content[at] >> 4, content[at] & 15, at + 1
        if size == MANY:
            size, at = _varint(content, at)
        values = []
        for _ in range(size):
            value, at = _value(BYTE if of in FLAGS else of, content, at)
            values.append(value)
        return [of, values], at
    begins = at
    if kind in NUMBERS:
        _, at = _varint(content, at)
    elif kind == BINARY:
        size, at = _varint(content, at)
        at += size
    else:
        at += {BYTE: 1, DOUBLE: 8}[kind]
    return content[begins:at], at


def _struct(content: bytes, at: int) -> tuple[list[Any], int]:
    fields: list[Any] = []
    number = 0
    while head := content[at]:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            zigzag, at = _varint(content, at)
            number = (zigzag >> 1) ^ -(zigzag & 1)
        value, at = _value(head & 15, content, at)
        fields.append([number, head & 15, value])
    return fields, at + 1


def _written(kind: int, value: Any) -> bytes:
    if kind == STRUCT:
        out, before = b"", 0
        for number, of, held in value:
            out += bytes([number - before << 4 | of]) + _written(of, held)
            before = number
        return out + b"\0"
    if kind in LISTS:
        of, values = value
        head = bytes([len(values) << 4 | of]) if len(values) < MANY else bytes([MANY << 4 | of])
        head += b"" if len(values) < MANY else _as_varint(len(values))
        return head + b"".join(_written(of, one) for one in values)
    return value
