"""The shipped book against the annex of 宝乡村振兴办〔2023〕3号, both ways."""

import re
from pathlib import Path

import pytest

from jifen_batch import rules

SHIPPED = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"

# The annex as printed: row, 类别, 积分任务名称, 积分事项名称, 分值, and the cap of its 备注.
ANNEX = """
1 村民议事 村民议事 承诺积极参加村民议事 5分/月 60
2 村民议事 村民议事 村民议事出席 -5分/次 /
3 平安建设 平安建设 平安建设承诺 20分/年 /
4 平安建设 房屋租赁 无房屋出租 20分/年 /
5 平安建设 房屋租赁 租户信息登销及时准确 10分/月 240
6 平安建设 房屋租赁 遵守房屋出租规定 10分/月 240
7 平安建设 消防安全 消防器材 20分/年 40
8 平安建设 消防安全 充电设备 20分/年 40
9 平安建设 违法建筑 违法建筑 -100分/次 /
10 平安建设 违法行为 违法行为 -100分/次 /
11 文明新风 文明健康生活方式 村规民约 5分/月 60
12 文明新风 移风易俗 红白喜事 60分/次 /
13 文明新风 道德模范荣誉申报 镇级道德模范荣誉 50分/次 /
14 文明新风 道德模范荣誉申报 区级道德模范荣誉 100分/次 /
15 文明新风 道德模范荣誉申报 市级及以上道德模范荣誉 200分/次 /
16 文明新风 家庭荣誉申报 镇级家庭荣誉 50分/次 /
17 文明新风 家庭荣誉申报 区级家庭荣誉 100分/次 /
18 文明新风 家庭荣誉申报 市级及以上家庭荣誉 200分/次 /
19 文明新风 志愿服务 志愿服务 5分/次 90
20 文明新风 志愿者荣誉申报 镇级志愿者荣誉 50分/次 /
21 文明新风 志愿者荣誉申报 区级志愿者荣誉 100分/次 /
22 文明新风 志愿者荣誉申报 市级及以上志愿者荣誉 200分/次 /
23 文明新风 兵役优抚 兵役状况 60分/年 /
24 文明新风 兵役优抚 优抚对象 60分/年 /
25 文明新风 升学就业 升学 100分/年 /
26 文明新风 升学就业 就业 50分/年 /
27 文明新风 升学就业 技能培训 50分/年 /
28 美亮村宅 优美庭院 优美庭院 15分/年 /
29 美亮村宅 优美庭院荣誉申报 镇级优美庭院荣誉 50分/次 /
30 美亮村宅 优美庭院荣誉申报 区级优美庭院荣誉 100分/次 /
31 美亮村宅 优美庭院荣誉申报 市级及以上优美庭院荣誉 200分/次 /
32 美亮村宅 垃圾分类 垃圾分类承诺 5分/月 60
33 美亮村宅 垃圾分类 垃圾分类 -5分/次 /
34 美亮村宅 人居环境 环境卫生 10分/月 120
"""

# What a remark says of an item besides its score: the item, then what else holds for it.
REMARKS = {
    "deliberation.pledge": {"pledge": True},
    "waste.pledge": {"pledge": True},
    "volunteer.service": {"matter": "day", "matter_cap": 10},
    "custom.banquet": {"matter": "required"},
    **{
        f"honour.{family}.{level}": {"matter": "year", "exclusive": f"honour.{family}"}
        for family in ("moral", "family", "volunteer", "courtyard")
        for level in ("town", "district", "city")
    },
    **{
        code: {"notice": "category"}
        for code in ("violation.building", "violation.conduct", "service.military", "service.martyr_family")
    },
}
PLAIN = {
    "pledge": False,
    "by_member": False,
    "matter": "event",
    "matter_cap": None,
    "exclusive": None,
    "cap_net": False,
    "forfeits_scope": None,
    "notice": "item",
}
# Consequences that a remark names, which have no row: name, points, per, forfeited items.
CONSEQUENCES = {
    "custom.banquet_breach": ("红白喜事违规", -20, "matter", "matter", {"custom.banquet"}),
    "rental.accident": ("租赁安全事故", 0, "event", "year", {"rental.registration", "rental.rules"}),
    "environment.check_failed": ("环境卫生检查未达标", -10, "event", None, set()),
}
PER = {"月": {"month"}, "年": {"year"}, "次": {"event", "matter"}}


@pytest.fixture(scope="module")
def tables():
    return rules.load([SHIPPED]).tables


@pytest.fixture(scope="module")
def items(tables):
    """Items by code, with their points, which are undated."""
    points = dict(tables.points.select("rule", "points").rows())
    assert len(points) == tables.points.height
    return {row["code"]: {**row, "points": points[row["rule"]]} for row in tables.items.iter_rows(named=True)}


def annex():
    for line in ANNEX.split("\n"):
        if line:
            row, category, task, name, score, cap = line.split()
            points, per = re.fullmatch(r"(-?\d+)分/(.)", score).groups()
            yield int(row), category, task, name, int(points), per, None if cap == "/" else int(cap)


def test_every_row_of_the_annex_is_one_item_as_printed(items):
    by_row = {item["row"]: item for item in items.values() if item["row"] is not None}
    for row, category, task, name, points, per, cap in annex():
        item = by_row.pop(row)
        assert (item["category"], item["task"], item["name"]) == (category, task, name)
        assert (item["points"], item["cap_points"]) == (points, cap)
        assert item["per"] in PER[per]
        assert item["clause"].startswith(f"{points}分/{per}")
    assert by_row == {}


def test_the_annex_has_34_rows_and_each_stands_once(items):
    rows = [item["row"] for item in items.values() if item["row"] is not None]
    assert sorted(rows) == [row for row, *_ in annex()] == list(range(1, 35))


def test_what_has_no_row_is_a_consequence_that_a_remark_names(items, tables):
    forfeits = {code: set() for code in items}
    codes = tables.items["code"]
    for trigger, forfeited, _, _ in tables.forfeits.rows():
        forfeits[codes[trigger]].add(codes[forfeited])
    found = {
        code: (item["name"], item["points"], item["per"], item["forfeits_scope"], forfeits[code])
        for code, item in items.items()
        if item["row"] is None
    }
    assert found == CONSEQUENCES
    assert {code for code, taken in forfeits.items() if taken} == {"custom.banquet_breach", "rental.accident"}


def test_only_what_a_remark_says_sets_an_item_apart(items):
    for code, item in items.items():
        if code not in CONSEQUENCES:
            expected = PLAIN | REMARKS.get(code, {})
            assert {key: item[key] for key in expected} == expected, code


def test_rental_rows_share_one_cap_and_the_vacant_one_stands_outside(items):
    under = {code for code, item in items.items() if item["cap"] == "rental"}
    assert under == {"rental.registration", "rental.rules"}


def test_every_cap_of_the_book_is_used(tables):
    [loaded] = rules.load([SHIPPED]).layered
    assert set(loaded.caps) == set(tables.items["cap"].drop_nulls())
