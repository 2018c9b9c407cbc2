"""What `rules check` warns of (specification 2.3): books that are accepted, and perhaps not meant so.

A warning has a line and a remedy as a complaint has, and stops nobody who does not ask for it (`--strict`).
What books share is looked at once, by identity.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from jifen_batch.rules.items import about, is_taken_by_all, naming, steps_of
from jifen_batch.rules.layered import latest
from jifen_batch.rules.words import change_to, quoted
from jifen_batch.sentence import Sentence
from jifen_batch.signs import one_sign_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import LayeredBook, LayeredItem

    RespeltOf = Callable[[str, Sequence[str]], tuple[list[str], Sentence] | None]

NAMED_AT_MOST = 5
# What a scope may name, by the register's columns.
PLACES = {"town_id": Sentence("town", "镇"), "village_id": Sentence("village", "村")}
NUMBER = re.compile(r"[0-9]+")
# A clause speaks of a cap in such words; one that does not has left it to another row.
OF_A_CAP = re.compile("最多|最高|上限|封顶|不超过|不得超过|至多")
# Of these periods a trigger counts just once, in which several of the scopes lie.
SHORTER = {
    "year": ("month", "quarter"),
    "matter": ("month", "quarter"),
    "half": ("month", "quarter"),
    "quarter": ("month",),
}


def warnings(books: Iterable[LayeredBook]) -> list[Complaint]:
    """Every warning about layered books that were accepted, each once, by file and line."""
    found: list[Complaint] = []
    seen: set[tuple[int, int]] = set()
    for book in books:
        for item in book.enabled:
            cap = book.caps.get(item.fields.cap or "")
            if (id(item), id(cap)) not in seen:
                seen.add((id(item), id(cap)))
                found += [*_matter_cap(item), *_clause(book, item), *_once(item)]
            found += _yearly_grants(book, item)
        found += [*_unreached(book), *_near_names(book), *_same_names(book), *_ends_with_base(book)]
    return sorted(dict.fromkeys(found))


def unknown_scopes(
    books: Iterable[LayeredBook], known: Mapping[str, frozenset[str]], respelt: RespeltOf
) -> list[Complaint]:
    """Warnings for each book whose scope names a town or village that a register lacks.

    `known` are the places that it has, by its columns; `respelt` tells which of some places of a column it
    only writes otherwise.
    """
    found = []
    for book in books:
        scope = book.head.scope
        for column, named in (("town_id", scope and scope.towns), ("village_id", scope and scope.villages)):
            absent = [place for place in dict.fromkeys(named or []) if place not in known[column]]
            otherwise = respelt(column, absent) if absent else None
            places, remedy = otherwise or ([], None)
            word = PLACES[column]
            check = Sentence(f"check the id of the {word.en}, or remove it", f"请核对{word.zh}的编号，或删去")
            for some, what in ((places, remedy), ([one for one in absent if one not in places], check)):
                if some and what:
                    found.append(book.places["scope"].complain(_lacks(some, word), what))
    return sorted(dict.fromkeys(found))


def _lacks(places: Sequence[str], word: Sentence) -> Sentence:
    """That the register has not the places of a scope, the first of them named."""
    few = [quoted(place) for place in places[:NAMED_AT_MOST]]
    return Sentence(
        f"the scope names {word.en} {', '.join(few)}, which the register does not have",
        f"适用范围所写的{word.zh} {'、'.join(few)} 在花名册中没有",
    )


def _matter_cap(item: LayeredItem) -> Iterator[Complaint]:
    if item.fields.matter_cap is not None and item.fields.matter == "year":
        yield latest(item.places["matter_cap"], item.places["matter"]).complain(
            about(
                item,
                'has a matter_cap, and matter = "year": rows with a matter_id are not held by it',
                '有 matter_cap，而 matter = "year"：填了 matter_id 的不受此限',
            ),
            Sentence(
                "to limit points by year or month use per, or write a cap with a period in [caps]",
                "要按年、按月限分，请改用 per，或在 [caps] 写上限并给 period",
            ),
        )


def _clause(book: LayeredBook, item: LayeredItem) -> Iterator[Complaint]:
    """The numbers of the annex's words, against what stands now."""
    clause = item.fields.clause
    numbers = set(map(int, NUMBER.findall(unicodedata.normalize("NFKC", clause or ""))))
    if clause is None or not numbers:
        return
    points = steps_of(item)[-1][1]
    if abs(points) not in numbers | {0}:
        yield latest(item.places["clause"], item.places["points"]).complain(
            about(
                item,
                f"has a clause that does not say its present points, {points}",
                f"的 clause 没有写到现行分值 {points}",
            ),
            Sentence(
                "hold clause against points, and correct one of them",
                "请核对 clause 与 points，改正其中一处",
            ),
        )
    cap = book.caps.get(item.fields.cap or "")
    if cap is not None and cap.steps and OF_A_CAP.search(clause) and cap.steps[-1][1] not in numbers:
        yield latest(item.places["clause"], item.places["cap"], cap.place).complain(
            about(
                item,
                f"has a clause that does not say its present cap, {cap.steps[-1][1]}",
                f"的 clause 没有写到现行上限 {cap.steps[-1][1]}",
            ),
            Sentence(
                "hold clause against [caps], and correct one of them", "请核对 clause 与 [caps]，改正其中一处"
            ),
        )


