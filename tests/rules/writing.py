"""Rule files as a pencil writes them: `# <-` marks each line that must be complained of."""

from textwrap import dedent

import pytest

from jifen_batch import rules
from jifen_batch.errors import RulesRefusedError

MARK = "# <-"

BOOK = """\
[book]
id = "base"
title = "甲细则"
source = "甲文"
first_year = 2023
"""

FIELDS = {"category": '"类"', "task": '"任务"', "name": '"名"', "points": "5", "per": '"event"'}


def item(code, **fields):
    """An item of 5 points per event, but for what is said; a field that is None is left out."""
    written = {"code": f'"{code}"', **FIELDS, **fields}
    return "[[items]]\n" + "".join(f"{key} = {value}\n" for key, value in written.items() if value)


def change(code, **fields):
    """An item of a local book: only what it changes."""
    return item(code, **(dict.fromkeys(FIELDS) | fields))


def local(book_id, *lines, extends="base"):
    """The head of a book that extends another."""
    return f'[book]\nid = "{book_id}"\nextends = "{extends}"\n' + "".join(f"{line}\n" for line in lines)


def write(folder, *texts):
    """Files 1.toml, 2.toml, … of these texts."""
    for number, text in enumerate(texts, 1):
        (folder / f"{number}.toml").write_text(dedent(text), encoding="utf-8")
    return folder


def load(folder, *texts):
    return rules.load([write(folder, *texts)])


def complaints_of(folder, *texts):
    with pytest.raises(RulesRefusedError) as refused:
        load(folder, *texts)
    return refused.value.complaints


def marked(texts):
    """Every line with a mark, as file name and line."""
    return [
        (f"{number}.toml", line)
        for number, text in enumerate(texts, 1)
        for line, written in enumerate(dedent(text).split("\n"), 1)
        if MARK in written
    ]


def places_of(folder, complaints):
    """File name and line of each complaint."""
    return [(complaint.file.removeprefix(f"{folder}/"), complaint.line) for complaint in complaints]
