"""What the commands beside `run` take, on the way that a county goes from a night to an edit of its rules.

No time is judged here, only what each command must have found. One command of its own: see its page in docs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from entrants import RULES, County
from process import Ended, jifen

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT_SECONDS = 3600
EARLIER = "2023-10-20"
CAP, LOWERED = "deliberation = 60", "deliberation = 10"
HELD_BACK = 8
MIB = 1 << 20


@pytest.mark.timeout(LIMIT_SECONDS)
def test_commands_beside_run(
    county: Callable[[int], Path], tell: Callable[[str, dict[str, Any]], None], households: int
) -> None:
    """Two nights, an announcement, an edit held back, accepted and announced; each command once.

    What the accepted books come to was published the night before: an edit is scored, and not both.
    """
    asked = County(county(households))

    def told(what: str, on: str, ended: Ended) -> dict[str, Any]:
        row = {"command": what, "on": on, "wall s": ended.seconds, "peak MiB": round(ended.peak_bytes / MIB)}
        tell(f"Commands, {households:,} households", row)
        return ended.said

    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        out, edited = Path(name) / "out", _edited(Path(name))

        def run(what: str, code: int = 0, **options: object) -> dict[str, Any]:
            ended = jifen("run", asked.options(out) | options, "--json", code=code)
            return told(what, f"{_lines(ended.said)} lines", ended)

        def announce(quarter: str) -> dict[str, Any]:
            ended = jifen("announce", {"out": out, "quarter": quarter}, "--json")
            own, adjusted = (ended.said["manifest"][one] for one in ("own", "adjusted"))
            on = f"{own['lines']:,} lines, {adjusted['accounts']:,} accounts corrected"
            return told(f"announce {quarter}", on, ended)

        first = run("run, the first night", **{"as-of": EARLIER})
        announce("2023Q1")
        run("run, a later night, held against the first")
        held = run("run that holds an edit back", HELD_BACK, rules=edited)
        trial = jifen("what-if", asked.options(out) | {"rules": edited}, "--json")
        tried = told("what-if", "all years", trial)
        assert tried["fingerprint"] == held["held_back"]["accept_rules"]
        accepted = run("run --accept-rules", rules=edited, **{"accept-rules": tried["fingerprint"]})
        assert announce("2023Q2")["manifest"]["adjusted"]["points"] < 0
        pair = [first["run_id"], accepted["run_id"]]
        compared = jifen("compare", {"out": out}, *pair, "--json")
        told("compare", f"{compared.said['difference']:,} points", compared)
        assert compared.said["unattributed"] == 0
        somebody = tried["households"][0]["household_id"]
        told("explain", "one household", jifen("explain", {"out": out}, somebody, "--json"))


def _edited(folder: Path) -> Path:
    """The rule book with a lower cap, which the first quarter feels."""
    edited = folder / "rules" / RULES.name
    edited.parent.mkdir()
    text = RULES.read_text(encoding="utf-8")
    assert text.count(CAP) == 1
    edited.write_text(text.replace(CAP, LOWERED), encoding="utf-8")
    return edited


def _lines(said: dict[str, Any]) -> str:
    """How many lines a run's ledger has."""
    return f"{said['manifest']['control_totals']['lines']:,}"