def _once(item: LayeredItem) -> Iterator[Complaint]:
    """A trigger that counts once in a period in which it could forfeit several."""
    forfeits, per = item.fields.forfeits, item.fields.per
    if forfeits is not None and forfeits.scope in SHORTER.get(per or "", ()):
        yield latest(item.places["forfeits"], item.places["per"]).complain(
            about(
                item,
                f'has per = "{per}" and forfeits by "{forfeits.scope}": a second time in the same period '
                "forfeits nothing",
                f'per = "{per}"，而按 "{forfeits.scope}" 取消得分：同期内第二次不再取消',
            ),
            Sentence('write per = "event", or a shorter period', 'per 请写 "event" 或更短的周期'),
        )


def _yearly_grants(book: LayeredBook, item: LayeredItem) -> Iterator[Complaint]:
    """A veto by month or quarter that takes the base of a whole year."""
    forfeits = item.fields.forfeits
    if forfeits is None or forfeits.scope not in {"month", "quarter"}:
        return
    named = None if forfeits.items == "all" else set(forfeits.items)
    for grant in book.enabled:
        yearly = grant.fields.grant and grant.fields.per == "year" and is_taken_by_all(grant)
        if yearly and (named is None or grant.code in named):
            yield latest(item.places["forfeits"], grant.places["grant"]).complain(
                about(
                    item,
                    f"forfeits by {forfeits.scope}, and takes the grant {quoted(grant.code)} of the whole "
                    "year with it",
                    f"按 {forfeits.scope} 取消得分，却会连 {quoted(grant.code)} 全年的基础分也取消",
                ),
                Sentence(
                    f'list the items in forfeits without {grant.code}, or give that one per = "month"',
                    f'请在 forfeits 中逐项列出而不列 {grant.code}，或给它写 per = "month"',
                ),
            )


def _unreached(book: LayeredBook) -> Iterator[Complaint]:
    """Items that a book adds, and that the lists of the books above do not name."""
    if not book.extends:
        return
    lists = [
        (item, item.fields.forfeits)
        for item in book.enabled
        if item.fields.forfeits is not None
        and item.fields.forfeits.items != "all"
        and item.places["forfeits"].depth < book.depth
    ]
    for added in book.enabled:
        if added.introduced.depth != book.depth or not is_taken_by_all(added):
            continue
        missing = [
            trigger.code
            for trigger, forfeits in lists
            if added.code not in forfeits.items
            and (forfeits.scope != "matter" or added.fields.matter == "required")
        ]
        if missing:
            yield added.introduced.complain(
                about(
                    added,
                    f"is new in this book and brings points, and the forfeits of "
                    f"{', '.join(missing[:NAMED_AT_MOST])} above do not list it",
                    f"是本细则新增的得分事项，上级 {'、'.join(missing[:NAMED_AT_MOST])} 的 forfeits 没有列它",
                ),
                Sentence(
                    'if it should be forfeited, too, rewrite those forfeits here, or write items = "all"',
                    '若也应取消，请在本细则改写该 forfeits，或写 items = "all"',
                ),
            )


def _near_names(book: LayeredBook) -> Iterator[Complaint]:
    """Categories and tasks that only this book has, one sign away from one that it inherits."""
    if not book.extends:
        return
    above = book.extends[0]
    for name, word in (("category", "类别"), ("task", "积分任务")):  # English is the key itself
        inherited = {getattr(item.fields, name) for item in above.items.values()} - {None}
        for item in book.enabled:
            own = getattr(item.fields, name)
            if own in inherited or own is None or item.places[name].depth != book.depth:
                continue
            near = next((other for other in sorted(inherited) if one_sign_apart(own, other)), None)
            if near is not None:
                same = change_to(near)
                yield item.places[name].complain(
                    about(
                        item,
                        f"has the {name} {quoted(own)}, one sign away from {quoted(near)} that it inherits",
                        f"的{word} {quoted(own)} 与沿用的 {quoted(near)} 只差一个字",
                    ),
                    Sentence(f"if they are the same {name}, {same.en}", f"若是同一{word}，{same.zh}"),
                )


def _same_names(book: LayeredBook) -> Iterator[Complaint]:
    """Two items in force of one name."""
    first_of_name: dict[str, LayeredItem] = {}
    for item in book.enabled:
        name = item.fields.name
        first = first_of_name.setdefault(name, item) if name is not None else item
        if first is not item:
            yield latest(item.places["name"], first.places["name"]).complain(
                Sentence(
                    f"{naming(item).en} and {naming(first).en} have the same name: {quoted(name)}",
                    f"{naming(item).zh}与{naming(first).zh}同名：{quoted(name)}",
                ),
                Sentence("rename one, so that notices tell them apart", "请改名，使公告看得出是哪一项"),
            )


def _ends_with_base(book: LayeredBook) -> Iterator[Complaint]:
    """A book that ends only because the one that it extends does."""
    place, last = book.places.get("last_year"), book.head.last_year
    if book.extends and place is not None and last is not None and place.depth < book.depth:
        yield book.top.complain(
            Sentence(
                f"this book ends with {last} as the book that it extends does",
                f"本细则随所依据的细则止于 {last} 年",
            ),
            Sentence(
                f'write last_year = {last} to say so, or unset = ["last_year"] to let it go on',
                f'请写 last_year = {last} 表明如此，或写 unset = ["last_year"] 使其继续适用',
            ),
        )
