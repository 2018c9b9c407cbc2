"""What the report says, in both languages, by key: `{}` takes figures."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


SAID = {
    "title": Said("积分运行报告", "Report of a points run"),
    "of_run": Said("截至 {as_of}，运行 {run_id}，{made_by}", "as of {as_of}, run {run_id}, {made_by}"),
    "no_names": Said("本页只有合计，没有任何一户的信息。", "Sums only: nothing here is of one household."),
    "households": Said("在册户数", "households enrolled"),
    "villages": Said("村", "villages"),
    "points_year": Said("{year} 年度净积分", "net points of {year}"),
    "earning_share": Said("{quarter} 得分户占比", "households earning in {quarter}"),
    "lines": Said("台账笔数", "ledger lines"),
    "reject_share": Said("退回率（{rows} 行）", "rejected of {rows} rows"),
    "points": Said("各月积分", "Points by month"),
    "points_note": Said(
        "近 {months} 个月，按计分日；线上是得分，线下是扣分和收回。",
        "The last {months} months, by the day of accrual; awards above the line, deductions and reversals "
        "below.",
    ),
    "lost": Said("扣分和收回", "deducted and taken back"),
    "others": Said("其他类别", "other categories"),
    "caps": Said("上限的作用", "How far caps bite"),
    "caps_note": Said(
        "{year} 年度应计的分中，记入、被上限挡住、因其他规则（就高、重复、不得分）没有记入的各有多少。",
        "Of the points due in {year}: what counted, what a cap took, what other rules (tiers, repeats, "
        "forfeitures) took.",
    ),
    "given": Said("记入", "counted"),
    "capped": Said("被上限挡住", "taken by a cap"),
    "otherwise": Said("其他规则", "taken by other rules"),
    "items_capped": Said("被上限挡住最多的事项", "Items of which caps take most"),
    "item": Said("积分事项", "item"),
    "item_households": Said("有此项的户", "households"),
    "hit": Said("触及上限的户", "at its cap"),
    "hit_share": Said("占比", "share"),
    "no_caps": Said("没有一户触及上限。", "No household is at a cap."),
    "dispositions": Said("台账构成", "What lines came to"),
    "disposition": Said("处理", "disposition"),
    "count": Said("笔数", "lines"),
    "sum": Said("分数", "points"),
    "distribution": Said("净积分分布", "Net points"),
    "distribution_note": Said(
        "{year} 年度排名的 {households} 户；横轴是净积分，竖轴是户数，虚线是各等级最低的一户。",
        "The {households} ranked households of {year}: net points across, households up; dashed lines are "
        "the lowest household of each grade.",
    ),
    "grade": Said("等级", "grade"),
    "cut": Said("最低净积分", "lowest net points"),
    "graded": Said("户数", "households"),
    "no_ranks": Said("还没有排名的户。", "No household is ranked yet."),
    "rejects": Said("退回", "Rejects"),
    "no_rejects": Said("没有一行被退回。", "No row was rejected."),
    "reason": Said("原因", "reason"),
    "village": Said("村", "village"),
    "town": Said("镇", "town"),
    "nowhere": Said("不知属于哪个村", "of no known village"),
    "all": Said("合计", "all"),
    "rejects_by_village": Said("退回最多的村", "Villages with most rejects"),
    "more_villages": Said(
        "另有 {left} 个村未列出，已计入合计。",
        "{left} more villages are not listed; the sum has them.",
    ),
    "coverage": Said("参与和覆盖", "Participation and coverage"),
    "map_note": Said(
        "{quarter}：一格一个村，颜色越深，得分户占在册户的比例越高；空格是没有在册户的村。"
        "得分户里有季内退出的户，占比最多计 100%。",
        "{quarter}: a tile is a village, the darker the larger the share of enrolled households that earned; "
        "empty ones have nobody enrolled. Who earned and left within the quarter counts, up to 100%.",
    ),
    "map_bundled": Said(
        "村多于 {most} 个，图上按镇汇总，一格一个镇。",
        "More than {most} villages: a tile is a town.",
    ),
    "trend": Said("历季", "Quarter by quarter"),
    "trend_earning": Said("得分户占在册户", "earning of enrolled"),
    "trend_active": Said("有认定事项的户占在册户", "active of enrolled"),
    "trend_coverage": Said("在册户占总户数", "enrolled of all"),
    "enrolled": Said("在册户", "enrolled"),
    "total": Said("总户数", "all households"),
    "coverage_share": Said("覆盖率", "coverage"),
    "earning": Said("得分户", "earning"),
    "active": Said("有认定事项的户", "active"),
    "participation": Said("参与度", "participation"),
    "changes": Said("与上次运行相比", "Against the run before"),
    "changes_note": Said(
        "上次运行 {run_id}，截至 {as_of}。",
        "The run before is {run_id}, as of {as_of}.",
    ),
    "no_before": Said(
        "没有上一次运行，或已不再保留，无从比较。",
        "There was no run before, or it is no longer kept.",
    ),
    "nothing_changed": Said("没有一户的净积分或名次改变。", "No net points and no rank changed."),
    "year": Said("年度", "year"),
    "gaining": Said("增分户", "gaining"),
    "up": Said("增加", "up"),
    "losing": Said("减分户", "losing"),
    "down": Said("减少", "down"),
    "ranks": Said("名次改变", "ranks changed"),
    "assessment": Said("年度评估", "Yearly assessment"),
    "assessment_note": Said(
        "{year} 年度。目标是全部行政村实行积分制：村数以村名单（--villages）为准；"
        "参与度是全年得过分的户占在册户的比例。",
        "Scoring year {year}. The target is every administrative village, as --villages lists them; "
        "participation is the share of enrolled households with an award in the year.",
    ),
    "no_list": Said(
        "没有给出村名单（--villages），村数只是名册里有的村，不能说明覆盖。",
        "No list of villages was given (--villages): only those of the register are known, which says "
        "nothing of coverage.",
    ),
    "villages_all": Said("行政村", "villages"),
    "villages_on": Said("已实行", "with points"),
    "village_share": Said("村覆盖率", "coverage"),
    "household_share": Said("户覆盖率", "of households"),
    "aware": Said("知晓度", "awareness"),
    "satisfied": Said("满意度", "satisfaction"),
    "no_surveys": Said(
        "知晓度、满意度要问卷才知道：用 --surveys 给出各村问了多少人、多少人知晓、多少人满意。",
        "Awareness and satisfaction take surveys: give with --surveys how many were asked in each village, "
        "how many know, how many are satisfied.",
    ),
    "surveyed": Said(
        "问卷 {asked} 人，{villages} 个村。",
        "{asked} villagers of {villages} village(s) were asked.",
    ),
    "surveys_elsewhere": Said(
        "问卷里有 {left} 个村不在其列，没有计入。",
        "{left} village(s) of the surveys are none of these, and not counted.",
    ),
    "behind": Said("尚未实行的村：{named}", "Villages without points yet: {named}"),
}


class Words:
    """What is said in one language, with the names of places."""

    def __init__(self, language: str, names: dict[str, str]) -> None:
        """`names` are those of towns and villages by id."""
        self.language, self.names = language, names

    def __call__(self, key: str, **figures: object) -> str:
        """The words for a key."""
        said = SAID[key]
        return (said.zh if self.language == "zh" else said.en).format(**figures)

    def place(self, id_: str | None) -> str:
        """A town or village by its name, else its id."""
        return self("nowhere") if id_ is None else self.names.get(id_, id_)

    def quarter(self, name: str) -> str:
        """A quarter as people read it."""
        if not name:
            return ""
        year, _, number = name.partition("Q")
        return f"{year}年{number}季度" if self.language == "zh" else f"{year} Q{number}"

    def word(self, name: str, chinese: dict[str, str]) -> str:
        """A term of the scheme."""
        return chinese.get(name, name) if self.language == "zh" else name.replace("_", " ")
