"""Every refusal of the program can be said in Chinese: the tables of phrases have all of its clauses."""

import ast
import re
from pathlib import Path

import pytest

import jifen_batch
from jifen_batch.errors import InputRefusedError
from jifen_batch.scheme.phrases import in_chinese

PACKAGE = Path(jifen_batch.__file__).parent
OF_FILES = "refuse"
ERRORS = {"InputRefusedError", "UsageRefusedError", "DiskError", "InvariantBrokenError"}
NAMED = "Z"
ENGLISH = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,})+")
# Of these the gaps are words of the phrase themselves.
WORDED = re.compile("^Z Z stands twice|^Za quotation|^column Z in its path Z")
# Commands, as somebody types them.
TYPED = ("make docs", "chmod o-w")


def text(node):
    """A text of the program with what it names as a letter; null where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else NAMED for part in node.values)
    return None


def refusals():
    """Place and message of every refusal that stands as a text and has no Chinese beside it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            texts = [text(argument) for argument in node.args]
            place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            if name == OF_FILES and len(texts) == 2 and None not in texts:
                message = "; ".join(texts)
            elif name in ERRORS and len(texts) == 1 and texts[0]:
                (message,) = texts
            else:
                continue
            if not WORDED.search(message):
                yield pytest.param(message, id=place)


REFUSALS = list(refusals())


def test_most_refusals_are_found():
    assert len(REFUSALS) > 80


@pytest.mark.parametrize("message", REFUSALS)
def test_a_refusal_has_its_chinese(message):
    said = in_chinese(message)
    for words in TYPED:
        said = said.replace(words, "")
    assert not ENGLISH.search(said), said


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("events: a.csv: is empty (0 bytes); send it again", "events：a.csv：是空文件（0 字节）；请重新发送"),
        (
            "events: a.csv: row 1 is no header: it stands in row 2; keep one of them",
            "events：a.csv：第 1 行不是表头，表头在第 2 行；请只留一个",
        ),
        (
            "households: h.csv: column left_on, rows 2, 5 and 3 more: is no day; write it as 2023-01-31",
            "households：h.csv：left_on 列第 2, 5 行等，另有 3 行：不是日期；请写成 2023-01-31",
        ),
        ("out: nothing is published there yet; run again", "out：那里还没有发布过结果；请重新执行"),
        ("what no table has; stays", "what no table has; stays"),
    ],
)  # fmt: skip
def test_a_refusal_keeps_its_place_and_figures(english, chinese):
    assert InputRefusedError(english).zh == chinese


def test_faults_are_said_line_by_line():
    english = "events: a.csv: is empty (0 bytes); send it again\nand 3 more faults"
    assert InputRefusedError(english).zh.splitlines() == [
        "events：a.csv：是空文件（0 字节）；请重新发送",
        "另有 3 处问题",
    ]
