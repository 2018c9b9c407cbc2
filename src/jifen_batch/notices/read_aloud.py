"""细则修改 read aloud before the vote: a sentence for each edited rule, what it does from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.notices import rule_words, words
from jifen_batch.rules.plain import book_data, caps_data, items_data
from jifen_batch.scheme.choices import EXPIRIES, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jifen_batch.rules import LoadedRules
    from jifen_batch.rules.diff import Change

    Data = Mapping[str, Any]

# What of a book changes the standing of whole places is said of the book; grades are read as their list.
GRADES = "grades"
TIMES = {
    "month": "每月",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "event": "每次",
    "matter": "每件",
}
SAME = {
    "month": "同一个月",
    "quarter": "同一季度",
    "half": "同一半年",
    "year": "同一年",
    "matter": "同一件事",
}
FORFEITED = {"year": "当年", "quarter": "当季", "month": "当月", "matter": "同一件事"}
MAX_NAMES = 8


@dataclass(frozen=True)
class ReadAloud:
    """One edited rule of a book (`key`: an item's code, a cap's name; null: the book or its grades)."""

    book: str
    key: str | None
    sentence: str


@dataclass(frozen=True)
class _Book:
    """What a book says, as plain data: of itself, its caps and its items in force."""

    head: Data
    caps: Mapping[str, Data]
    items: Mapping[str, Data]

    def names(self, codes: Sequence[str]) -> str:
        """Items by their names, as many as one can listen to."""
        named = [f"“{self.items[code]['name']}”" if code in self.items else code for code in codes]
        more = f"等 {len(named)} 项" if len(named) > MAX_NAMES else ""
        return "、".join(named[:MAX_NAMES]) + more


def read_aloud(changes: Sequence[Change], before: LoadedRules, after: LoadedRules) -> list[ReadAloud]:
    """A sentence for each rule that a book changes by itself, once however many fields of it change."""
    sides = [_books(loaded) for loaded in (before, after)]
    sentences: dict[tuple[object, ...], ReadAloud] = {}
    for change in changes:
        if not change.inherited:
            of = change.kind.partition("_")[0]
            rule = (change.book, of, change.key, change.field == GRADES)
            if rule not in sentences:
                sentence = words.printable(_sentence(change, of, sides[0], sides[1]))
                sentences[rule] = ReadAloud(change.book, change.key, sentence)
    return list(sentences.values())


def _books(loaded: LoadedRules) -> dict[str, _Book]:
    return {
        str(book.head.id): _Book(book_data(book), caps_data(book), items_data(book)[0])
        for book in loaded.layered
    }


def _sentence(change: Change, of: str, before: Mapping[str, _Book], after: Mapping[str, _Book]) -> str:
    """What stands from then on; of what is taken out, what it was."""
    stays = change.after is not None or change.field is not None
    sides = (after, before) if stays else (before, after)
    book = next((side[change.book] for side in sides if change.book in side), None)
    if of == "book" or book is None:
        return _of_book(change, stays=stays)
    whole = change.whole[1] if stays else change.whole[0]
    told = _cap(change, whole or {}, book) if of == "cap" else item(whole or {}, book.caps, book.names)
    return told if stays else f"取消：{told}"


def _of_book(change: Change, *, stays: bool) -> str:
    """What a book says of itself, or how its grades are given."""
    head = change.whole[1] or change.whole[0] or {}
    if change.field == GRADES:
        return grades(head[GRADES])
    if not stays:
        return f"不再有《{head['title']}》这份细则。"
    last = f"至 {head['last_year']} 年" if head["last_year"] else "起一直"
    places = next(iter(head["scope"].items())) if head["scope"] else None
    where = f"在{'镇' if places[0] == 'towns' else '村'} {'、'.join(places[1])} " if places else "在全部村镇"
    lapse = said(EXPIRIES)[head["expires"]]
    return (
        f"《{head['title']}》依据{head['source']}，自 {head['first_year']} 年{last}{where}适用，"
        f"未兑换的积分{lapse}。"
    )


def grades(listed: Sequence[Data]) -> str:
    """How grades are given, in the order in which they are tried."""
    if not listed:
        return "不再评定等级。"
    return f"评定等级，从上往下取先符合的一个：{'；'.join(map(rule_words.grade, listed))}。"


def item(data: Data, caps: Mapping[str, Data], names: Callable[[Sequence[str]], str]) -> str:
    """What an item does: who has it, how much it brings, how often, up to where, and what it takes away."""
    parts = [*_who(data), *_points(data), *_limits(data, caps), *_takes(data, names)]
    return f"“{data['name']}”：{'；'.join(parts)}。"


def _who(data: Data) -> Iterator[str]:
    if data["kinds"]:
        yield f"只适用于{'、'.join(data['kinds'])}"
    if data["grant"]:
        yield "凡在册的户无须申报"
    if data["pledge"]:
        yield "承诺期内逐月计分"


def _points(data: Data) -> Iterator[str]:
    """`每月得 5 分`, or step by step with the days."""
    times = TIMES[data["per"]]
    each = "每名成员" if data["by_member"] else ""
    if isinstance(data["points"], int):
        yield f"{each}{times}{_amount(data['points'])}"
        return
    yield "，".join(f"{step['from']} 起{each}{times}{_amount(step['points'])}" for step in data["points"])


def _amount(points: int) -> str:
    if points == 0:
        return "只作记录，不加分也不扣分"
    return f"得 {points} 分" if points > 0 else f"扣 {-points} 分"


def _limits(data: Data, caps: Mapping[str, Data]) -> Iterator[str]:
    """What holds the points: once per period, the highest only, so many per matter and period."""
    if data["per"] in SAME and not data["grant"]:
        yield f"{SAME[data['per']]}只算一次"
    if data["exclusive"]:
        yield "同一件事就高不就低，不重复积分"
    if data["matter_cap"] is not None:
        yield f"同一件事最多 {data['matter_cap']} 分"
    name, held = data["cap"], []
    while name in caps and name not in held:
        held.append(name)
        around = "再" if len(held) > 1 else ""
        yield f"{around}受上限 {name} 所限：{rule_words.held(caps[name])}"
        name = caps[name]["within"]


def _takes(data: Data, names: Callable[[Sequence[str]], str]) -> Iterator[str]:
    forfeits = data["forfeits"]
    if forfeits:
        taken = "全部得分事项" if forfeits["items"] == "all" else names(forfeits["items"])
        scope = FORFEITED[forfeits["scope"]]
        if forfeits.get("reach") == "before":
            yield f"一旦发生，{scope}此前已记的{taken}全部收回，此后照常计分"
        else:
            yield f"一旦发生，{scope}{taken}都不得分，已记的收回"
    if not data["spendable"]:
        yield "只计积分和名次，不能兑换"


def _cap(change: Change, cap: Data, book: _Book) -> str:
    """What a cap holds, and how far."""
    under = book.names(change.items) if change.items else "暂无事项"
    around = f"，所得再计入上限 {cap['within']}" if cap["within"] else ""
    together = "合计" if len(change.items) > 1 else ""
    return f"上限 {change.key}（{under}）：{together}{rule_words.held(cap)}{around}。"
