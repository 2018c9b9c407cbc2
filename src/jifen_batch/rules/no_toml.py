"""Why a file is no TOML, in a clerk's words: what the parser found, and where."""

from __future__ import annotations

import re

from jifen_batch.sentence import Sentence

_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)$")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4299}")  # Python converts no longer ones

NO_UTF8 = (
    Sentence("is not encoded in UTF-8", "不是 UTF-8 编码"),
    Sentence("save it as UTF-8 in the editor", "请在编辑器里另存为 UTF-8 编码"),
)
TOO_DEEP = (
    Sentence("brackets are nested too deeply", "括号嵌套过深"),
    Sentence("nest fewer of them, as the sample book does", "请按样张的写法减少嵌套"),
)
_TOO_LONG = (
    Sentence("a whole number is too long", "整数过长"),
    Sentence("write the points as they are", "请写实际的分值"),
)
_UNKNOWN = (
    Sentence("is not written as TOML", "不符合 TOML 的写法"),
    Sentence(
        "hold brackets, quotation marks and equals signs against the sample book; all signs are half-width",
        "请对照样张检查括号、引号和等号，符号都用半角",
    ),
)
_KEY_TWICE = (
    Sentence("a key is written twice", "同一个键写了两次"),
    Sentence("keep one of the two", "请只保留一处"),
)
_TABLE_TWICE = Sentence("a table is written twice", "同一个表写了两次")
# By how the parser's own message begins.
_SYNTAX = {
    "Cannot overwrite a value": _KEY_TWICE,
    "Duplicate inline table key": _KEY_TWICE,
    "Cannot declare": (
        _TABLE_TWICE,
        Sentence(
            "join the two (several items have an [[items]] each)", "请合并为一处（多个事项请各写 [[items]]）"
        ),
    ),
    "Cannot redefine namespace": (_TABLE_TWICE, Sentence("join the two", "请合并为一处")),
    "Cannot mutate immutable namespace": (
        Sentence("this table was written in full before", "这个表在前面已经写完整"),
        Sentence("write its content there", "请把内容写进原处"),
    ),
    "Expected '=' after a key": (
        Sentence("the equals sign after a key is missing", "键的后面缺少等号"),
        Sentence("write key = value, with a half-width equals sign", "请写成 键 = 值，等号用半角"),
    ),
    "Invalid initial character": (
        Sentence("the name of a key cannot be read", "键名无法识别"),
        Sentence("name keys in English letters, with half-width signs", "键名请用英文字母，符号请用半角"),
    ),
    "Expected ']": (
        Sentence("the brackets around a table's name do not match", "表名的方括号没有配对"),
        Sentence("write [table] or [[items]]", "请写成 [表] 或 [[items]]"),
    ),
    "Unterminated string": (
        Sentence("quotation marks do not match", "引号没有配对"),
        Sentence("put the text between straight double quotation marks", "请用半角双引号把文字括起来"),
    ),
    "Unescaped": (
        Sentence("a backslash in a text cannot be read", "文字里的反斜杠无法识别"),
        Sentence("write \\ as \\\\, or remove it", "请把 \\ 写成 \\\\，或删去"),
    ),
    "Illegal character": (
        Sentence("a text holds a character that may not stand there", "文字里有不允许的字符"),
        Sentence(
            "write the text on one line, between straight double quotation marks",
            "请把文字写在一行之内，并用半角双引号括起来",
        ),
    ),
    "Invalid date": (
        Sentence("there is no such date", "日期不存在"),
        Sentence("write a date that exists, such as 2023-01-31", "请写真实的日期，如 2023-01-31"),
    ),
    "Unclosed array": (
        Sentence("square brackets do not match", "方括号没有配对"),
        Sentence("add the ], with half-width commas between the entries", "请补上 ]，各项之间用半角逗号"),
    ),
    "Unclosed inline table": (
        Sentence("braces do not match", "花括号没有配对"),
        Sentence("add the }, with half-width commas between the entries", "请补上 }，各项之间用半角逗号"),
    ),
    "Invalid value": (
        Sentence("the value after the equals sign cannot be read", "等号后面的值无法识别"),
        Sentence(
            "put texts between straight double quotation marks; whole numbers stand as they are, such as 5",
            "文字请加半角双引号，整数直接写，如 5",
        ),
    ),
    "Invalid statement": (
        Sentence("this line cannot be read", "这一行无法识别"),
        Sentence(
            "write [table], [[items]] or key = value, with half-width signs",
            "请写成 [表]、[[items]] 或 键 = 值，符号都用半角",
        ),
    ),
}


def said(message: str, text: str) -> tuple[int, Sentence, Sentence]:
    """Line, problem and remedy of what the parser's message says of a text."""
    if number := _LONG_NUMBER.search(text) if message.startswith("Exceeds the limit") else None:
        return text.count("\n", 0, number.start()) + 1, *_TOO_LONG
    found = _POSITION.search(message)
    problem, remedy = next((one for start, one in _SYNTAX.items() if message.startswith(start)), _UNKNOWN)
    if found is None:
        return text.rstrip().count("\n") + 1, problem, remedy
    column = found[2]
    return (
        int(found[1]),
        Sentence(f"{problem.en} (column {column})", f"{problem.zh}（第 {column} 列）"),
        remedy,
    )
