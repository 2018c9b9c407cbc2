"""积分换物: what households can still spend, and what they spent that was taken back since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.grid import grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

TERMS = {
    "announced": "已公告净积分",
    "not_spendable": "其中不得兑换",
    "lapsed": "过期失效",
    "spent": "已兑换",
    "available": "可用积分",
    "taken_back": "兑换后被收回，待决定",
    "uncovered": "超出已公告积分的兑换",
    "below_zero": "扣分多于得分（未兑换）",
}
BALANCE = "已公告净积分 − 不得兑换 − 过期失效 − 已兑换 = 可用积分 − 后三项之和。\n以后公告的积分先补足所欠。"


def parts(wallets: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The totals of all wallets, and the list for people to decide on, where it has anybody."""
    yield totals(wallets)
    if wallets["most_taken_back"]:
        yield taken_back(wallets)


def totals(wallets: Mapping[str, Any]) -> RenderableType:
    """Households and points of each kind, and the quarters that they rest on."""
    quarters = [announced["quarter"] for announced in wallets["quarters"]]
    based = f"{quarters[0]} 至 {quarters[-1]}" if quarters else "尚无已公告的季度"
    households, points = wallets["households"], wallets["points"]
    rows = [(word, name, households[name], points[name]) for name, word in TERMS.items()]
    title = f"积分换物（{households['all']:,}户，依据公告：{based}）"
    return grid(title, ["科目", "term", "户数", "分数"], rows, note=BALANCE)


def taken_back(wallets: Mapping[str, Any]) -> RenderableType:
    """Who spent points that were taken back since: which announcement took how many."""
    most = wallets["most_taken_back"]
    rows = [
        (
            words.printable(one["village_id"]),
            one["household_id"],
            one["announced"],
            one["spent"],
            one["taken_back"],
            "；".join(
                f"{words.quarter(quarter)}公告收回 {points:,}"
                for quarter, points in one["by_quarter"].items()
            ),
        )
        for one in most
    ]
    households = wallets["households"]["taken_back"]
    left_out = f"，另有 {households - len(most):,} 户见 wallets/" if households > len(most) else ""
    return grid(
        f"兑换后被收回的积分（{households:,}户，请村里商定如何处理）",
        ["村", "户编号", "已公告净积分", "已兑换", "待决定", "哪次公告收回"],
        rows,
        note=f"按收回多少排列{left_out}",
    )
