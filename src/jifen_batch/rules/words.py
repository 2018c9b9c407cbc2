"""What a complaint says: short Chinese sentences, and the nearest right spelling as a remedy."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from jifen_batch import signs
from jifen_batch.rules.declared import Table, table_at
from jifen_batch.rules.model import Grade, Head, Item, RuleFileForm, Wallet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.rules.modelled import Misfit

SHOWN_LENGTH = 40
KNOWN_LIMIT = 1_000  # names that a misspelt one is compared with: each comparison costs

_TABLES: dict[str, type[Table]] = {
    "[book]": Head,
    "[[items]]": Item,
    "[[grades]]": Grade,
    "[wallet]": Wallet,
    "文件开头": RuleFileForm,
}
# Better remedies than the type's own, where a key is commonly written in another way.
_REMEDY_OF_TYPE = {
    "book.scope": '请写成 {towns = ["…"]} 或 {villages = ["…"]}',
    "caps.*": '请写整数，如 60，或 {points = 60, basis = "net"}',
    "caps.*.points": "请写整数，如 60，或 [{from = 2023-01-01, points = 60}]",
    "caps.*.points.#": "请写成 {from = 2023-01-01, points = 60}",
    "grades": "请把每个等级写在单独的 [[grades]] 之下（双方括号）",
    "grades.#": "请把每个等级写在单独的 [[grades]] 之下（双方括号）",
    "items.#.kinds": '请写成 ["出租户"]',
    "items.#.forfeits.items": '请写成 ["…"]，或 "all"',
    "items": "请把每个事项写在单独的 [[items]] 之下（双方括号）",
    "items.#": "请把每个事项写在单独的 [[items]] 之下（双方括号）",
    "items.#.points": "请写整数，如 5，或 [{from = 2023-01-01, points = 5}]",
    "items.#.points.#": "请写成 {from = 2023-01-01, points = 5}",
    "items.#.forfeits": '请写成 {scope = "year", items = ["…"]}',
}
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true/false"),
    (int, "整数"),
    (float, "小数"),
    (str, "文字"),
    (list, "数组"),
    (dict, "表"),
    (dt.datetime, "带时间的日期"),
    (dt.date, "日期"),
    (dt.time, "时间"),
)
_TYPES = {
    "int_type": ("应为整数", "请写不加引号、不带小数点的整数，如 5"),
    "bool_type": ("应为 true 或 false", "请写 true 或 false，不加引号"),
    "string_type": ("应为文字", "请用半角双引号括起来"),
    "list_type": ("应为数组", '请写成 ["…", "…"]'),
    "dict_type": ("应为表", "请写成 键 = 值 的表"),
    "model_type": ("应为表", "请写成 键 = 值 的表"),
    "date_type": ("应为日期", "请写不加引号、不带时间的日期，如 2023-01-01"),
}
_CONTENTS = {
    "blank": ("是空白", "请填写内容；不需要就删去这一行"),
    "string_too_short": ("是空的", "请填写内容；不需要就删去这一行"),
    "control_character": ("含有无法印出的字符", "请删去这一行后重新键入"),
    "unclean_name": ("首尾有空格，或含有看不见的字符", "请删去后重新键入"),
}


def quoted(value: object) -> str:
    """A name from a rule file, safe to print on one line."""
    text = signs.shown(str(value)[:SHOWN_LENGTH])
    return f"“{text}…”" if len(str(value)) > SHOWN_LENGTH else f"“{text}”"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; look-alike characters count as what they look like."""
    plain = unicodedata.normalize("NFKC", word[:SHOWN_LENGTH]).strip().lower()
    found = difflib.get_close_matches(plain, islice(known, KNOWN_LIMIT), n=1, cutoff=0.7)
    return found[0] if found else None


def write_instead(word: str, known: Iterable[str]) -> str:
    """Remedy for a word that is not among those known."""
    choices = list(known)
    if near := nearest(word, choices):
        return f"请改为 {near}"
    return f"可写：{'、'.join(choices[:30])}" if choices else "请删去"


