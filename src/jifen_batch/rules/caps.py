"""What is refused in the caps of a layered book (specification 2.3): bounds, dates, and caps within caps."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

from jifen_batch.rules.layered import latest
from jifen_batch.rules.words import quoted, write_instead
from jifen_batch.scheme.choices import CapPeriod
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import LayeredBook, LayeredCap
    from jifen_batch.rules.model import CapTable

SHORTEST_FIRST: tuple[str, ...] = get_args(CapPeriod)
IN_ORDER = Sentence(
    "put them in order of date, each date once",
    "请按日期先后重排，每个日期只写一次",
)


def begin_by(first_year: int) -> Sentence:
    """Remedy for steps of which the first is not in force when the book begins."""
    return Sentence(
        f"let the first step begin on {first_year}-01-01 or before",
        f"请让第一段自 {first_year}-01-01 或更早起",
    )


def about(name: str, en: str, zh: str) -> Sentence:
    """What is said of a cap."""
    return Sentence(f"cap {quoted(name)} {en}", f"上限 {quoted(name)} {zh}")


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
            about(name, "has neither points nor floor", "既没有 points，也没有 floor"),
            Sentence("give it points, such as points = 60", "请写 points = 60 这样的上限"),
        )
    if fields.floor is not None and not cap.net:
        yield cap.place.complain(
            about(name, 'has a floor, and its basis is not "net"', '有 floor，basis 却不是 "net"'),
            Sentence('write basis = "net", or remove floor', '请写 basis = "net"，或删去 floor'),
        )


def _dates(book: LayeredBook, name: str, cap: LayeredCap) -> Iterator[Complaint]:
    """Dated points: not with net, step after step, and in force when the book begins."""
    steps = [day for day, _ in cap.steps if day is not None]
    if not steps:
        return
    if cap.net:
        yield cap.place.complain(
            about(name, 'has dated points, and its basis is "net"', '按日期分段，basis 却是 "net"'),
            Sentence("write one whole number, or remove basis", "请写一个整数，或删去 basis"),
        )
    for before, after in pairwise(steps):
        if after <= before:
            yield cap.place.complain(
                about(
                    name,
                    f"has dated points out of order ({after} is not after {before})",
                    f"的分段日期没有逐段向后（{after} 不晚于 {before}）",
                ),
                IN_ORDER,
            )
    first_year = book.head.first_year
    if first_year is not None and steps[0] > dt.date(first_year, 1, 1):
        yield latest(cap.place, book.places["first_year"]).complain(
            about(
                name,
                f"holds from {steps[0]}, after the book begins on {first_year}-01-01",
                f"自 {steps[0]} 起，晚于细则开始的 {first_year}-01-01",
            ),
            begin_by(first_year),
        )


def _around(book: LayeredBook, name: str, cap: LayeredCap, within: str) -> Iterator[Complaint]:
    """The cap around it exists, lasts as long at least, and is net where this one is."""
    outer = book.caps.get(within)
    if outer is None:
        other = write_instead(within, [each for each in book.caps if each != name])
        yield cap.place.complain(
            about(
                name,
                f"is within the cap {quoted(within)}, which is not there",
                f"所属的上限 {quoted(within)} 不存在",
            ),
            Sentence(f"{other.en}, or remove within", f"{other.zh}，或删去 within"),
        )
        return
    last = book.caps_around(name)[-1]
    if last.within in book.caps:
        if _in_circle(book, name):
            yield cap.place.complain(
                about(name, "lies within itself, in a circle", "的 within 绕成了一圈"),
                Sentence(
                    "remove one within of the circle, so that the outermost cap is in no other",
                    "请删去其中一个 within，让最外层不属于别的上限",
                ),
            )
        return
    yield from _unlike(name, cap, within, outer)


def _unlike(name: str, cap: LayeredCap, within: str, outer: LayeredCap) -> Iterator[Complaint]:
    """A period longer than that of the cap around it, or net where that is not."""
    if cap.fields is None or outer.fields is None:
        return
    if SHORTEST_FIRST.index(cap.fields.period) > SHORTEST_FIRST.index(outer.fields.period):
        yield latest(cap.place, outer.place).complain(
            about(
                name,
                f'has the period "{cap.fields.period}", longer than "{outer.fields.period}" of '
                f"{quoted(within)} around it",
                f'的周期 "{cap.fields.period}" 长于所属的 {quoted(within)} 的 "{outer.fields.period}"',
            ),
            Sentence(
                f'give {within} period = "{cap.fields.period}" or a longer one, or remove within',
                f'请给 {within} 写 period = "{cap.fields.period}" 或更长的周期，或删去 within',
            ),
        )
    if cap.net and not outer.net:
        yield latest(cap.place, outer.place).complain(
            about(
                name,
                f'has basis "net", and {quoted(within)} around it has not',
                f'的 basis 是 "net"，所属的 {quoted(within)} 却不是',
            ),
            Sentence(
                f'give {within} basis = "net", too, or remove within',
                f'请给 {within} 也写 basis = "net"，或删去 within',
            ),
        )


def _in_circle(book: LayeredBook, name: str) -> bool:
    """Whether a cap lies in itself; one that only leads into a circle is not at fault."""
    return any(cap.within == name for cap in book.caps_around(name))
