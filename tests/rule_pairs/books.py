"""The two rule books of each pair (`rule_pairs.fields`), and the books of a county full of them."""

from __future__ import annotations

import json

from rule_pairs.fields import PLAIN

STANDARD = {"points": 15, "basis": "awards"}
HEAD = '[book]\nid = "{}"\ntitle = "细则"\nsource = "文"\n'
FIRST_YEAR = "first_year = 2020\n"


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    plain_day = isinstance(value, str) and value[:2] == "20" and value[4:5] == "-"
    return value if plain_day else json.dumps(value, ensure_ascii=False)


def lines(fields):
    return "".join(f"{key} = {toml(value)}\n" for key, value in fields.items() if value is not None)


def items_and_caps(items, caps):
    text = f"[caps]\n{lines(caps)}"
    for code, fields in items.items():
        text += f"[[items]]\n{lines({'code': code, **PLAIN, **fields})}"
    return text


def said(kind, name, pair, value):
    """The items and caps of a book whose field is this, and what a book above it says of item a, if any."""
    a, caps, more, over, code = dict(pair.a), dict(pair.caps), dict(pair.more), None, "a"
    if kind == "cap":
        a["cap"] = "c"
        cap = STANDARD | caps.get("c", {}) | {name: value}
        caps["c"] = {key: figure for key, figure in cap.items() if figure is not None}
    elif name in {"disabled", "unset"}:
        over = {name: value}
    elif name == "code":
        code = value
    elif name == "forfeits":
        more["x"] = {"points": 0, "forfeits": value}
    else:
        a[name] = value
    return {code: a, **more}, caps, over


def write(folder, pairs, which):
    """The books of pairs by their number: one is the county's own book, of several each has its town's."""
    folder.mkdir()
    texts = {} if len(pairs) == 1 else {"base": HEAD.format("base") + FIRST_YEAR}
    for number, (kind, name, pair) in pairs.items():
        items, caps, over = said(kind, name, pair, (pair.one, pair.other)[which])
        book, scope = f"b{number}", f'scope = {{towns = ["t{number}"]}}\n'
        under = f'extends = "base"\n{scope}' if "base" in texts else FIRST_YEAR
        texts[book] = HEAD.format(book) + under + items_and_caps(items, caps)
        if over is not None:
            above = f'extends = "{book}"\nscope = {{villages = ["v{number}"]}}\n'
            texts[f"{book}-over"] = (
                f"{HEAD.format(f'{book}-over')}{above}[[items]]\n{lines({'code': 'a', **over})}"
            )
    for book, text in texts.items():
        (folder / f"{book}.toml").write_text(text, encoding="utf-8")
    return folder
