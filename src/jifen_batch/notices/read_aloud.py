"""细则修改 read aloud before the vote: a sentence for each edited rule, what it does from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.notices import rule_words, words
from jifen_batch.rules.plain import book_data, caps_data, items_data
from jifen_batch.scheme import choices
from jifen_batch.scheme.word import by_name
from jifen_batch.sentence import AND, COMMA, THEN, Sentence, alike, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jifen_batch.rules import LoadedRules
    from jifen_batch.rules.diff import Change

    Data = Mapping[str, Any]

# What of a book changes the standing of whole places is said of the book; grades are read as their list.
GRADES = "grades"
PERIODS, SCOPES = by_name(choices.PERIODS), by_name(choices.FORFEIT_SCOPES)
EXPIRIES = choices.said(choices.EXPIRIES)
MAX_NAMES = 8


@dataclass(frozen=True)
class ReadAloud:
    """One edited rule of a book (`key`: an item's code, a cap's name; null: the book or its grades)."""

    book: str
    key: str | None
    sentence: Sentence

    def as_data(self) -> dict[str, Any]:
        """As a document has it."""
        return {"book": self.book, "key": self.key, "sentence": self.sentence}


@dataclass(frozen=True)
class _Book:
    """What a book says, as plain data: of itself, its caps and its items in force."""

    head: Data
    caps: Mapping[str, Data]
    items: Mapping[str, Data]

    def names(self, codes: Sequence[str]) -> Sentence:
        """Items by their names, as many as one can listen to."""
        named = [alike(f"“{self.items[code]['name']}”" if code in self.items else code) for code in codes]
        said = joined(named[:MAX_NAMES], AND)
        if len(named) <= MAX_NAMES:
            return said
        return Sentence(f"{said.en} and others, {len(named)} in all", f"{said.zh}等 {len(named)} 项")


def read_aloud(changes: Sequence[Change], before: LoadedRules, after: LoadedRules) -> list[ReadAloud]:
    """A sentence for each rule that a book changes by itself, once however many fields of it change."""
    sides = [_books(loaded) for loaded in (before, after)]
    sentences: dict[tuple[object, ...], ReadAloud] = {}
    for change in changes:
        if not change.inherited:
            of = change.kind.partition("_")[0]
            rule = (change.book, of, change.key, change.field == GRADES)
            if rule not in sentences:
                sentence = _sentence(change, of, sides[0], sides[1])
                printable = Sentence(*map(words.printable, sentence))
                sentences[rule] = ReadAloud(change.book, change.key, printable)
    return list(sentences.values())


def _books(loaded: LoadedRules) -> dict[str, _Book]:
    return {
        str(book.head.id): _Book(book_data(book), caps_data(book), items_data(book)[0])
        for book in loaded.layered
    }


def _sentence(change: Change, of: str, before: Mapping[str, _Book], after: Mapping[str, _Book]) -> Sentence:
    """What stands from then on; of what is taken out, what it was."""
    stays = change.after is not None or change.field is not None
    sides = (after, before) if stays else (before, after)
    book = next((side[change.book] for side in sides if change.book in side), None)
    if of == "book" or book is None:
        return _of_book(change, stays=stays)
    whole = change.whole[1] if stays else change.whole[0]
    told = _cap(change, whole or {}, book) if of == "cap" else item(whole or {}, book.caps, book.names)
    return told if stays else Sentence(f"No longer: {told.en}", f"取消：{told.zh}")


def _of_book(change: Change, *, stays: bool) -> Sentence:
    """What a book says of itself, or how its grades are given."""
    head = change.whole[1] or change.whole[0] or {}
    if change.field == GRADES:
        return grades(head[GRADES])
    if not stays:
        return Sentence(f"There is no “{head['title']}” any more.", f"不再有《{head['title']}》这份细则。")
    first, last, lapse = head["first_year"], head["last_year"], EXPIRIES[head["expires"]]
    where = _where(head["scope"])
    return Sentence(
        f"“{head['title']}”, by {head['source']}, applies from {first} {f'to {last}' if last else 'on'} "
        f"{where.en}; points that are not spent {lapse.en}.",
        f"《{head['title']}》依据{head['source']}，自 {first} 年{f'至 {last} 年' if last else '起一直'}"
        f"{where.zh}适用，未兑换的积分{lapse.zh}。",
    )


def _where(scope: Mapping[str, Sequence[str]] | None) -> Sentence:
    """The places of a book."""
    if not scope:
        return Sentence("everywhere", "在全部村镇")
    level, places = next(iter(scope.items()))
    named = joined(places, AND)
    of = Sentence("town", "镇") if level == "towns" else Sentence("village", "村")
    return Sentence(f"in {of.en} {named.en}", f"在{of.zh} {named.zh} ")


def grades(listed: Sequence[Data]) -> Sentence:
    """How grades are given, in the order in which they are tried."""
    if not listed:
        return Sentence("No grades are given any more.", "不再评定等级。")
    told = joined(map(rule_words.grade, listed), THEN)
    return Sentence(
        f"Grades are given, the first that fits, from above: {told.en}.",
        f"评定等级，从上往下取先符合的一个：{told.zh}。",
    )


def item(data: Data, caps: Mapping[str, Data], names: Callable[[Sequence[str]], Sentence]) -> Sentence:
    """What an item does: who has it, how much it brings, how often, up to where, and what it takes away."""
    parts = [*_who(data), *_points(data), *_limits(data, caps), *_takes(data, names)]
    told = joined(parts, THEN)
    return Sentence(f"“{data['name']}”: {told.en}.", f"“{data['name']}”：{told.zh}。")


def _who(data: Data) -> Iterator[Sentence]:
    if data["kinds"]:
        kinds = joined(data["kinds"], AND)
        yield Sentence(f"only for {kinds.en}", f"只适用于{kinds.zh}")
    if data["grant"]:
        yield Sentence("every enrolled household has it without declaring anything", "凡在册的户无须申报")
    if data["pledge"]:
        yield Sentence("counts month by month while the pledge is in force", "承诺期内逐月计分")


def _points(data: Data) -> Iterator[Sentence]:
    """`每月得 5 分`, or step by step with the days."""
    times = PERIODS[data["per"]].times
    each = Sentence(", each member", "每名成员") if data["by_member"] else alike("")

    def brings(points: int) -> Sentence:
        amount = _amount(points)
        return Sentence(f"{amount.en} {times.en}{each.en}", f"{each.zh}{times.zh}{amount.zh}")

    if isinstance(data["points"], int):
        yield brings(data["points"])
        return
    steps = ((step["from"], brings(step["points"])) for step in data["points"])
    yield joined((Sentence(f"from {day} on {told.en}", f"{day} 起{told.zh}") for day, told in steps), COMMA)


def _amount(points: int) -> Sentence:
    if points == 0:
        return Sentence("is noted, without points,", "只作记录，不加分也不扣分")
    if points > 0:
        return Sentence(f"brings {points} points", f"得 {points} 分")
    return Sentence(f"takes {-points} points", f"扣 {-points} 分")


def _limits(data: Data, caps: Mapping[str, Data]) -> Iterator[Sentence]:
    """What holds the points: once per period, the highest only, so many per matter and period."""
    once = PERIODS[data["per"]].once
    if once and not data["grant"]:
        yield Sentence(f"counts {once.en}", once.zh)
    if data["exclusive"]:
        yield Sentence("of one matter only the highest counts, once", "同一件事就高不就低，不重复积分")
    if data["matter_cap"] is not None:
        yield Sentence(
            f"at most {data['matter_cap']} points a matter", f"同一件事最多 {data['matter_cap']} 分"
        )
    name, held = data["cap"], []
    while name in caps and name not in held:
        held.append(name)
        told, further = rule_words.held(caps[name]), len(held) > 1
        yield Sentence(
            f"{'then ' if further else ''}held by cap {name}: {told.en}",
            f"{'再' if further else ''}受上限 {name} 所限：{told.zh}",
        )
        name = caps[name]["within"]


def _takes(data: Data, names: Callable[[Sequence[str]], Sentence]) -> Iterator[Sentence]:
    forfeits = data["forfeits"]
    if forfeits:
        taken = rule_words.ALL_THAT_BRING if forfeits["items"] == "all" else names(forfeits["items"])
        scope = SCOPES[forfeits["scope"]].aloud
        if forfeits.get("reach") == "before":
            yield Sentence(
                f"once it happens, all that was posted before, {scope.en}, of {taken.en} is taken back, and "
                "what comes after counts as ever",
                f"一旦发生，{scope.zh}此前已记的{taken.zh}全部收回，此后照常计分",
            )
        else:
            yield Sentence(
                f"once it happens, {taken.en} bring nothing {scope.en}, and what was posted is taken back",
                f"一旦发生，{scope.zh}{taken.zh}都不得分，已记的收回",
            )
    if not data["spendable"]:
        yield Sentence("counts for points and ranks only, and cannot be spent", "只计积分和名次，不能兑换")


def _cap(change: Change, cap: Data, book: _Book) -> Sentence:
    """What a cap holds, and how far."""
    under = book.names(change.items) if change.items else Sentence("no items yet", "暂无事项")
    held, outer, together = rule_words.held(cap), cap["within"], len(change.items) > 1
    around = f", and what it leaves counts towards cap {outer}" if outer else ""
    return Sentence(
        f"Cap {change.key} ({under.en}): {'together ' if together else ''}{held.en}{around}.",
        f"上限 {change.key}（{under.zh}）：{'合计' if together else ''}{held.zh}"
        f"{f'，所得再计入上限 {outer}' if outer else ''}。",
    )
