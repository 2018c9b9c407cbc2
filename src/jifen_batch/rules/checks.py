"""What is refused in a layered book (specification 2.3, Refused), item by item and item against item.

The format itself is checked by `shape`, layering complains of what cannot be laid over anything. Here
stands what only shows once a book is whole. Only items in force are checked: a disabled one binds nobody.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

from jifen_batch.rules.caps import IN_ORDER, begin_by, check_caps
from jifen_batch.rules.forfeit_checks import check_forfeits
from jifen_batch.rules.grades import check_grades
from jifen_batch.rules.items import about, is_negative, naming, steps_of
from jifen_batch.rules.layered import is_broken, latest
from jifen_batch.rules.model import REQUIRED_OF_BOOK, REQUIRED_OF_ITEM, Head, Item
from jifen_batch.rules.words import add, lacks, meaning_of, quoted, write_instead
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import LayeredBook, LayeredItem


def check(books: list[LayeredBook]) -> Iterator[Complaint]:
    """Everything refused in books that are layered.

    What books share is checked once, by identity: an item, and an item with its cap and where the book's
    first year stands. A book comes after the one it extends, which tells of an item without its cap.
    """
    items: set[int] = set()
    terms: set[tuple[int, int, int]] = set()
    for book in books:
        yield from _head(book)
        for item in book.enabled:
            if id(item) not in items:
                items.add(id(item))
                yield from _fields(item)
                yield from _negative(item)
                yield from _grant(item)
            cap = book.caps.get(item.fields.cap or "")
            of_item = (id(item), id(cap), id(book.places.get("first_year")))
            if of_item not in terms:
                terms.add(of_item)
                yield from _begin(book, item)
                yield from _cap(book, item)
            yield from check_forfeits(book, item)
        yield from _exclusive_groups(book)
        yield from check_caps(book)
        yield from check_grades(book)


def _head(book: LayeredBook) -> Iterator[Complaint]:
    head = book.head
    for name in REQUIRED_OF_BOOK:
        above = book.extends and name != "id" and getattr(book.extends[0].head, name) is None
        if getattr(head, name) is None and name not in book.unknown and not above:
            place = book.removed.get(name, book.top)
            missing = lacks(name)
            yield place.complain(
                Sentence(f"[book]: {missing.en}", f"[book] {missing.zh}"), add(name, meaning_of(Head, name))
            )
    if head.first_year is not None and head.last_year is not None and head.last_year < head.first_year:
        place = latest(book.places["last_year"], book.places["first_year"])
        yield place.complain(
            Sentence(
                f"last_year {head.last_year} is before first_year {head.first_year}",
                f"last_year {head.last_year} 早于 first_year {head.first_year}",
            ),
            Sentence("correct one of the two years", "请改正其中一个年度"),
        )
    scope = head.scope
    if scope is None:
        return
    if head.extends is None and "extends" not in book.unknown:
        yield book.places["scope"].complain(
            Sentence("there is a scope and no extends", "有 scope 却没有 extends"),
            Sentence(
                "write extends = the id of the book above, or remove scope",
                "请写 extends = 上级细则的 id，或删去 scope",
            ),
        )
    if (scope.towns is None) == (scope.villages is None):
        yield book.places["scope"].complain(
            Sentence(
                "scope should name just one of towns and villages", "scope 应当只写 towns、villages 之一"
            ),
            Sentence(
                'write {towns = ["…"]} or {villages = ["…"]}',
                '请写成 {towns = ["…"]} 或 {villages = ["…"]}',
            ),
        )


def _fields(item: LayeredItem) -> Iterator[Complaint]:
    """Fields of one item that are missing or do not go together."""
    fields, places = item.fields, item.places
    for name in REQUIRED_OF_ITEM:
        if getattr(fields, name) is None and name not in item.unknown:
            place = item.removed.get(name, item.introduced)
            said = about(item, f"lacks {name}", f"缺少 {name}")
            yield place.complain(said, add(name, meaning_of(Item, name)))
    if fields.pledge and fields.per not in {None, "month"}:
        yield latest(places["pledge"], places["per"]).complain(
            about(item, 'is a pledge, and its per is not "month"', '是承诺，per 却不是 "month"'),
            Sentence('write per = "month", or remove pledge', '请写 per = "month"，或删去 pledge'),
        )
    if fields.by_member and fields.per == "event":
        yield latest(places["by_member"], places["per"]).complain(
            about(
                item,
                'counts by member, and its per is "event" (which is without limit anyway)',
                '按成员计，per 却是 "event"（本来就不限次数）',
            ),
            Sentence(
                'write per = "month", "quarter", "half", "year" or "matter", or remove by_member',
                '请写 per = "month"、"quarter"、"half"、"year" 或 "matter"，或删去 by_member',
            ),
        )
    if fields.exclusive is not None and fields.per not in {None, "event"}:
        yield latest(places["exclusive"], places["per"]).complain(
            about(
                item,
                'is in an exclusive group, and its per is not "event"',
                '属就高不就低的组，per 却不是 "event"',
            ),
            Sentence('write per = "event", or remove exclusive', '请写 per = "event"，或删去 exclusive'),
        )
    for (before, _), (after, _) in pairwise(steps_of(item)):
        if before is not None and after is not None and after <= before:
            yield places["points"].complain(
                about(
                    item,
                    f"has dated points out of order ({after} is not after {before})",
                    f"的分段日期没有逐段向后（{after} 不晚于 {before}）",
                ),
                IN_ORDER,
            )


def _negative(item: LayeredItem) -> Iterator[Complaint]:
    """A deduction is posted in full: nothing may hold it back."""
    if not is_negative(item):
        return
    for name in ("matter_cap", "exclusive"):
        if getattr(item.fields, name) is not None:
            yield latest(item.places[name], item.places["points"]).complain(
                about(item, f"is a deduction and may not have {name}", f"是扣分，不能有 {name}"),
                Sentence(
                    f"remove {name}, or write the deduction as an item of its own",
                    f"请删去 {name}，或把扣分写成另一个事项",
                ),
            )


def _grant(item: LayeredItem) -> Iterator[Complaint]:
    """What every household has without an event cannot hang on anything that an event says."""
    fields, places = item.fields, item.places
    if not fields.grant:
        return
    if fields.per not in {None, "year", "month"}:
        yield latest(places["grant"], places["per"]).complain(
            about(item, f'is a grant, and its per is "{fields.per}"', f'是基础分，per 却是 "{fields.per}"'),
            Sentence(
                'write per = "year" or "month", or remove grant', '请写 per = "year" 或 "month"，或删去 grant'
            ),
        )
    for name, en, zh in (
        ("pledge", "is a pledge", "是承诺"),
        ("exclusive", "is in an exclusive group", "属就高不就低的组"),
        ("by_member", "counts by member", "按成员计"),
        ("matter", "has a matter", "有 matter"),
        ("forfeits", "has forfeits", "有 forfeits"),
    ):
        if getattr(fields, name):
            yield latest(places["grant"], places[name]).complain(
                about(item, f"is a grant and yet {en}", f"是基础分，却{zh}"),
                Sentence(f"remove {name}, or remove grant", f"请删去 {name}，或删去 grant"),
            )
    if is_negative(item):
        yield latest(places["grant"], places["points"]).complain(
            about(item, "is a grant and yet a deduction", "是基础分，却是扣分"),
            Sentence("write points not below 0, or remove grant", "请写不小于 0 的分值，或删去 grant"),
        )


def _begin(book: LayeredBook, item: LayeredItem) -> Iterator[Complaint]:
    """The first step must be in force when the book begins."""
    steps = steps_of(item)
    first_year = book.head.first_year
    if not steps or steps[0][0] is None or first_year is None:
        return
    if steps[0][0] > dt.date(first_year, 1, 1):
        yield latest(item.places["points"], book.places["first_year"]).complain(
            about(
                item,
                f"has points from {steps[0][0]}, after the book begins on {first_year}-01-01",
                f"的分值自 {steps[0][0]} 起，晚于细则开始的 {first_year}-01-01",
            ),
            begin_by(first_year),
        )


def _cap(book: LayeredBook, item: LayeredItem) -> Iterator[Complaint]:
    """The cap exists, and holds deductions only where it is net."""
    name = item.fields.cap
    if name is None:
        return
    cap = book.caps.get(name)
    if cap is None:
        if not is_broken(book, "caps"):
            other = write_instead(name, book.caps)
            yield item.places["cap"].complain(
                about(
                    item, f"names the cap {quoted(name)}, which is not there", f"的上限 {quoted(name)} 不存在"
                ),
                Sentence(f"{other.en}, or add it to [caps]", f"{other.zh}，或在 [caps] 中补上"),
            )
    elif is_negative(item) and not cap.net:
        yield latest(item.places["cap"], item.places["points"], cap.place).complain(
            about(
                item,
                f"is a deduction, and the cap {quoted(name)} holds awards only",
                f"是扣分，上限 {quoted(name)} 却只限得分",
            ),
            Sentence(
                'remove cap, or write the cap as {points = …, basis = "net"}',
                '请删去 cap，或把上限写成 {points = …, basis = "net"}',
            ),
        )


def _exclusive_groups(book: LayeredBook) -> Iterator[Complaint]:
    """Items of one group must mean the same by one matter."""
    first_of_group: dict[str, LayeredItem] = {}
    for item in book.enabled:
        group = item.fields.exclusive
        if group is None or "matter" in item.unknown:
            continue
        first = first_of_group.setdefault(group, item)
        if (item.fields.matter or "event") != (first.fields.matter or "event"):
            mine = item.places.get("matter", item.places["exclusive"])
            other = first.places.get("matter", first.places["exclusive"])
            yield latest(mine, other).complain(
                Sentence(
                    f"in the exclusive group {quoted(group)}, {naming(item).en} and {naming(first).en} "
                    "differ in matter",
                    f"就高不就低的组 {quoted(group)} 中，{naming(item).zh}与{naming(first).zh}的 matter 不同",
                ),
                Sentence("give all items of a group the same matter", "请给组内事项写同一个 matter"),
            )
