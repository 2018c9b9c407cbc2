"""What is refused in the caps of a layered book (specification 2.3): bounds, dates, and caps within caps."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

from jifen_batch.rules.layered import latest
from jifen_batch.rules.words import quoted, write_instead
from jifen_batch.scheme.choices import CapPeriod

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import LayeredBook, LayeredCap
    from jifen_batch.rules.model import CapTable

SHORTEST_FIRST: tuple[str, ...] = get_args(CapPeriod)


def check_caps(book: LayeredBook) -> Iterator[Complaint]:
    """Everything refused in a book's caps, whether an item counts under them or not."""
    for name, cap in book.caps.items():
        if cap.fields is not None:
            yield from _bounds(name, cap, cap.fields)
            yield from _dates(book, name, cap)
            if cap.within is not None:
                yield from _around(book, name, cap, cap.within)


def _bounds(name: str, cap: LayeredCap, fields: CapTable) -> Iterator[Complaint]:
    if fields.points is None and fields.floor is None:
        yield cap.place.complain(
            f"上限 {quoted(name)} 既没有 points，也没有 floor", "请写 points = 60 这样的上限"
        )
    if fields.floor is not None and not cap.net:
        yield cap.place.complain(
            f'上限 {quoted(name)} 有 floor，basis 却不是 "net"', '请写 basis = "net"，或删去 floor'
        )


def _dates(book: LayeredBook, name: str, cap: LayeredCap) -> Iterator[Complaint]:
    """Dated points: not with net, step after step, and in force when the book begins."""
    steps = [day for day, _ in cap.steps if day is not None]
    if not steps:
        return
    if cap.net:
        yield cap.place.complain(
            f'上限 {quoted(name)} 按日期分段，basis 却是 "net"', "请写一个整数，或删去 basis"
        )
    for before, after in pairwise(steps):
        if after <= before:
            yield cap.place.complain(
                f"上限 {quoted(name)} 的分段日期没有逐段向后（{after} 不晚于 {before}）",
                "请按日期先后重排，每个日期只写一次",
            )
    first_year = book.head.first_year
    if first_year is not None and steps[0] > dt.date(first_year, 1, 1):
        yield latest(cap.place, book.places["first_year"]).complain(
            f"上限 {quoted(name)} 自 {steps[0]} 起，晚于细则开始的 {first_year}-01-01",
            f"请让第一段自 {first_year}-01-01 或更早起",
        )


def _around(book: LayeredBook, name: str, cap: LayeredCap, within: str) -> Iterator[Complaint]:
    """The cap around it exists, lasts as long at least, and is net where this one is."""
    outer = book.caps.get(within)
    if outer is None:
        others = [other for other in book.caps if other != name]
        yield cap.place.complain(
            f"上限 {quoted(name)} 所属的上限 {quoted(within)} 不存在",
            f"{write_instead(within, others)}，或删去 within",
        )
        return
    last = book.caps_around(name)[-1]
    if last.within in book.caps:
        if _in_circle(book, name):
            yield cap.place.complain(
                f"上限 {quoted(name)} 的 within 绕成了一圈", "请删去其中一个 within，让最外层不属于别的上限"
            )
        return
    if cap.fields is None or outer.fields is None:
        return
    if SHORTEST_FIRST.index(cap.fields.period) > SHORTEST_FIRST.index(outer.fields.period):
        yield latest(cap.place, outer.place).complain(
            f'上限 {quoted(name)} 的周期 "{cap.fields.period}" 长于所属的 {quoted(within)} 的'
            f' "{outer.fields.period}"',
            f'请给 {within} 写 period = "{cap.fields.period}" 或更长的周期，或删去 within',
        )
    if cap.net and not outer.net:
        yield latest(cap.place, outer.place).complain(
            f'上限 {quoted(name)} 的 basis 是 "net"，所属的 {quoted(within)} 却不是',
            f'请给 {within} 也写 basis = "net"，或删去 within',
        )


def _in_circle(book: LayeredBook, name: str) -> bool:
    """Whether a cap lies in itself; one that only leads into a circle is not at fault."""
    return any(cap.within == name for cap in book.caps_around(name))
