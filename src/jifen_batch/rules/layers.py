"""Books laid over the books they extend (specification 2.3, Layers).

Every field keeps the place where it was last given, so that a complaint and `rules show` can name it.
An item that a book does not touch is the very same object as its parent's: a thousand local books cost
little more than their own few lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jifen_batch.errors import Complaint
from jifen_batch.rules.layered import KeyPlace, LayeredBook, LayeredCap, LayeredGrade, LayeredItem
from jifen_batch.rules.model import INHERITED_BY_BOOK, LAYERED_FIELDS, CapTable, Head, Item
from jifen_batch.rules.words import add, change_to, nearest, quoted
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jifen_batch.rules.file import RuleDraft
    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.rules.shape import Shaped

Sink = Callable[[Complaint], None]
CODE = Sentence("the item's code", "事项代码")


def layer(sheets: list[Shaped], unread_ids: set[str], complain: Sink) -> list[LayeredBook]:
    """All books that can be layered, each after the one it extends.

    `unread_ids` are books in files that are no TOML: what extends them is left out without a word, for
    its complaint is already made. So is what extends a book in a circle.
    """
    first_of_id: dict[str, Shaped] = {}
    for sheet in sheets:
        if sheet.sheet.book.id is not None:
            first_of_id.setdefault(sheet.sheet.book.id, sheet)
    books: dict[int, LayeredBook] = {}
    for sheet in sheets:
        chain = _chain(sheet, first_of_id)
        if chain is None:
            _complain_of_circle(sheet, first_of_id, complain)
            continue
        for link in reversed(chain):
            if id(link) not in books:
                parent = _parent(link, first_of_id)
                base = books.get(id(parent)) if parent else None
                if base is None and not _stands_alone(link, unread_ids, complain):
                    break
                books[id(link)] = _lay_over(base, link, first_of_id, complain)
    return list(books.values())


def _parent(sheet: Shaped, first_of_id: Mapping[str, Shaped]) -> Shaped | None:
    return first_of_id.get(sheet.sheet.book.extends or "")


def _chain(sheet: Shaped, first_of_id: Mapping[str, Shaped]) -> list[Shaped] | None:
    """The book and those it extends, nearest first; None where that never ends."""
    chain: dict[int, Shaped] = {}
    link: Shaped | None = sheet
    while link is not None:
        if id(link) in chain:
            return None
        chain[id(link)] = link
        link = _parent(link, first_of_id)
    return list(chain.values())


def _complain_of_circle(sheet: Shaped, first_of_id: Mapping[str, Shaped], complain: Sink) -> None:
    """Name every book that lies in a circle; one that only leads into it is not at fault."""
    seen: set[int] = set()
    link = _parent(sheet, first_of_id)
    while link is not None and link is not sheet and id(link) not in seen:
        seen.add(id(link))
        link = _parent(link, first_of_id)
    if link is sheet:
        place = KeyPlace(sheet.draft, ("book", "extends"), 0)
        complain(
            place.complain(
                Sentence("extends leads in a circle", "extends 绕成了一圈"),
                Sentence(
                    "let it extend a book that does not extend this one, or remove extends",
                    "请改为依据一个不依据本细则的细则，或删去 extends",
                ),
            )
        )


def _stands_alone(sheet: Shaped, unread_ids: set[str], complain: Sink) -> bool:
    """Whether a book without a layered parent is meant to be one; complain of a parent that is nowhere."""
    extends = sheet.sheet.book.extends
    if extends is None:
        return not sheet.is_broken("book", "extends")
    if extends not in unread_ids:
        place = KeyPlace(sheet.draft, ("book", "extends"), 0)
        complain(
            place.complain(
                Sentence(
                    f"the book {quoted(extends)} that it extends is not there",
                    f"所依据的细则 {quoted(extends)} 不存在",
                ),
                Sentence(
                    "give the id of a book that there is, and name its file with --rules, too",
                    "请写已有细则的 id，并把该文件一并交给 --rules",
                ),
            )
        )
    return False


def _lay_over(
    base: LayeredBook | None, sheet: Shaped, first_of_id: Mapping[str, Shaped], complain: Sink
) -> LayeredBook:
    """One book over its parent, or a book of its own."""
    depth = base.depth + 1 if base else 0
    repeated = sheet.sheet.book.id is not None and first_of_id[sheet.sheet.book.id] is not sheet
    if repeated:
        _complain_of_id_twice(sheet, first_of_id[sheet.sheet.book.id or ""].draft, depth, complain)
    wallet = sheet.sheet.wallet
    head, places, removed, unknown = _lay_head(base, sheet, depth, complain)
    return LayeredBook(
        shaped=sheet,
        head=head,
        places=places,
        removed=removed,
        unknown=unknown,
        caps=_lay_caps(base, sheet, depth),
        items=_lay_items(base, sheet, depth, complain),
        grades=_lay_grades(base, sheet, depth),
        expires=wallet.expires if wallet and wallet.given else base.expires if base else "none",
        extends=(base, *base.extends) if base else (),
        repeats_id=repeated,
    )


def _complain_of_id_twice(sheet: Shaped, first: RuleDraft, depth: int, complain: Sink) -> None:
    """A second file under the id of a first."""
    there = f"{first.shown}:{first.line(('book', 'id'))}"
    book_id = quoted(sheet.sheet.book.id)
    complain(
        KeyPlace(sheet.draft, ("book", "id"), depth).complain(
            Sentence(f"the book id {book_id} is that of {there}, too", f"细则 id {book_id} 与 {there} 重复"),
            Sentence("take another id, or remove one of the files", "请换一个 id，或删去其中一个文件"),
        )
    )


def _lay_head(
    base: LayeredBook | None, sheet: Shaped, depth: int, complain: Sink
) -> tuple[Head, dict[str, KeyPlace], dict[str, KeyPlace], frozenset[str]]:
    """The `[book]` table with what it inherits: fields, their places, where unset, which are unknown."""
    given, unknown = _given(sheet, sheet.sheet.book, ("book",), tuple(Head.fields()))
    own = {name: KeyPlace(sheet.draft, ("book", name), depth) for name in (*given, *unknown)}
    above = base.places if base else {}
    inherited = {name: above[name] for name in INHERITED_BY_BOOK if name in above}
    unset_at = KeyPlace(sheet.draft, ("book", "unset"), depth)
    removed = _unset(sheet.sheet.book.unset or [], unset_at, own, inherited, complain)
    kept = {name: place for name, place in inherited.items() if name not in removed}
    values = {name: getattr(base.head, name) for name in kept} if base else {}
    still_unknown = (base.unknown & kept.keys() if base else frozenset()) - given.keys() | unknown
    head = Head(values | given)
    return head, {**kept, **own}, removed, frozenset(still_unknown)


def _given(
    sheet: Shaped, part: Head | Item, path: KeyPath, names: tuple[str, ...]
) -> tuple[dict[str, object], frozenset[str]]:
    """Fields that a table gives, and those it gives in a way already complained about."""
    given = {name: getattr(part, name) for name in names if name in part.given}
    if not sheet.broken:
        return given, frozenset()
    return given, frozenset(name for name in names if sheet.is_broken(*path, name))


def _unset(
    names: Sequence[str],
    place: KeyPlace,
    own: Mapping[str, KeyPlace],
    inherited: Mapping[str, KeyPlace],
    complain: Sink,
) -> dict[str, KeyPlace]:
    """Inherited fields that this table removes, each with the place of its `unset`."""
    removed = {}
    for name in names:
        if name in own:
            problem = Sentence(
                f"{quoted(name)} is both given and listed in unset", f"{quoted(name)} 既写了值又列在 unset"
            )
            complain(place.complain(problem, Sentence("keep one of the two", "请只保留其中一处")))
        elif name not in inherited:
            problem = Sentence(
                f"{quoted(name)} in unset is no field inherited from above",
                f"unset 中的 {quoted(name)} 并非沿用自上级的字段",
            )
            near = nearest(name, inherited)
            out = Sentence("remove it from unset", "请从 unset 中删去")
            complain(place.complain(problem, change_to(near) if near else out))
        else:
            removed[name] = place
    return removed


def _lay_caps(base: LayeredBook | None, sheet: Shaped, depth: int) -> dict[str, LayeredCap]:
    """Caps by name; one given again replaces the inherited one whole."""
    caps = dict(base.caps) if base else {}
    for name, cap in sheet.sheet.caps.items():
        place = KeyPlace(sheet.draft, ("caps", name), depth)
        caps[name] = LayeredCap(cap if isinstance(cap, CapTable) else CapTable({"points": cap}), place)
    for path in sheet.broken:
        if path[0] == "caps" and len(path) > 1:
            name = str(path[1])
            caps[name] = LayeredCap(None, KeyPlace(sheet.draft, path, depth))
    return caps


def _lay_grades(base: LayeredBook | None, sheet: Shaped, depth: int) -> tuple[LayeredGrade, ...]:
    """The grades in their order; a list given again, even an empty one, replaces the inherited one whole."""
    if sheet.sheet.grades is None:
        return base.grades if base and not sheet.is_broken("grades") else ()
    broken = {path[1] for path in sheet.broken if path[0] == "grades" and len(path) > 1}
    return tuple(
        LayeredGrade(grade, KeyPlace(sheet.draft, ("grades", number), depth), number in broken)
        for number, grade in enumerate(sheet.sheet.grades)
    )


def _lay_items(base: LayeredBook | None, sheet: Shaped, depth: int, complain: Sink) -> dict[str, LayeredItem]:
    """Items by code: inherited ones with what this file changes, then new ones."""
    items = dict(base.items) if base else {}
    first_place: dict[str, KeyPlace] = {}
    for number, item in enumerate(sheet.sheet.items):
        place = KeyPlace(sheet.draft, ("items", number), depth)
        if item.code is None:
            if not sheet.is_broken("items", number, "code"):
                problem = Sentence("an item lacks code", "事项缺少 code")
                complain(place.complain(problem, add("code", CODE)))
        elif item.code in first_place:
            line = first_place[item.code].line
            problem = Sentence(
                f"the item code {quoted(item.code)} is in line {line} already",
                f"事项代码 {quoted(item.code)} 与第 {line} 行重复",
            )
            code_place = KeyPlace(sheet.draft, ("items", number, "code"), depth)
            remedy = Sentence(
                "make one item of the two, or take another code", "请合并为一个事项，或换一个代码"
            )
            complain(code_place.complain(problem, remedy))
        else:
            first_place[item.code] = place
            inherited = items.get(item.code)
            items[item.code] = _lay_item(inherited, sheet, number, depth, complain)
            if inherited is None and item.disabled:
                _complain_of_disabled_new(place, item.code, items, complain)
    return items


def _complain_of_disabled_new(
    place: KeyPlace, code: str, items: Mapping[str, LayeredItem], complain: Sink
) -> None:
    """`disabled = true` on a code that no book above knows: most likely a misspelt one."""
    near = nearest(code, (known for known in items if known != code))
    at = KeyPlace(place.draft, (*place.path, "disabled"), place.depth)
    complain(
        at.complain(
            Sentence(
                f"the disabled item {quoted(code)} is in no book above",
                f"停用的事项 {quoted(code)} 在上级细则中不存在",
            ),
            change_to(near)
            if near
            else Sentence(
                "give the code of an item of a book above, or remove this item",
                "请写上级细则中的事项代码，或删去这个事项",
            ),
        )
    )


def _lay_item(
    base: LayeredItem | None, sheet: Shaped, number: int, depth: int, complain: Sink
) -> LayeredItem:
    """One item over the inherited one of its code, or a new one."""
    item = sheet.sheet.items[number]
    path = ("items", number)
    given, unknown = _given(sheet, item, path, LAYERED_FIELDS)
    own = {name: KeyPlace(sheet.draft, (*path, name), depth) for name in (*given, *unknown)}
    inherited = base.places if base else {}
    known = {name: place for name, place in inherited.items() if name != "code"}
    unset_at = KeyPlace(sheet.draft, (*path, "unset"), depth)
    removed = _unset(item.unset or [], unset_at, own, known, complain)
    here = KeyPlace(sheet.draft, path, depth)
    changes = dict.fromkeys(removed, None) | dict.fromkeys(unknown, None) | given
    fields = base.fields.changed(changes) if base else item
    still_unknown = (base.unknown if base else frozenset()) - given.keys() - removed.keys() | unknown
    return LayeredItem(
        code=item.code or "",
        fields=fields,
        places={
            "code": here,
            **{name: place for name, place in known.items() if name not in removed},
            **own,
        },
        introduced=base.introduced if base else here,
        removed={**(base.removed if base else {}), **removed},
        unknown=frozenset(still_unknown),
        disabled_at=_disabled_at(base, item, sheet, path, depth),
    )


def _disabled_at(
    base: LayeredItem | None, item: Item, sheet: Shaped, path: KeyPath, depth: int
) -> KeyPlace | None:
    """Where the item was switched off, None while it is in force."""
    if item.disabled is None:
        return base.disabled_at if base else None
    return KeyPlace(sheet.draft, (*path, "disabled"), depth) if item.disabled else None
