"""What `verify` says to people: how it ended, every fault with its file and its remedy, and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.notices.words import printable, quarter
from jifen_batch.sentence import Sentence, alike, joined, lines, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.grid import Part

RESTORE_QUARTER = Sentence("restore the folder of that quarter from the backup", "从备份恢复该季度的文件夹")
RESTORE_RUN = Sentence(
    "restore that run from the backup; where there is none, move it and current away, and run again",
    "从备份恢复该次运行；没有备份则移走它和 current，再执行 run",
)
RESTORE = {
    "announced": RESTORE_QUARTER,
    "runs": RESTORE_RUN,
    "refused": Sentence(
        "restore it from the backup; where there is none, move the folder away, and run again",
        "从备份恢复；没有备份则移走该文件夹，再执行 run",
    ),
}
KINDS = {
    "missing": Sentence("the file is missing", "文件缺失"),
    "added": Sentence("one file more than the manifest lists", "多出的文件，清单中没有"),
    "link": Sentence("no plain file, but a link", "不是普通文件，而是链接"),
    "changed": Sentence(
        "its content has changed: the digest is not the manifest's", "内容已变，摘要与清单不符"
    ),
    "unreadable": Sentence("cannot be read ({error})", "无法读取（{error}）"),
    "manifest_missing": Sentence("the manifest is missing", "清单缺失"),
    "manifest_damaged": Sentence("the manifest is damaged and cannot be read", "清单已损坏，无法读取"),
    "manifest_changed": Sentence(
        "the manifest has changed: it is not what its own digest says", "清单已变：与自身的摘要不符"
    ),
    "damaged": Sentence("cannot be read: no sound Parquet file", "无法读取：不是完好的 Parquet 文件"),
    "too_large": Sentence("a row group larger than this program writes", "行组超出本程序会写出的大小"),
    "columns": Sentence("other columns than agreed: {columns}", "列与约定不符：{columns}"),
    "schema_version": Sentence("another schema_version", "schema_version 不符"),
    "empty": Sentence("nulls in columns that have none: {columns}", "不应为空的列有空值：{columns}"),
    "rows": Sentence(
        "other rows than the manifest says ({rows:,} now, {was:,} there)",
        "行数与清单不符（现 {rows:,} 行，清单 {was:,} 行）",
    ),
    "order": Sentence("out of order: {rows:,} row(s)", "排序有误：{rows:,} 行"),
    "twice": Sentence("a key twice: {rows:,} row(s)", "主键重复：{rows:,} 行"),
    "run_id": Sentence(
        "the run_id is not that of its content (manifest {said}, computed {computed})",
        "run_id 与内容不符（清单 {said}，应为 {computed}）",
    ),
    "control_totals": Sentence("lines and points in all are not the ledger's", "笔数、分数合计与台账不符"),
    "accounting": Sentence("the row accounting is not what the tables come to", "行数去向与各表不符"),
    "events": Sentence(
        "the events by village and year are not what the tables come to", "各村各年事项数与各表不符"
    ),
    "lines": Sentence("lines that contradict themselves: {rows:,}", "记分自相矛盾：{rows:,} 笔"),
    "balances": Sentence(
        "not what the ledger adds up to: {rows:,} row(s), the first {first}",
        "与台账合计不符：{rows:,} 行，首行 {first}",
    ),
    "announcements": Sentence(
        "not what the ledger adds up to by quarter: {rows:,} row(s), the first {first}",
        "与台账按季合计不符：{rows:,} 行，首行 {first}",
    ),
    "standings": Sentence(
        "wrong net points or ranks: {rows:,} row(s), the first {first}",
        "净分或名次不符：{rows:,} 行，首行 {first}",
    ),
    "participation": Sentence(
        "participation is not what the tables come to: {rows:,} row(s), the first {first}",
        "参与度与各表不符：{rows:,} 行，首行 {first}",
    ),
    "items": Sentence(
        "not what the rule books say: {rows:,} row(s), the first {first}",
        "与细则不符：{rows:,} 行，首行 {first}",
    ),
    "rules": Sentence(
        "the rule books cannot be read, or are not those of the manifest", "细则读不出，或与清单所记不符"
    ),
    "wallets": Sentence(
        "wallets do not add up, or not to the manifest's sums", "积分账户收支不平，或与清单合计不符"
    ),
    "seen": Sentence(
        "missing or changed: not the announcement that was there when run {run_id} was published",
        "缺失或已变：与运行 {run_id} 发布时公告的不同",
    ),
    "chain": Sentence(
        "missing or changed: not what it was when {quarter} was announced",
        "缺失或已变：与公告 {quarter} 时不同",
    ),
    "misplaced": Sentence("another quarter or as-of date than where it lies", "季度或截止日期与所在位置不符"),
    "announcement": Sentence(
        "not what lines and corrections add up to: {rows:,} row(s), the first {first}",
        "与记分、更正合计不符：{rows:,} 行，首行 {first}",
    ),
    "announced_totals": Sentence("the manifest's sums are not the tables'", "清单合计与各表不符"),
    "hung": Sentence(
        "lines or corrections that are not of this quarter: {rows:,}", "记分或更正不属于本季：{rows:,} 处"
    ),
    "current": Sentence("does not name a complete run", "没有指向一次完整的运行"),
    "behind": Sentence(
        "does not name the run that was published last ({run_id})", "指向的不是最近发布的运行（{run_id}）"
    ),
}
REMARKS = {
    "left_over": Sentence(
        "a scratch folder of a command that was stopped, or is still writing",
        "中断的命令留下的临时文件夹，或正在写入",
    ),
    "not_ours": Sentence("no file of this program, not checked", "不是本程序的文件，未核对"),
    "not_switched": Sentence(
        "the last run ({run_id}) is written, and not yet current", "最近的运行（{run_id}）已写好，尚未切换"
    ),
    "other_code": Sentence(
        "made by another version of the program ({made_by}): ranks, participation and items were not worked "
        "out again by this one ({now})",
        "由另一版程序（{made_by}）算出，名次、参与情况和细则未按本程序（{now}）复算",
    ),
}
REMEDIES = {
    "current": Sentence("move current away, and run again", "移走 current，再执行 run"),
    "behind": Sentence(
        "run again; where it was restored from a backup, keep the times of the folders",
        "再执行 run；若是从备份恢复的，保留文件夹的时间",
    ),
    "not_switched": Sentence("nothing: the next run switches", "无须处理：下次 run 会切换"),
    "other_code": Sentence(
        "nothing: run again, and this program works it out", "无须处理：再执行 run，即按本程序重算"
    ),
    "unreadable": Sentence("look at permissions and the disk", "检查权限和磁盘"),
    "added": Sentence("move it away", "移走它"),
    "left_over": Sentence(
        "nothing: the next run or announce clears it away", "无须处理：下次 run 或 announce 会清除"
    ),
    "not_ours": Sentence("nothing", "无须处理"),
}
OUTCOMES = {
    "clean": Sentence("all is as it was published", "核对无误"),
    "damaged": Sentence("{count:,} fault(s) found", "发现 {count:,} 处问题"),
}
ADDED_UP = {
    "all": NOTHING,
    "part": Sentence(", added up only in part", "，只核对了部分合计"),
    "none": Sentence(", not added up", "，未核对合计"),
}
FILE = Sentence("file", "文件")
HEADERS = (FILE, Sentence("what is wrong", "说明"), Sentence("what to do", "处理"))
MIB = 1 << 20


def told(kind: str, file: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as a document: `kind`, `file`, `problem` and `remedy` as sentences."""
    said = (KINDS | REMARKS)[kind]
    problem = Sentence(said.en.format_map(_shown(figures, "en")), said.zh.format_map(_shown(figures, "zh")))
    return {"kind": kind, "file": file, "problem": problem, "remedy": _remedy(kind, file)}


