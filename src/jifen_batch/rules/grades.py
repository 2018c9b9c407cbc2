"""What is refused in the grades of a layered book (specification 2.3, Grades)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.rules.layered import is_broken, latest
from jifen_batch.rules.words import item_instead, quoted
from jifen_batch.sentence import Sentence

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
            yield grade.place.complain(
                Sentence("a grade lacks name", "等级缺少 name"),
                Sentence('add name, such as name = "五星户"', '请补上 name，如 name = "五星户"'),
            )
        if name is not None and first_of_name.setdefault(name, grade) is not grade:
            yield grade.place.complain(
                Sentence(
                    f"grade {quoted(name)} is there already, in line {first_of_name[name].place.line}",
                    f"等级 {quoted(name)} 与第 {first_of_name[name].place.line} 行重复",
                ),
                Sentence("rename it, or remove one of the two", "请改名，或删去其中一个"),
            )
        if not grade.broken and all(getattr(grade.fields, each) is None for each in CONDITIONS):
            yield grade.place.complain(
                Sentence(f"grade {quoted(name)} has no condition", f"等级 {quoted(name)} 没有条件"),
                Sentence(
                    f"write at least one of {', '.join(CONDITIONS)}",
                    f"请写 {'、'.join(CONDITIONS)} 中的至少一个",
                ),
            )
        yield from _bars(book, grade)


def _bars(book: LayeredBook, grade: LayeredGrade) -> Iterator[Complaint]:
    broken = is_broken(book, "items")
    for code in dict.fromkeys(grade.fields.bars or []):
        item = book.items.get(code)
        en = f"grade {quoted(grade.fields.name)} is barred by the item {quoted(code)}, which"
        zh = f"等级 {quoted(grade.fields.name)} 的 bars 所指的事项 {quoted(code)} "
        if item is None and not broken:
            problem = Sentence(f"{en} is not there", f"{zh}不存在")
            yield grade.place.complain(problem, item_instead(code, book.items))
        elif item is not None and item.disabled_at is not None:
            yield latest(grade.place, item.disabled_at).complain(
                Sentence(f"{en} is disabled", f"{zh}已停用"),
                Sentence(
                    f"remove {code} from bars, or do not disable it", f"请从 bars 中删去 {code}，或不停用它"
                ),
            )
