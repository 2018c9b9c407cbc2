"""积分细则 as people read it: the annex's table, with what a local book changed beside it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import rule_words, words
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.notices.rule_values import EVERYWHERE, brief, points
from jifen_batch.notices.words import printable
from jifen_batch.scheme.rule_fields import ITEM
from jifen_batch.sentence import AND, COMMA, THEN, Sentence, alike, joined, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from jifen_batch.errors import Complaint
    from jifen_batch.notices.grid import Part

CODE, CAP, CHANGED = (
    Sentence("item code", "事项代码"),
    Sentence("cap", "上限"),
    Sentence("edited here", "本地修改"),
)
HEADERS = (
    Sentence("row", "行"),
    CODE,
    Sentence("item", "积分事项"),
    Sentence("points", "分值"),
    Sentence("clause", "细则原文"),
    CAP,
    Sentence("rules", "规则"),
    CHANGED,
)
WHOLE = (CODE, CAP, CHANGED)
FROM_BOOK = Sentence("from book", "来自细则")
# Rows of the annex come first and in its order; consequences that a remark names follow them.
AFTER_ALL_ROWS = 1_000


def accepted(books: pl.DataFrame, files: int) -> Part:
    """Books that a check accepted: `id`, `title`, `first_year`, `last_year` (null = open), `fingerprint`."""
    rows = [
        (book_id, title, f"{first}—{last or ''}", fingerprint[:12])
        for book_id, title, first, last, fingerprint in books.iter_rows()
    ]
    title = Sentence(
        f"Accepted: {files} file(s), {books.height} book(s)",
        f"检查通过：{files} 个文件，{books.height} 个细则",
    )
    headers = [
        Sentence("book", "细则"),
        Sentence("title", "名称"),
        Sentence("years", "适用年度"),
        alike("fingerprint"),
    ]
    return Grid(title, headers, rows)


def warned(warnings: Sequence[Complaint]) -> Iterator[Part]:
    """What is accepted and perhaps not meant so, a line each as a complaint has it."""
    if warnings:
        count = len(warnings)
        yield Lines(
            Sentence(
                f"{count} warning(s) (the books can be used; --strict refuses them):",
                f"提醒 {count} 处（不影响使用；--strict 时不通过）：",
            )
        )
        yield Lines(lines(Sentence(*map(printable, one.sentence)) for one in warnings), folded=False)


def parts(shown: Mapping[str, Any], year: int) -> Iterator[Part]:
    """A layered book, as `rules` shows it: headline, caps, and a table of items per category."""
    yield headline(shown["book"], year)
    if shown["caps"]:
        yield caps(shown["caps"])
    items = sorted(shown["items"], key=lambda item: (item.get("row") or AFTER_ALL_ROWS, item["code"]))
    order = list(dict.fromkeys(item["category"] for item in items))
    items.sort(key=lambda item: order.index(item["category"]))
    chain = [shown["book"]["id"], *shown["book"]["extends"]]
    for category, own in groupby(items, key=lambda item: item["category"]):
        rows = [_row(item, shown["caps"], chain) for item in own]
        kept = [at for at in range(len(HEADERS)) if any(row[at] is not None for row in rows)]
        columns = [HEADERS[at] for at in kept]
        yield Grid(alike(category), columns, [[row[at] for at in kept] for row in rows], whole=WHOLE)
    if shown["grades"]:
        yield grades(shown["grades"])
    if shown["disabled"]:
        codes = joined(map(printable, shown["disabled"]), AND)
        yield Lines(Sentence(f"Disabled: {codes.en}", f"已停用：{codes.zh}"))


def headline(book: Mapping[str, Any], year: int) -> Part:
    """Title, id, source, years, scope, and the books that this one extends."""
    scope = book["scope"] or {}
    places = [*scope.get("towns", []), *scope.get("villages", [])]
    where = joined(places, AND) if places else EVERYWHERE
    years = f"{book['first_year']}—{book['last_year'] or ''}"
    said = [
        Sentence(
            f"{book['title']} ({book['id']}, as of {year})", f"{book['title']}（{book['id']}，{year}年适用）"
        ),
        Sentence(f"source {book['source']}; years {years}", f"依据 {book['source']}；适用年度 {years}"),
        Sentence(f"applies {where.en}", f"适用范围 {where.zh}"),
    ]
    if book["extends"]:
        chain = " → ".join(book["extends"])
        said.append(Sentence(f"changes {chain}", f"在 {chain} 之上修改"))
    return Lines(lines(Sentence(*map(printable, line)) for line in said))


def caps(by_name: Mapping[str, Any]) -> Part:
    """Caps: what they hold, and the book that gave them."""
    rows = [(name, rule_words.cap(cap), cap["given"]["points"]["book"]) for name, cap in by_name.items()]
    title = Sentence("Caps of each household", "每户上限")
    return Grid(title, [CAP, Sentence("what it holds", "内容"), FROM_BOOK], rows)


def grades(of: Sequence[Mapping[str, Any]]) -> Part:
    """Grades in the order in which they are tried, and the book that gave them."""
    rows = [
        (str(place), rule_words.grade(grade), grade["given"]["book"]) for place, grade in enumerate(of, 1)
    ]
    title = Sentence("Grades (the first that fits, from above)", "评定等级（自上而下取第一个符合的）")
    return Grid(title, [Sentence("order", "次序"), Sentence("conditions", "条件"), FROM_BOOK], rows)


def _row(item: Mapping[str, Any], by_name: Mapping[str, Any], chain: list[str]) -> tuple[object, ...]:
    rules = [*_rules(item)]
    return (
        str(item.get("row") or "—"),
        item["code"],
        item["name"],
        _points(item),
        item.get("clause"),
        _cap(item.get("cap"), by_name),
        joined(rules, THEN) if rules else None,
        _changes(item, chain),
    )


def _cap(name: str | None, by_name: Mapping[str, Any]) -> Sentence | None:
    """An item's cap, and its figure."""
    return joined([name, rule_words.dated(by_name[name]["points"])], alike(" ")) if name else None


def _points(item: Mapping[str, Any]) -> Sentence:
    """Points per period, with the date from which each holds where they change."""
    per, value = words.PERIODS[item["per"]], item["points"]
    if not isinstance(value, list):
        return points(value, item)
    steps = (
        Sentence(
            f"from {step['from']} on {step['points']} a {per.en}",
            f"{step['from']}起 {step['points']}分/{per.zh}",
        )
        for step in value
    )
    return joined(steps, COMMA)


def _rules(item: Mapping[str, Any]) -> Iterator[Sentence]:
    """What else decides how many points a line of the item brings."""
    for field in ITEM.values():
        if told := brief(field, item.get(field.name)):
            yield told


def _changes(item: Mapping[str, Any], chain: list[str]) -> Sentence | None:
    """Which fields a nearer book than the item's first gave, and which book that was."""
    origin = max((chain.index(given["book"]) for given in item["given"].values()), default=0)
    changed = [
        Sentence(f"{name}: {given['book']}", f"{name}：{given['book']}")
        for name, given in sorted(item["given"].items())
        if given["book"] != chain[origin]
    ]
    return joined(changed, COMMA) if changed else None
