"""What is refused in the grades of a layered book (specification 2.3, Grades)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.rules.layered import latest
from jifen_batch.rules.words import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import LayeredBook, LayeredGrade

CONDITIONS = ("at_least", "top", "top_percent")


def check_grades(book: LayeredBook) -> Iterator[Complaint]:
    """Grades twice, without a name or a condition, or barred by an item that is not in force."""
    first_of_name: dict[str, LayeredGrade] = {}
    for grade in book.grades:
        name = grade.fields.name
        if name is None and not grade.broken:
            yield grade.place.complain("等级缺少 name", '请补上 name，如 name = "五星户"')
        if name is not None and first_of_name.setdefault(name, grade) is not grade:
            yield grade.place.complain(
                f"等级 {quoted(name)} 与第 {first_of_name[name].place.line} 行重复", "请改名，或删去其中一个"
            )
        if not grade.broken and all(getattr(grade.fields, each) is None for each in CONDITIONS):
            yield grade.place.complain(
                f"等级 {quoted(name)} 没有条件", f"请写 {'、'.join(CONDITIONS)} 中的至少一个"
            )
        yield from _bars(book, grade)


def _bars(book: LayeredBook, grade: LayeredGrade) -> Iterator[Complaint]:
    broken = any(each.shaped.is_broken("items") for each in (book, *book.extends))
    for code in dict.fromkeys(grade.fields.bars or []):
        item = book.items.get(code)
        said = f"等级 {quoted(grade.fields.name)} 的 bars 所指的事项 {quoted(code)} "
        if item is None and not broken:
            near = nearest(code, book.items)
            remedy = f"请改为 {near}" if near else "请写本细则中的事项代码"
            yield grade.place.complain(f"{said}不存在", remedy)
        elif item is not None and item.disabled_at is not None:
            yield latest(grade.place, item.disabled_at).complain(
                f"{said}已停用", f"请从 bars 中删去 {code}，或不停用它"
            )
