"""What is refused in the forfeits of a layered book: items that are not there, or cannot be forfeited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.rules.items import about, is_negative, naming
from jifen_batch.rules.layered import is_broken, latest
from jifen_batch.rules.words import item_instead, quoted
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import KeyPlace, LayeredBook, LayeredItem


def check_forfeits(book: LayeredBook, trigger: LayeredItem) -> Iterator[Complaint]:
    """Each forfeited item exists and can be forfeited."""
    forfeits = trigger.fields.forfeits
    if forfeits is None:
        return
    place = trigger.places["forfeits"]
    if forfeits.scope == "matter":
        yield from _needs_matter(trigger, trigger, place)
    if forfeits.items == "all":
        return
    for code in dict.fromkeys(forfeits.items):
        target = book.items.get(code)
        if target is None:
            yield from _nowhere(book, code, place)
        elif target.disabled_at is not None:
            yield latest(place, target.disabled_at).complain(
                about(
                    trigger,
                    f"forfeits {quoted(code)}, which is disabled",
                    f"的 forfeits 所指的 {quoted(code)} 已停用",
                ),
                Sentence(
                    f"remove {code} from forfeits, or do not disable it",
                    f"请从 forfeits 中删去 {code}，或不停用它",
                ),
            )
        else:
            if forfeits.scope == "matter" and target is not trigger:
                yield from _needs_matter(trigger, target, place)
            yield from _not_forfeitable(target, place)


def _nowhere(book: LayeredBook, code: str, place: KeyPlace) -> Iterator[Complaint]:
    if is_broken(book, "items"):
        return
    problem = Sentence(
        f"forfeits names the item {quoted(code)}, which is not there",
        f"forfeits 所指的事项 {quoted(code)} 不存在",
    )
    yield place.complain(problem, item_instead(code, book.items))


def _needs_matter(trigger: LayeredItem, item: LayeredItem, place: KeyPlace) -> Iterator[Complaint]:
    if item.fields.matter == "required" or "matter" in item.unknown:
        return
    places = (place, item.places["matter"]) if "matter" in item.places else (place,)
    yield latest(*places).complain(
        Sentence(
            f"{naming(trigger).en} forfeits within one matter, and {naming(item).en} has not "
            'matter = "required"',
            f'{naming(trigger).zh}按同一事项取消得分，{naming(item).zh}却没有 matter = "required"',
        ),
        Sentence(
            f'write matter = "required" in {item.code}, or use scope = "month", "quarter" or "year"',
            f'请在 {item.code} 写 matter = "required"，或改用 scope = "month"、"quarter"、"year"',
        ),
    )


def _not_forfeitable(target: LayeredItem, place: KeyPlace) -> Iterator[Complaint]:
    """Negative and forfeiting items cannot be forfeited themselves."""
    remedy = Sentence(f"remove {target.code} from forfeits", f"请从 forfeits 中删去 {target.code}")
    code = quoted(target.code)
    for name, applies, en, zh in (
        ("points", is_negative(target), "is a deduction", "是扣分"),
        ("forfeits", target.fields.forfeits is not None, "has forfeits itself", "自己也有 forfeits"),
    ):
        if applies:
            problem = Sentence(
                f"forfeits names {code}, which {en} and cannot be forfeited",
                f"forfeits 所指的 {code} {zh}，不能被取消",
            )
            yield latest(place, target.places[name]).complain(problem, remedy)
