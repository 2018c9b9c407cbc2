"""Figures: of speed from the benchmarks, of long runs from their log, of tests from the tests themselves."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from generate.page import in_language, language, meanings, put, put_table
from generate.story import ROOT

LOG = Path(__file__).with_name("measured.toml")


@cache
def _log() -> dict[str, Any]:
    return tomllib.loads(LOG.read_text(encoding="utf-8"))


def speed() -> None:
    """The table of `make bench`."""
    import speed_rows  # noqa: PLC0415 - of benchmarks/, which only this page needs

    put(speed_rows.table(json.loads(speed_rows.RESULTS.read_text("utf-8")), language()))


def command_times() -> None:
    """What the commands beside `run` took."""
    rows = (
        [f"`{one['name']}`", one[language()], f"{one['seconds']:.1f}", f"{one['peak_mib']:,}"]
        for one in _log()["commands"]
    )
    put_table(
        in_language("command | on | s | peak MiB", "命令 | 对象 | 秒 | 内存峰值 MiB").split(" | "), rows
    )


def evidence() -> None:
    """A row per thing that was tried long: how often, and what came of it."""
    rows = []
    for one in _log()["evidence"]:
        came = (
            f"{one['found']:,} " + in_language("noticed", "发现") if "found" in one else f"{one['wrong']:,}"
        )
        word = one.get(f"wrong_{language()}", "")
        rows.append(
            [
                one[language()],
                f"{one['tried']:,}",
                f"{came} {word}".strip(),
                f"`{one['by']}`",
                str(one["taken"]),
            ]
        )
    head = in_language("what was tried | times | came of it | by | on", "试什么 | 次数 | 结果 | 怎样 | 何时")
    put_table(head.split(" | "), rows)


def everyday_evidence() -> None:
    """What each run of the tests tries, with the counts that stand in the tests."""
    tests = ROOT / "tests"
    _see_the_tests()
    from agreement import SEEDS  # noqa: PLC0415 - the tests' own

    laws = (tests / "test_laws.py").read_text("utf-8")
    examples = re.search(r"else (\d+)\n", laws)
    lines = len((tests / "fixture" / "expected_ledger.csv").read_text("utf-8").splitlines()) - 1
    readings = len([*(ROOT / "configs" / "rules" / "readings").glob("*.toml")])
    counts = {
        "villages": (len(SEEDS), "tests/test_agreement.py"),
        "lines": (lines, "tests/fixture"),
        "laws": (laws.count("\n@law\n"), "tests/test_laws.py"),
        "examples": (int(examples[1]) if examples else 0, "tests/test_laws.py"),
        "readings": (readings, "tests/rules"),
    }
    told = meanings("tried", counts)
    put_table(
        in_language("count | what | where", "数量 | 什么 | 在哪里").split(" | "),
        (
            [f"{count:,}", str(what), f"`{where}`"]
            for (count, where), what in zip(counts.values(), told, strict=True)
        ),
    )


def _see_the_tests() -> None:
    """Let what the tests have be imported."""
    if (tests := str(ROOT / "tests")) not in sys.path:
        sys.path.append(tests)


def hunted() -> None:
    """A row per way in which a night goes wrong that the tests try, with what comes of it."""
    _see_the_tests()
    from hunt import BY_KIND  # noqa: PLC0415 - the ways are the tests' own
    from hunt.way import WAYS  # noqa: PLC0415 - likewise

    kinds = meanings("hunted", [module.__name__.rpartition(".")[2] for module in BY_KIND])
    names = dict(zip((module.__name__.rpartition(".")[2] for module in BY_KIND), kinds, strict=True))
    put_table(
        in_language(
            "where | what goes wrong | what comes of it | exit", "何处 | 出什么问题 | 结果 | 退出码"
        ).split(" | "),
        (
            [
                str(names[way.of]),
                in_language(way.en, way.zh),
                in_language(way.end.en, way.end.zh),
                f"{way.end.code}",
            ]
            for way in WAYS
        ),
    )
