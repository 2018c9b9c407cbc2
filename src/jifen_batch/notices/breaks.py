"""What reconciliation says to people: totals, breaks by cause, the largest of them, what to accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.scheme import causes as known
from jifen_batch.scheme import outcomes
from jifen_batch.scheme.word import in_words, spoken
from jifen_batch.sentence import THEN, Sentence, alike, joined, lines
from jifen_batch.signs import as_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.notices.grid import Part

OUTCOMES = spoken(outcomes.KEY_OUTCOMES)
CAUSES = spoken(known.BREAK_CAUSES)
ACCEPTANCES: dict[str | None, Sentence] = {
    **{one.name: one.said for one in outcomes.ACCEPTANCES},
    None: Sentence("open", outcomes.OPEN.zh),
}
STRENGTHS: dict[str | None, Sentence] = {**{one.name: one.said for one in known.STRENGTHS}, None: NOTHING}
LEVELS = {
    "all": Sentence("all", "合计"),
    "village": Sentence("village", "村"),
    "category": Sentence("category", "类别"),
}
ITEM = Sentence("item", "事项")
SEVERAL = "+"
MAX_VILLAGES = 40
# Where a cause could not be told although several fit.
AMBIGUOUS = Sentence("several causes fit", "多种原因都说得通")
NONE_FOUND = Sentence("cause unknown", "原因不明")
NO_VILLAGE = Sentence("(not in the register)", "（名册中无）")
OURS, THEIRS, DIFFERENCE = (
    Sentence("ours", "我方"),
    Sentence("theirs", "对方"),
    Sentence("difference", "差额"),
)
OUTCOME, CAUSE, STRENGTH = (
    Sentence("outcome", "结果"),
    Sentence("cause", "原因"),
    Sentence("how sure", "把握"),
)
# What nobody but a clerk can write into an entry of the register.
LEFT_OPEN = Sentence(
    'who = ""      # who accepts it\nwhy = ""      # why\nuntil =       # accepted until, as 2026-12-31',
    'who = ""      # 认可人\nwhy = ""      # 理由\nuntil =       # 有效期至，如 2026-12-31',
)


def parts(said: Mapping[str, Any]) -> Iterator[Part]:
    """The report of a reconciliation: `said` is its JSON document, with the first breaks only."""
    yield headline(said)
    yield totals(said["totals"])
    if said["causes"]:
        yield causes(said["causes"])
        yield largest(said["breaks"], said["grain"], sum(row["breaks"] for row in said["causes"]))
    if said["obsolete"]:
        yield obsolete(said["obsolete"])


def headline(said: Mapping[str, Any]) -> Part:
    """What was held against what, and how it ended."""
    rows, keys, tolerance = said["rows"], said["keys"], said["tolerance"]
    outcome = Sentence("no breaks are open", "没有待处理的差异")
    if said["open"]:
        outcome = Sentence(f"{said['open']} break(s) open", f"尚有 {said['open']} 处差异待处理")
    held = (
        joined([said["outcome"], outcome], alike(" ")),
        f"run_id  {said['run_id']}",
        Sentence(
            f"held    {rows:,} row(s), {keys:,} key(s), tolerance {tolerance}",
            f"对账    {rows:,} 行，{keys:,} 个对账键，容差 {tolerance}",
        ),
        "",
    )
    return Lines(lines(held), folded=False)


def totals(rows: Sequence[Mapping[str, Any]]) -> Part:
    """Ours, theirs, the difference: in all, by village (the worst of many), by category; keys by outcome."""
    headers = [NOTHING, Sentence("of", "范围"), OURS, THEIRS, DIFFERENCE, *OUTCOMES.values()]
    headers.append(Sentence("within tolerance", "容差以内"))
    shown = _worst_villages(rows)
    body = [
        (
            LEVELS[row["level"]],
            {"all": "", "village": row["village_id"] or NO_VILLAGE, "category": row["category"]}[
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
    note = Sentence("difference = ours − theirs", "差额 = 我方 − 对方")
    if left := len(rows) - len(shown):
        further = Sentence(f"{left} more villages: see --json", f"其余 {left} 个村见 --json")
        note = joined([note, further], THEN)
    return Grid(Sentence("Totals held against each other", "对账合计"), headers, body, note=note)


def _worst_villages(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """All rows but those of villages beyond the first, by keys that do not match; in their own order."""
    villages = [row for row in rows if row["level"] == "village"]
    worst = sorted(villages, key=lambda row: row["matched"] - row["keys"])[:MAX_VILLAGES]
    kept = {id(row) for row in worst}
    return [row for row in rows if row["level"] != "village" or id(row) in kept]


def causes(rows: Sequence[Mapping[str, Any]]) -> Part:
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
    note = Sentence(
        "proved: a fact or several breaks show it; fits: it comes to this sum, which may be chance",
        "确证：有事实，或几处差异一起表明；数额相符：只是这一处的数对得上，也可能是巧合",
    )
    headers = [OUTCOME, CAUSE, STRENGTH, Sentence("breaks", "处数"), Sentence("open", "待处理"), DIFFERENCE]
    return Grid(Sentence("Why they differ", "差异原因"), headers, body, note=note)


def largest(rows: Sequence[Mapping[str, Any]], grain: Sequence[str], of: int) -> Part:
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
        *(ITEM if name == "item" else words.column(name) for name in key),
        *(OURS, THEIRS, DIFFERENCE, OUTCOME, CAUSE, STRENGTH),
        Sentence("because of", "依据"),
        Sentence("acceptance", "认可"),
    ]
    left = of - len(body)
    note = Sentence(f"{left} more: see --breaks or --json", f"其余 {left} 处见 --breaks 或 --json")
    return Grid(Sentence("Breaks", "差异明细"), headers, body, note=note if left else NOTHING)


def obsolete(rows: Sequence[Mapping[str, Any]]) -> Part:
    """Entries of the register that no break needs any more."""
    body = [
        (str(row["line"]), row["household_id"], str(row["scoring_year"]), row["difference"]) for row in rows
    ]
    headers = [
        Sentence("line of the register", "登记册行号"),
        *map(words.column, ("household_id", "scoring_year")),
        DIFFERENCE,
    ]
    return Grid(
        Sentence("Acceptances that can be deleted", "可以删去的认可"),
        headers,
        body,
        note=Sentence("there is no such break any more", "这些差异已不存在"),
    )


def cause(name: str | None, *, ambiguous: bool) -> Sentence:
    """A cause in words; where there is none, whether several would do."""
    if name is None:
        return AMBIGUOUS if ambiguous else NONE_FOUND
    return joined((CAUSES.get(one, in_words(one, one)) for one in name.split(SEVERAL)), THEN)


def because(text: str | None) -> Sentence | None:
    """The events and rules behind a cause, with reasons of rejects in words."""
    if text is None:
        return None
    said = alike(text)
    for reason, word in words.REJECT_REASONS.items():
        given = f"({reason})"
        said = Sentence(said.en.replace(given, f"({word.en})"), said.zh.replace(given, f"（{word.zh}）"))
    return said


def entries(rows: Sequence[Mapping[str, Any]], grain: Sequence[str]) -> Sentence:
    """Open breaks as TOML for the register, one entry each; who, why and until are left for a clerk."""
    open_rows = (row for row in rows if row["acceptance"] != "accepted" and row["household_id"] is not None)
    return lines(_entry(row, grain) for row in open_rows)


def _entry(row: Mapping[str, Any], grain: Sequence[str]) -> Sentence:
    outcome, ours, theirs = OUTCOMES[row["outcome"]], row["ours"], row["theirs"]
    why = Sentence(
        f"# {outcome.en}: ours {ours}, theirs {theirs}", f"# {outcome.zh}：我方 {ours}，对方 {theirs}"
    )
    return lines(
        [
            joined([why, cause(row["cause"], ambiguous=row["explanations"] > 1)], THEN),
            "[[accepted]]",
            f"household_id = {as_toml(row['household_id'])}",
            f"scoring_year = {row['scoring_year']}",
            *(f"{name} = {as_toml(row[name])}" for name in grain),
            f"difference = {row['difference']}",
            LEFT_OPEN,
            "",
        ]
    )
