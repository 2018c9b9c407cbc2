"""积分细则 as people read it: the annex's table, with what a local book changed beside it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import rule_words, words
from jifen_batch.notices.grid import grid
from jifen_batch.notices.rule_values import brief
from jifen_batch.notices.words import printable
from jifen_batch.scheme.rule_fields import ITEM
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import polars as pl
    from rich.console import RenderableType

    from jifen_batch.errors import Complaint

HEADERS = ("行", "事项代码", "积分事项", "分值", "细则原文", "上限", "规则", "本地修改")
WHOLE = ("事项代码", "上限", "本地修改")
# Rows of the annex come first and in its order; consequences that a remark names follow them.
AFTER_ALL_ROWS = 1_000


def accepted(books: pl.DataFrame, files: int) -> RenderableType:
    """Books that a check accepted: `id`, `title`, `first_year`, `last_year` (null = open), `fingerprint`."""
    rows = (
        (book_id, title, f"{first}—{last or ''}", fingerprint[:12])
        for book_id, title, first, last, fingerprint in books.iter_rows()
    )
    title = f"检查通过：{files} 个文件，{books.height} 个细则"
    return grid(title, ["细则", "名称", "适用年度", "fingerprint"], rows)


def warned(warnings: Sequence[Complaint], say: Callable[[Sentence], str]) -> Iterator[RenderableType]:
    """What is accepted and perhaps not meant so, a line each as a complaint has it, as `say` chooses."""
    if warnings:
        count = len(warnings)
        heading = Sentence(
            f"{count} warning(s) (the books can be used; --strict refuses them):",
            f"提醒 {count} 处（不影响使用；--strict 时不通过）：",
        )
        lines = "\n".join(printable(say(warning.sentence)) for warning in warnings)
        yield Text(say(heading))
        yield Text(lines, no_wrap=True, overflow="ignore")


def parts(shown: Mapping[str, Any], year: int) -> Iterator[RenderableType]:
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
        yield grid(category, columns, ([row[at] for at in kept] for row in rows), whole=WHOLE)
    if shown["grades"]:
        yield grades(shown["grades"])
    if shown["disabled"]:
        yield Text(f"已停用：{'、'.join(printable(code) for code in shown['disabled'])}")


def headline(book: Mapping[str, Any], year: int) -> Text:
    """Title, id, source, years, scope, and the books that this one extends."""
    scope = book["scope"] or {}
    places = [*scope.get("towns", []), *scope.get("villages", [])]
    lines = [
        f"{book['title']}（{book['id']}，{year}年适用）",
        f"依据 {book['source']}；适用年度 {book['first_year']}—{book['last_year'] or ''}",
        f"适用范围 {'、'.join(places) if places else '全部'}",
    ]
    if book["extends"]:
        lines.append(f"在 {' → '.join(book['extends'])} 之上修改")
    return Text("\n".join(printable(line) for line in lines))


def caps(by_name: Mapping[str, Any]) -> RenderableType:
    """Caps: what they hold, and the book that gave them."""
    rows = [(name, rule_words.cap(cap), cap["given"]["points"]["book"]) for name, cap in by_name.items()]
    return grid("每户上限", ["上限", "内容", "来自细则"], rows)


def grades(of: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Grades in the order in which they are tried, and the book that gave them."""
    rows = [
        (str(place), rule_words.grade(grade), grade["given"]["book"]) for place, grade in enumerate(of, 1)
    ]
    return grid("评定等级（自上而下取第一个符合的）", ["次序", "条件", "来自细则"], rows)


def _row(item: Mapping[str, Any], by_name: Mapping[str, Any], chain: list[str]) -> tuple[object, ...]:
    cap = item.get("cap")
    return (
        str(item.get("row") or "—"),
        item["code"],
        item["name"],
        _points(item),
        item.get("clause"),
        f"{cap} {rule_words.dated(by_name[cap]['points'])}" if cap else None,
        "；".join(_rules(item)) or None,
        _changes(item, chain),
    )


def _points(item: Mapping[str, Any]) -> str:
    """Points per period, with the date from which each holds where they change."""
    per = words.PERIODS[item["per"]]
    if isinstance(item["points"], list):
        return "，".join(f"{step['from']}起 {step['points']}分/{per}" for step in item["points"])
    return f"{item['points']}分/{per}"


def _rules(item: Mapping[str, Any]) -> Iterator[str]:
    """What else decides how many points a line of the item brings."""
    for field in ITEM.values():
        if told := brief(field, item.get(field.name)):
            yield told


def _changes(item: Mapping[str, Any], chain: list[str]) -> str | None:
    """Which fields a nearer book than the item's first gave, and which book that was."""
    origin = max((chain.index(given["book"]) for given in item["given"].values()), default=0)
    changed = [
        f"{name}：{given['book']}"
        for name, given in sorted(item["given"].items())
        if given["book"] != chain[origin]
    ]
    return "，".join(changed) or None
