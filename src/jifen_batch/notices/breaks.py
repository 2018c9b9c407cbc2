"""What reconciliation says to people: totals, breaks by cause, the largest of them, what to accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import COLUMNS, REJECT_REASONS
from jifen_batch.scheme import causes as known
from jifen_batch.scheme import outcomes
from jifen_batch.scheme.word import chinese

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

OUTCOMES = chinese(outcomes.KEY_OUTCOMES)
CAUSES = chinese(known.BREAK_CAUSES)
ACCEPTANCES: dict[str | None, str] = {
    **{one.name: one.zh for one in outcomes.ACCEPTANCES},
    None: outcomes.OPEN.zh,
}
STRENGTHS: dict[str | None, str] = {**{one.name: one.zh for one in known.STRENGTHS}, None: ""}
LEVELS = {"all": "合计", "village": "村", "category": "类别"}
KEY_WORDS = COLUMNS | {"item": "事项"}
SEVERAL = "+"
MAX_VILLAGES = 40
# Where a cause could not be told although several fit.
AMBIGUOUS, NONE_FOUND = "多种原因都说得通", "原因不明"


def parts(said: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The report of a reconciliation: `said` is its JSON document, with the first breaks only."""
    yield headline(said)
    yield totals(said["totals"])
    if said["causes"]:
        yield causes(said["causes"])
        yield largest(said["breaks"], said["grain"], sum(row["breaks"] for row in said["causes"]))
    if said["obsolete"]:
        yield obsolete(said["obsolete"])


def headline(said: Mapping[str, Any]) -> Text:
    """What was held against what, and how it ended."""
    outcome = f"尚有 {said['open']} 处差异待处理" if said["open"] else "没有待处理的差异"
    lines = (
        f"{said['outcome']} {outcome}",
        f"run_id  {said['run_id']}",
        f"对账    {said['rows']:,} 行，{said['keys']:,} 个对账键，容差 {said['tolerance']}",
        "",
    )
    return Text("\n".join(lines), overflow="ignore", no_wrap=True)


def totals(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Ours, theirs, the difference: in all, by village (the worst of many), by category; keys by outcome."""
    headers = ["", "范围", "我方", "对方", "差额", *OUTCOMES.values(), "容差以内"]
    shown = _worst_villages(rows)
    body = [
        (
            LEVELS[row["level"]],
            {"all": "", "village": row["village_id"] or "（名册中无）", "category": row["category"]}[
                row["level"]
            ],
            row["ours"],
            row["theirs"],
            row["difference"],
            *(row[outcome] for outcome in OUTCOMES),
            row["within_tolerance"],
        )
        for row in shown
    ]
    note = "差额 = 我方 − 对方"
    left = len(rows) - len(shown)
    return grid("对账合计", headers, body, note=f"{note}；其余 {left} 个村见 --json" if left else note)


def _worst_villages(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """All rows but those of villages beyond the first, by keys that do not match; in their own order."""
    villages = [row for row in rows if row["level"] == "village"]
    worst = sorted(villages, key=lambda row: row["matched"] - row["keys"])[:MAX_VILLAGES]
    kept = {id(row) for row in worst}
    return [row for row in rows if row["level"] != "village" or id(row) in kept]


def causes(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """How many breaks have which cause, most first."""
    body = [
        (
            OUTCOMES[row["outcome"]],
            cause(row["cause"], ambiguous=row["ambiguous"]),
            STRENGTHS[row["strength"]],
            row["breaks"],
            row["open"],
            row["difference"],
        )
        for row in rows
    ]
    note = "确证：有事实，或几处差异一起表明；数额相符：只是这一处的数对得上，也可能是巧合"
    return grid("差异原因", ["结果", "原因", "把握", "处数", "待处理", "差额"], body, note=note)


def largest(rows: Sequence[Mapping[str, Any]], grain: Sequence[str], of: int) -> RenderableType:
    """The first of so many breaks, as they come."""
    key = ("village_id", "household_id", "scoring_year", *grain)
    body = [
        (
            *(row[name] if name != "scoring_year" else str(row[name]) for name in key),
            row["ours"],
            row["theirs"],
            row["difference"],
            OUTCOMES[row["outcome"]],
            cause(row["cause"], ambiguous=row["explanations"] > 1),
            STRENGTHS[row["strength"]],
            because(row["because"]),
            ACCEPTANCES[row["acceptance"]],
        )
        for row in rows
    ]
    headers = [
        *(KEY_WORDS[name] for name in key),
        "我方",
        "对方",
        "差额",
        "结果",
        "原因",
        "把握",
        "依据",
        "认可",
    ]
    left = of - len(body)
    return grid("差异明细", headers, body, note=f"其余 {left} 处见 --breaks 或 --json" if left else "")


def obsolete(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Entries of the register that no break needs any more."""
    body = [
        (str(row["line"]), row["household_id"], str(row["scoring_year"]), row["difference"]) for row in rows
    ]
    return grid("可以删去的认可", ["登记册行号", "户编号", "积分年度", "差额"], body, note="这些差异已不存在")


def cause(name: str | None, *, ambiguous: bool) -> str:
    """A cause in Chinese; where there is none, whether several would do."""
    if name is None:
        return AMBIGUOUS if ambiguous else NONE_FOUND
    return "；".join(CAUSES.get(one, one) for one in name.split(SEVERAL))


def because(text: str | None) -> str | None:
    """The events and rules behind a cause, with reasons of rejects in Chinese."""
    if text is None:
        return None
    for reason, word in REJECT_REASONS.items():
        text = text.replace(f"({reason})", f"（{word}）")
    return text


def entries(rows: Sequence[Mapping[str, Any]], grain: Sequence[str]) -> str:
    """Open breaks as TOML for the register, one entry each; who, why and until are left for a clerk."""
    open_rows = (row for row in rows if row["acceptance"] != "accepted" and row["household_id"] is not None)
    return "\n".join(_entry(row, grain) for row in open_rows)


def _entry(row: Mapping[str, Any], grain: Sequence[str]) -> str:
    why = f"{OUTCOMES[row['outcome']]}：我方 {row['ours']}，对方 {row['theirs']}"
    lines = [
        f"# {why}；{cause(row['cause'], ambiguous=row['explanations'] > 1)}",
        "[[accepted]]",
        f"household_id = {_quoted(row['household_id'])}",
        f"scoring_year = {row['scoring_year']}",
        *(f"{name} = {_quoted(row[name])}" for name in grain),
        f"difference = {row['difference']}",
        'who = ""      # 认可人',
        'why = ""      # 理由',
        "until =       # 有效期至，如 2026-12-31",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text as TOML writes it; signs that no TOML may hold are escaped."""
    inner = "".join(
        f"\\{sign}" if sign in '\\"' else sign if sign.isprintable() else f"\\U{ord(sign):08X}"
        for sign in text
    )
    return f'"{inner}"'
