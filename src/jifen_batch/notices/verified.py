"""What `verify` says to people: how it ended, every fault with its file and its remedy, and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import printable, quarter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

RESTORE_QUARTER = "从备份恢复该季度的文件夹"
RESTORE_RUN = "从备份恢复该次运行；没有备份则移走它和 current，再执行 run"
RESTORE = {
    "announced": RESTORE_QUARTER,
    "runs": RESTORE_RUN,
    "refused": "从备份恢复；没有备份则移走该文件夹，再执行 run",
}
KINDS = {
    "missing": "文件缺失",
    "added": "多出的文件，清单中没有",
    "link": "不是普通文件，而是链接",
    "changed": "内容已变，摘要与清单不符",
    "unreadable": "无法读取（{error}）",
    "manifest_missing": "清单缺失",
    "manifest_damaged": "清单已损坏，无法读取",
    "manifest_changed": "清单已变：与自身的摘要不符",
    "damaged": "无法读取：不是完好的 Parquet 文件",
    "too_large": "行组超出本程序会写出的大小",
    "columns": "列与约定不符：{columns}",
    "schema_version": "schema_version 不符",
    "empty": "不应为空的列有空值：{columns}",
    "rows": "行数与清单不符（现 {rows:,} 行，清单 {was:,} 行）",
    "order": "排序有误：{rows:,} 行",
    "twice": "主键重复：{rows:,} 行",
    "run_id": "run_id 与内容不符（清单 {said}，应为 {computed}）",
    "control_totals": "笔数、分数合计与台账不符",
    "accounting": "行数去向与各表不符",
    "events": "各村各年事项数与各表不符",
    "lines": "记分自相矛盾：{rows:,} 笔",
    "balances": "与台账合计不符：{rows:,} 行，首行 {first}",
    "announcements": "与台账按季合计不符：{rows:,} 行，首行 {first}",
    "standings": "净分或名次不符：{rows:,} 行，首行 {first}",
    "participation": "参与度与各表不符：{rows:,} 行，首行 {first}",
    "items": "与细则不符：{rows:,} 行，首行 {first}",
    "rules": "细则读不出，或与清单所记不符",
    "wallets": "积分账户收支不平，或与清单合计不符",
    "seen": "缺失或已变：与运行 {run_id} 发布时公告的不同",
    "chain": "缺失或已变：与公告 {quarter} 时不同",
    "misplaced": "季度或截止日期与所在位置不符",
    "announcement": "与记分、更正合计不符：{rows:,} 行，首行 {first}",
    "announced_totals": "清单合计与各表不符",
    "hung": "记分或更正不属于本季：{rows:,} 处",
    "current": "没有指向一次完整的运行",
    "behind": "指向的不是最近发布的运行（{run_id}）",
}
REMARKS = {
    "left_over": "中断的命令留下的临时文件夹，或正在写入",
    "not_ours": "不是本程序的文件，未核对",
    "not_switched": "最近的运行（{run_id}）已写好，尚未切换",
    "other_code": "由另一版程序（{made_by}）算出，名次、参与情况和细则未按本程序（{now}）复算",
}
REMEDIES = {
    "current": "移走 current，再执行 run",
    "behind": "再执行 run；若是从备份恢复的，保留文件夹的时间",
    "not_switched": "无须处理：下次 run 会切换",
    "other_code": "无须处理：再执行 run，即按本程序重算",
    "unreadable": "检查权限和磁盘",
    "added": "移走它",
    "left_over": "无须处理：下次 run 或 announce 会清除",
    "not_ours": "无须处理",
}
OUTCOMES = {"clean": "核对无误", "damaged": "发现 {count:,} 处问题"}
ADDED_UP = {"all": "", "part": "，只核对了部分合计", "none": "，未核对合计"}
MIB = 1 << 20


def told(kind: str, file: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as a document: `kind`, `file`, `problem` and `remedy` as sentences."""
    shown = {name: printable(value) if isinstance(value, str) else value for name, value in figures.items()}
    problem = (KINDS | REMARKS)[kind].format_map(shown)
    return {"kind": kind, "file": file, "problem": problem, "remedy": _remedy(kind, file)}


def _remedy(kind: str, file: str) -> str:
    """What to do: a quarter cannot be made again, a run can."""
    if kind in REMEDIES:
        return REMEDIES[kind]
    return RESTORE[file.split("/", maxsplit=1)[0]]


def paper(told: Mapping[str, Any]) -> str:
    """Which announcement a paper with a code is of."""
    if told["quarter"] is None:
        return f"核对码 {told['code']}：没有这样的公告，纸与文件对不上"
    state = "已撤回" if told["state"] == "withdrawn" else "现在有效"
    return f"核对码 {told['code']}：{quarter(told['quarter'])}公告，{state}"


def parts(said: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The report: `said` is the JSON document of the command."""
    count = len(said["findings"])
    lines = [f"{said['outcome']} {OUTCOMES[said['outcome']].format(count=count)}"]
    lines += [f"公告    {_looked(one)}" for one in said["quarters"]]
    lines += [f"运行    {_looked(one)}" for one in said["runs"]]
    lines += [f"退回    {_looked(one)}" for one in said["refused"]]
    yield Text("\n".join([*lines, ""]), overflow="ignore", no_wrap=True)
    for title, found in (("问题", said["findings"]), ("备注", said["remarks"])):
        if found:
            body = [(one["file"], one["problem"], one["remedy"]) for one in found]
            yield grid(title, ["文件", "说明", "处理"], body, whole={"文件"})


def _looked(one: Mapping[str, Any]) -> str:
    """How much of a run or a quarter was looked at."""
    faults = f"{one['findings']:,} 处问题" if one["findings"] else "无误"
    further = ADDED_UP[one["added_up"]]
    made_by = f"，{printable(one['made_by'])}" if one["made_by"] else ""
    return (
        f"{one['name']:<16}  {one['files']:,} 个文件，{one['bytes'] / MIB:,.1f} MiB，"
        f"{one['rows']:,} 行，{faults}{further}{made_by}"
    )