def _shown(figures: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Figures as a sentence of one language shows them."""
    said = settled(dict(figures), language)
    return {name: printable(value) if isinstance(value, str) else value for name, value in said.items()}


def _remedy(kind: str, file: str) -> Sentence:
    """What to do: a quarter cannot be made again, a run can."""
    if kind in REMEDIES:
        return REMEDIES[kind]
    return RESTORE[file.split("/", maxsplit=1)[0]]


def paper(told: Mapping[str, Any]) -> Sentence:
    """Which announcement a paper with a code is of."""
    code = told["code"]
    if told["quarter"] is None:
        return Sentence(
            f"code {code}: there is no such announcement, the paper is not of these files",
            f"核对码 {code}：没有这样的公告，纸与文件对不上",
        )
    state, of = Sentence("in force", "现在有效"), quarter(told["quarter"])
    if told["state"] == "withdrawn":
        state = Sentence("withdrawn", "已撤回")
    return Sentence(
        f"code {code}: the announcement of {of.en}, {state.en}", f"核对码 {code}：{of.zh}公告，{state.zh}"
    )


def parts(said: Mapping[str, Any]) -> Iterator[Part]:
    """The report: `said` is the document of the command."""
    count = len(said["findings"])
    outcome = Sentence(*(one.format(count=count) for one in OUTCOMES[said["outcome"]]))
    looked = (
        (Sentence("quarter", "公告    "), said["quarters"]),
        (Sentence("run    ", "运行    "), said["runs"]),
        (Sentence("refused", "退回    "), said["refused"]),
    )
    told = [joined([what, _looked(one)], Sentence(" ", "")) for what, of in looked for one in of]
    yield Lines(lines([joined([said["outcome"], outcome], alike(" ")), *told, ""]))
    titles = (Sentence("Faults", "问题"), Sentence("Remarks", "备注"))
    for title, found in zip(titles, (said["findings"], said["remarks"]), strict=True):
        if found:
            body = [(one["file"], one["problem"], one["remedy"]) for one in found]
            yield Grid(title, HEADERS, body, whole={FILE})


def _looked(one: Mapping[str, Any]) -> Sentence:
    """How much of a run or a quarter was looked at."""
    faults = Sentence("no fault", "无误")
    if one["findings"]:
        faults = Sentence(f"{one['findings']:,} fault(s)", f"{one['findings']:,} 处问题")
    further, name, size = ADDED_UP[one["added_up"]], f"{one['name']:<16}", f"{one['bytes'] / MIB:,.1f} MiB"
    by = printable(one["made_by"]) if one["made_by"] else ""
    files, rows = f"{one['files']:,}", f"{one['rows']:,}"
    return Sentence(
        f"{name}  {files} file(s), {size}, {rows} row(s), {faults.en}{further.en}{by and f', {by}'}",
        f"{name}  {files} 个文件，{size}，{rows} 行，{faults.zh}{further.zh}{by and f'，{by}'}",
    )
