"""What the report says, in both languages, by key: `{}` takes figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

SAID = {
    "title": Sentence("Report of a points run", "积分运行报告"),
    "of_run": Sentence("as of {as_of}, run {run_id}, {made_by}", "截至 {as_of}，运行 {run_id}，{made_by}"),
    "no_names": Sentence(
        "Sums only: nothing here is of one household.", "本页只有合计，没有任何一户的信息。"
    ),
    "households": Sentence("households enrolled", "在册户数"),
    "villages": Sentence("villages", "村"),
    "points_year": Sentence("net points of {year}", "{year} 年度净积分"),
    "earning_share": Sentence("households earning in {quarter}", "{quarter} 得分户占比"),
    "lines": Sentence("ledger lines", "台账笔数"),
    "reject_share": Sentence("rejected of {rows} rows", "退回率（{rows} 行）"),
    "points": Sentence("Points by month", "各月积分"),
    "points_note": Sentence(
        "The last {months} months, by the day of accrual; awards above the line, deductions and reversals "
        "below.",
        "近 {months} 个月，按计分日；线上是得分，线下是扣分和收回。",
    ),
    "lost": Sentence("deducted and taken back", "扣分和收回"),
    "others": Sentence("other categories", "其他类别"),
    "caps": Sentence("How far caps bite", "上限的作用"),
    "caps_note": Sentence(
        "Of the points due in {year}: what counted, what a cap took, what other rules (tiers, repeats, "
        "forfeitures) took.",
        "{year} 年度应计的分中，记入、被上限挡住、因其他规则（就高、重复、不得分）没有记入的各有多少。",
    ),
    "given": Sentence("counted", "记入"),
    "capped": Sentence("taken by a cap", "被上限挡住"),
    "otherwise": Sentence("taken by other rules", "其他规则"),
    "items_capped": Sentence("Items of which caps take most", "被上限挡住最多的事项"),
    "item": Sentence("item", "积分事项"),
    "item_households": Sentence("households", "有此项的户"),
    "hit": Sentence("at its cap", "触及上限的户"),
    "hit_share": Sentence("share", "占比"),
    "no_caps": Sentence("No household is at a cap.", "没有一户触及上限。"),
    "dispositions": Sentence("What lines came to", "台账构成"),
    "disposition": Sentence("disposition", "处理"),
    "count": Sentence("lines", "笔数"),
    "sum": Sentence("points", "分数"),
    "distribution": Sentence("Net points", "净积分分布"),
    "distribution_note": Sentence(
        "The {households} ranked households of {year}: net points across, households up; dashed lines are "
        "the lowest household of each grade.",
        "{year} 年度排名的 {households} 户；横轴是净积分，竖轴是户数，虚线是各等级最低的一户。",
    ),
    "grade": Sentence("grade", "等级"),
    "cut": Sentence("lowest net points", "最低净积分"),
    "graded": Sentence("households", "户数"),
    "no_ranks": Sentence("No household is ranked yet.", "还没有排名的户。"),
    "rejects": Sentence("Rejects", "退回"),
    "no_rejects": Sentence("No row was rejected.", "没有一行被退回。"),
    "reason": Sentence("reason", "原因"),
    "village": Sentence("village", "村"),
    "town": Sentence("town", "镇"),
    "nowhere": Sentence("of no known village", "不知属于哪个村"),
    "all": Sentence("all", "合计"),
    "rejects_by_village": Sentence("Villages with most rejects", "退回最多的村"),
    "more_villages": Sentence(
        "{left} more villages are not listed; the sum has them.",
        "另有 {left} 个村未列出，已计入合计。",
    ),
    "coverage": Sentence("Participation and coverage", "参与和覆盖"),
    "map_note": Sentence(
        "{quarter}: a tile is a village, the darker the larger the share of enrolled households that earned; "
        "empty ones have nobody enrolled. Who earned and left within the quarter counts, up to 100%.",
        "{quarter}：一格一个村，颜色越深，得分户占在册户的比例越高；空格是没有在册户的村。"
        "得分户里有季内退出的户，占比最多计 100%。",
    ),
    "map_bundled": Sentence(
        "More than {most} villages: a tile is a town.",
        "村多于 {most} 个，图上按镇汇总，一格一个镇。",
    ),
    "trend": Sentence("Quarter by quarter", "历季"),
    "trend_earning": Sentence("earning of enrolled", "得分户占在册户"),
    "trend_active": Sentence("active of enrolled", "有认定事项的户占在册户"),
    "trend_coverage": Sentence("enrolled of all", "在册户占总户数"),
    "enrolled": Sentence("enrolled", "在册户"),
    "total": Sentence("all households", "总户数"),
    "coverage_share": Sentence("coverage", "覆盖率"),
    "earning": Sentence("earning", "得分户"),
    "active": Sentence("active", "有认定事项的户"),
    "participation": Sentence("participation", "参与度"),
    "changes": Sentence("Against the run before", "与上次运行相比"),
    "changes_note": Sentence(
        "The run before is {run_id}, as of {as_of}.",
        "上次运行 {run_id}，截至 {as_of}。",
    ),
    "no_before": Sentence(
        "There was no run before, or it is no longer kept.",
        "没有上一次运行，或已不再保留，无从比较。",
    ),
    "nothing_changed": Sentence("No net points and no rank changed.", "没有一户的净积分或名次改变。"),
    "year": Sentence("year", "年度"),
    "gaining": Sentence("gaining", "增分户"),
    "up": Sentence("up", "增加"),
    "losing": Sentence("losing", "减分户"),
    "down": Sentence("down", "减少"),
    "ranks": Sentence("ranks changed", "名次改变"),
    "assessment": Sentence("Yearly assessment", "年度评估"),
    "assessment_note": Sentence(
        "Scoring year {year}. The target is every administrative village, as --villages lists them; "
        "participation is the share of enrolled households with an award in the year.",
        "{year} 年度。目标是全部行政村实行积分制：村数以村名单（--villages）为准；"
        "参与度是全年得过分的户占在册户的比例。",
    ),
    "no_list": Sentence(
        "No list of villages was given (--villages): only those of the register are known, which says "
        "nothing of coverage.",
        "没有给出村名单（--villages），村数只是名册里有的村，不能说明覆盖。",
    ),
    "villages_all": Sentence("villages", "行政村"),
    "villages_on": Sentence("with points", "已实行"),
    "village_share": Sentence("coverage", "村覆盖率"),
    "household_share": Sentence("of households", "户覆盖率"),
    "aware": Sentence("awareness", "知晓度"),
    "satisfied": Sentence("satisfaction", "满意度"),
    "no_surveys": Sentence(
        "Awareness and satisfaction take surveys: give with --surveys how many were asked in each village, "
        "how many know, how many are satisfied.",
        "知晓度、满意度要问卷才知道：用 --surveys 给出各村问了多少人、多少人知晓、多少人满意。",
    ),
    "surveyed": Sentence(
        "{asked} villagers of {villages} village(s) were asked.",
        "问卷 {asked} 人，{villages} 个村。",
    ),
    "surveys_elsewhere": Sentence(
        "{left} village(s) of the surveys are none of these, and not counted.",
        "问卷里有 {left} 个村不在其列，没有计入。",
    ),
    "behind": Sentence("Villages without points yet: {named}", "尚未实行的村：{named}"),
}


class Words:
    """What is said in one language, with the names of places."""

    def __init__(self, language: str, names: dict[str, str]) -> None:
        """`names` are those of towns and villages by id."""
        self.language, self.names = language, names

    def __call__(self, key: str, **figures: object) -> str:
        """The words for a key."""
        return SAID[key].here(self.language).format(**figures)

    def place(self, id_: str | None) -> str:
        """A town or village by its name, else its id."""
        return self("nowhere") if id_ is None else self.names.get(id_, id_)

    def quarter(self, name: str) -> str:
        """A quarter as people read it."""
        if not name:
            return ""
        year, _, number = name.partition("Q")
        return f"{year}年{number}季度" if self.language == "zh" else f"{year} Q{number}"

    def word(self, name: str, spoken: Mapping[str, Sentence]) -> str:
        """A term of the scheme; one that this program does not know stays as it is."""
        return spoken[name].here(self.language) if name in spoken else name
