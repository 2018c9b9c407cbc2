"""What a complaint says of a key that does not fit the format: short sentences in both languages."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from jifen_batch.rules.declared import Table, table_at
from jifen_batch.rules.model import Grade, Head, Item, RuleFileForm, Wallet
from jifen_batch.rules.words import (
    SHOWN_LENGTH,
    add,
    change_to,
    keys_of,
    lacks,
    meaning_of,
    nearest,
    quoted,
    write_instead,
)
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.rules.modelled import Misfit

_TABLES: dict[str, type[Table]] = {
    "[book]": Head,
    "[[items]]": Item,
    "[[grades]]": Grade,
    "[wallet]": Wallet,
}


def _write(form: str) -> Sentence:
    return Sentence(f"write {form}", f"请写成 {form}")


def _each_under(name: str, en: str, zh: str) -> Sentence:
    return Sentence(
        f"write each {en} under a [[{name}]] of its own (double brackets)",
        f"请把每个{zh}写在单独的 [[{name}]] 之下（双方括号）",
    )


_GRADES, _ITEMS = _each_under("grades", "grade", "等级"), _each_under("items", "item", "事项")
_STEP = "{from = 2023-01-01, points = 5}"
_CAP_STEP = "{from = 2023-01-01, points = 60}"
# Better remedies than the type's own, where a key is commonly written in another way.
_REMEDY_OF_TYPE = {
    "book.scope": Sentence(
        'write {towns = ["…"]} or {villages = ["…"]}', '请写成 {towns = ["…"]} 或 {villages = ["…"]}'
    ),
    "caps.*": Sentence(
        'write a whole number, such as 60, or {points = 60, basis = "net"}',
        '请写整数，如 60，或 {points = 60, basis = "net"}',
    ),
    "caps.*.points": Sentence(
        f"write a whole number, such as 60, or [{_CAP_STEP}]", f"请写整数，如 60，或 [{_CAP_STEP}]"
    ),
    "caps.*.points.#": _write(_CAP_STEP),
    "grades": _GRADES,
    "grades.#": _GRADES,
    "items.#.kinds": _write('["出租户"]'),
    "items.#.forfeits.items": Sentence('write ["…"], or "all"', '请写成 ["…"]，或 "all"'),
    "items": _ITEMS,
    "items.#": _ITEMS,
    "items.#.points": Sentence(
        f"write a whole number, such as 5, or [{_STEP}]", f"请写整数，如 5，或 [{_STEP}]"
    ),
    "items.#.points.#": _write(_STEP),
    "items.#.forfeits": _write('{scope = "year", items = ["…"]}'),
}
_KINDS: tuple[tuple[type, Sentence], ...] = (
    (bool, Sentence("true/false", "true/false")),
    (int, Sentence("a whole number", "整数")),
    (float, Sentence("a decimal number", "小数")),
    (str, Sentence("a text", "文字")),
    (list, Sentence("a list", "数组")),
    (dict, Sentence("a table", "表")),
    (dt.datetime, Sentence("a date with a time", "带时间的日期")),
    (dt.date, Sentence("a date", "日期")),
    (dt.time, Sentence("a time", "时间")),
)
_OTHER_KIND = Sentence("something else", "别的内容")
_A_TABLE = (
    Sentence("should be a table", "应为表"),
    Sentence("write it as a table of key = value", "请写成 键 = 值 的表"),
)
_TYPES = {
    "int_type": (
        Sentence("should be a whole number", "应为整数"),
        Sentence(
            "write a whole number without quotation marks or decimals, such as 5",
            "请写不加引号、不带小数点的整数，如 5",
        ),
    ),
    "bool_type": (
        Sentence("should be true or false", "应为 true 或 false"),
        Sentence("write true or false, without quotation marks", "请写 true 或 false，不加引号"),
    ),
    "string_type": (
        Sentence("should be a text", "应为文字"),
        Sentence("put it between straight double quotation marks", "请用半角双引号括起来"),
    ),
    "list_type": (Sentence("should be a list", "应为数组"), _write('["…", "…"]')),
    "dict_type": _A_TABLE,
    "model_type": _A_TABLE,
    "date_type": (
        Sentence("should be a date", "应为日期"),
        Sentence(
            "write a date without quotation marks or a time, such as 2023-01-01",
            "请写不加引号、不带时间的日期，如 2023-01-01",
        ),
    ),
}
_FILL = Sentence("fill it in, or remove the line where it is not needed", "请填写内容；不需要就删去这一行")
_CONTENTS = {
    "blank": (Sentence("is blank", "是空白"), _FILL),
    "string_too_short": (Sentence("is empty", "是空的"), _FILL),
    "control_character": (
        Sentence("holds characters that cannot be printed", "含有无法印出的字符"),
        Sentence("remove the line and type it anew", "请删去这一行后重新键入"),
    ),
    "unclean_name": (
        Sentence(
            "begins or ends with a blank, or holds invisible characters", "首尾有空格，或含有看不见的字符"
        ),
        Sentence("remove it and type it anew", "请删去后重新键入"),
    ),
}


def explain(misfit: Misfit) -> tuple[Sentence, Sentence]:
    """Problem and remedy for one thing that does not fit the format."""
    path, what = misfit.path, _shown_place(misfit.path)
    kind = "blank" if misfit.kind == "too_short" and isinstance(misfit.found, str) else misfit.kind
    if kind == "extra_forbidden":
        unknown = Sentence(f"unknown key {quoted(path[-1])}", f"不认识的键 {quoted(path[-1])}")
        return unknown, _remedy_of_unknown_key(path)
    if kind == "missing":
        return lacks(str(path[-1])), _remedy_of_missing(path)
    if kind == "literal_error":
        return _wrong_choice(what, misfit)
    if kind in _TYPES:
        should, remedy = _TYPES[kind]
        found = _kind(misfit.found)
        problem = Sentence(
            f"{what.en} {should.en}, and is {found.en}", f"{what.zh} {should.zh}，写成了{found.zh}"
        )
        return problem, _REMEDY_OF_TYPE.get(_pattern(path), remedy)
    if kind in _CONTENTS:
        said, remedy = _CONTENTS[kind]
        return _about(what, said), remedy
    return _out_of_bounds(what, misfit)


def _about(what: Sentence, said: Sentence) -> Sentence:
    return Sentence(f"{what.en} {said.en}", f"{what.zh} {said.zh}")


def _shown_place(path: KeyPath) -> Sentence:
    """The key that a path leads to, and which of its entries."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if path and isinstance(path[-1], int):
        return Sentence(f"entry {path[-1] + 1} of {key}", f"{key} 的第 {path[-1] + 1} 项")
    shown = key if re.fullmatch(rf"\w{{1,{SHOWN_LENGTH}}}", key) else quoted(key)
    if _pattern(path) == "caps.*":
        return Sentence(f"cap {shown}", f"上限 {shown}")
    return Sentence(shown, shown)


