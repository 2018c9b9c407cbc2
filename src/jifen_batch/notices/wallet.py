"""积分换物: what households can still spend, and what they spent that was taken back since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.grid import Grid
from jifen_batch.sentence import THEN, Sentence, alike, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.grid import Part

TERM = alike("term")
ANNOUNCED, SPENT = Sentence("announced net", "已公告净积分"), Sentence("spent", "已兑换")
TERMS = {
    "announced": ANNOUNCED,
    "not_spendable": Sentence("of it not spendable", "其中不得兑换"),
    "lapsed": Sentence("lapsed", "过期失效"),
    "spent": SPENT,
    "available": Sentence("available", "可用积分"),
    "taken_back": Sentence("taken back after it was spent: to decide", "兑换后被收回，待决定"),
    "uncovered": Sentence("spent beyond what was announced", "超出已公告积分的兑换"),
    "below_zero": Sentence("deducted beyond what was gained (not spent)", "扣分多于得分（未兑换）"),
}
BALANCE = Sentence(
    "announced net − not spendable − lapsed − spent = available − the last three together.\n"
    "What is announced later first makes up for what is owed.",
    "已公告净积分 − 不得兑换 − 过期失效 − 已兑换 = 可用积分 − 后三项之和。\n以后公告的积分先补足所欠。",
)


def parts(wallets: Mapping[str, Any]) -> Iterator[Part]:
    """The totals of all wallets, and the list for people to decide on, where it has anybody."""
    yield totals(wallets)
    if wallets["most_taken_back"]:
        yield taken_back(wallets)


def totals(wallets: Mapping[str, Any]) -> Part:
    """Households and points of each kind, and the quarters that they rest on."""
    quarters = [announced["quarter"] for announced in wallets["quarters"]]
    based = Sentence("no quarter is announced yet", "尚无已公告的季度")
    if quarters:
        based = Sentence(f"{quarters[0]} to {quarters[-1]}", f"{quarters[0]} 至 {quarters[-1]}")
    households, points = wallets["households"], wallets["points"]
    rows = [(word, name, households[name], points[name]) for name, word in TERMS.items()]
    title = Sentence(
        f"Wallets ({households['all']:,} household(s), by the announcements: {based.en})",
        f"积分换物（{households['all']:,}户，依据公告：{based.zh}）",
    )
    headers = [Sentence("what", "科目"), TERM, Sentence("households", "户数"), Sentence("points", "分数")]
    return Grid(title, headers, rows, note=BALANCE)


def taken_back(wallets: Mapping[str, Any]) -> Part:
    """Who spent points that were taken back since: which announcement took how many."""
    most = wallets["most_taken_back"]
    rows = [
        (
            words.printable(one["village_id"]),
            one["household_id"],
            one["announced"],
            one["spent"],
            one["taken_back"],
            joined((_taken(*one_quarter) for one_quarter in one["by_quarter"].items()), THEN),
        )
        for one in most
    ]
    households = wallets["households"]["taken_back"]
    left = households - len(most)
    headers = [
        words.VILLAGE,
        words.column("household_id"),
        *(ANNOUNCED, SPENT),
        Sentence("to decide", "待决定"),
        Sentence("taken back by", "哪次公告收回"),
    ]
    title = Sentence(
        f"Points taken back after they were spent ({households:,} household(s); the village decides)",
        f"兑换后被收回的积分（{households:,}户，请村里商定如何处理）",
    )
    note = Sentence(
        f"most taken back first{f'; {left:,} more household(s) in wallets/' if left > 0 else ''}",
        f"按收回多少排列{f'，另有 {left:,} 户见 wallets/' if left > 0 else ''}",
    )
    return Grid(title, headers, rows, note=note)


def _taken(quarter: str, points: int) -> Sentence:
    """How many points an announcement took back."""
    said = words.quarter(quarter)
    return Sentence(f"{said.en}: {points:,}", f"{said.zh}公告收回 {points:,}")