def explain(misfit: Misfit) -> tuple[str, str]:
    """Problem and remedy for one thing that does not fit the format."""
    path = misfit.path
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    what = f"{key} 的第 {path[-1] + 1} 项" if path and isinstance(path[-1], int) else _shown_key(key)
    what = f"上限 {what}" if _pattern(path) == "caps.*" else what
    kind = "blank" if misfit.kind == "too_short" and isinstance(misfit.found, str) else misfit.kind
    if kind == "extra_forbidden":
        return f"不认识的键 {quoted(path[-1])}", _remedy_of_unknown_key(path)
    if kind == "missing":
        return f"缺少 {key}", _remedy_of_missing(path)
    if kind == "literal_error":
        return _wrong_choice(what, misfit)
    if kind in _TYPES:
        problem, remedy = _TYPES[kind]
        return f"{what} {problem}，写成了{_kind(misfit.found)}", _REMEDY_OF_TYPE.get(_pattern(path), remedy)
    if kind in _CONTENTS:
        problem, remedy = _CONTENTS[kind]
        return f"{what} {problem}", remedy
    return _out_of_bounds(what, misfit)


def _shown_key(key: str) -> str:
    return key if re.fullmatch(rf"\w{{1,{SHOWN_LENGTH}}}", key) else quoted(key)


def _kind(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "别的内容")


def _wrong_choice(what: str, misfit: Misfit) -> tuple[str, str]:
    choices = re.findall(r"'([^']*)'", str(misfit.bounds.get("expected", "")))
    written = misfit.found
    shown = quoted(written) if isinstance(written, str) else _kind(written)
    near = nearest(written, choices) if isinstance(written, str) else None
    listed = "、".join(f'"{choice}"' for choice in choices)
    return f"{what} 写成了{shown}", f'请改为 "{near}"' if near else f"请写 {listed} 之一"


def _out_of_bounds(what: str, misfit: Misfit) -> tuple[str, str]:
    if misfit.kind == "too_short":
        return f"{what} 是空的", "请至少写一项；不需要就删去这一行"
    if misfit.kind == "greater_than_equal":
        return f"{what} 太小", f"请写不小于 {misfit.bounds['ge']} 的整数"
    if misfit.kind == "less_than_equal":
        return f"{what} 太大", f"请写不大于 {misfit.bounds['le']} 的整数"
    return f"{what} 的写法不对", "请对照样张书写"


def _pattern(path: KeyPath) -> str:
    """A path with numbers and the names of caps left open."""
    parts = ["#" if isinstance(part, int) else part for part in path]
    if parts[:1] == ["caps"]:
        parts[1:2] = ["*"] * len(parts[1:2])
    return ".".join(parts)


def keys_of(table: type[Table]) -> list[str]:
    """Keys of a table as they are written."""
    return [key.written for key in table.fields().values()]


def meaning_of(table: type[Table], written: str) -> str:
    """What a key of a table means, as editors show it."""
    return next((key.meaning for key in table.fields().values() if key.written == written), "")


def _remedy_of_unknown_key(path: KeyPath) -> str:
    key = str(path[-1])
    table = table_at(RuleFileForm, path[:-1])
    known = keys_of(table) if table else []
    if nearest(key, known) is None:
        for place, other in _TABLES.items():
            if key in keys_of(other):
                return f"请写到{place}之下" if other is not RuleFileForm else f"请写成单独的 [{key}] 表"
    return write_instead(key, known)


def _remedy_of_missing(path: KeyPath) -> str:
    if path == ("book",):
        return "请在文件开头写 [book] 表，含 id、title、source、first_year"
    table = table_at(RuleFileForm, path[:-1])
    return f"请补上 {path[-1]}（{meaning_of(table, str(path[-1]))}）" if table else f"请补上 {path[-1]}"