def _kind(value: object) -> Sentence:
    if isinstance(value, float) and not math.isfinite(value):
        return Sentence(str(value), str(value))
    return next((name for kind, name in _KINDS if isinstance(value, kind)), _OTHER_KIND)


def _wrong_choice(what: Sentence, misfit: Misfit) -> tuple[Sentence, Sentence]:
    choices = re.findall(r"'([^']*)'", str(misfit.bounds.get("expected", "")))
    written = misfit.found
    near = nearest(written, choices) if isinstance(written, str) else None
    shown = Sentence(quoted(written), quoted(written)) if isinstance(written, str) else _kind(written)
    listed = [f'"{choice}"' for choice in choices]
    return (
        Sentence(f"{what.en} is {shown.en}", f"{what.zh} 写成了{shown.zh}"),
        change_to(f'"{near}"')
        if near
        else Sentence(f"write one of {', '.join(listed)}", f"请写 {'、'.join(listed)} 之一"),
    )


def _out_of_bounds(what: Sentence, misfit: Misfit) -> tuple[Sentence, Sentence]:
    bounds = misfit.bounds
    if misfit.kind == "too_short":
        return _about(what, Sentence("is empty", "是空的")), Sentence(
            "give at least one entry, or remove the line where it is not needed",
            "请至少写一项；不需要就删去这一行",
        )
    if misfit.kind == "greater_than_equal":
        return _about(what, Sentence("is too small", "太小")), Sentence(
            f"write a whole number not below {bounds['ge']}", f"请写不小于 {bounds['ge']} 的整数"
        )
    if misfit.kind == "less_than_equal":
        return _about(what, Sentence("is too large", "太大")), Sentence(
            f"write a whole number not above {bounds['le']}", f"请写不大于 {bounds['le']} 的整数"
        )
    wrong = Sentence("is not written as it should be", "的写法不对")
    return _about(what, wrong), Sentence("write it as the sample book does", "请对照样张书写")


def _pattern(path: KeyPath) -> str:
    """A path with numbers and the names of caps left open."""
    parts = ["#" if isinstance(part, int) else part for part in path]
    if parts[:1] == ["caps"]:
        parts[1:2] = ["*"] * len(parts[1:2])
    return ".".join(parts)


def _remedy_of_unknown_key(path: KeyPath) -> Sentence:
    key = str(path[-1])
    table = table_at(RuleFileForm, path[:-1])
    known = keys_of(table) if table else []
    if nearest(key, known) is None:
        for place, other in _TABLES.items():
            if key in keys_of(other):
                return Sentence(f"write it under {place}", f"请写到{place}之下")
        if key in keys_of(RuleFileForm):
            return Sentence(f"write it as a [{key}] table of its own", f"请写成单独的 [{key}] 表")
    return write_instead(key, known)


def _remedy_of_missing(path: KeyPath) -> Sentence:
    if path == ("book",):
        return Sentence(
            "write a [book] table at the beginning of the file, with id, title, source, first_year",
            "请在文件开头写 [book] 表，含 id、title、source、first_year",
        )
    table = table_at(RuleFileForm, path[:-1])
    return add(str(path[-1]), meaning_of(table, str(path[-1])) if table else None)
