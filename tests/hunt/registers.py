"""Ways of the register, of the villages and of what else is read beside the events."""

from __future__ import annotations

import shutil

from hunt.way import End, way
from hunt.world import EAST, HOMES, WEST, World, spell, text_of

FILE = "register.csv"


def saved(world: World, change=lambda text: text) -> None:
    """Write the register anew, its text changed."""
    world.put(FILE, change(text_of(world.register)))


def each(world: World, **cells) -> None:
    """Give all spells other cells."""
    for row in world.register:
        row.update(cells)
    saved(world)


@way(
    "a migration set every enrolled_on to its own day",
    "迁移时把参加日期全改成当天",
    End.STOPPED,
    "--households",
    "enrolled_on",
)
def migrated(world):
    each(world, enrolled_on="2023-04-01", left_on=None)


@way("left_on was filled in for all", "退出日期被全部填上", End.STOPPED, "--households")
def all_left(world):
    each(world, left_on="2023-01-10")


@way("the column left_on was dropped", "退出日期一列丢了", End.STOPPED, "left_on")
def left_on_dropped(world):
    for row in world.register:
        del row["left_on"]
    saved(world)


@way("the column kind was dropped", "户类别一列丢了", End.STOPPED, "kind")
def kind_dropped(world):
    for row in world.register:
        del row["kind"]
    saved(world)


@way(
    "a village's code was rewritten through all history",
    "村编号被追溯改写",
    End.STOPPED,
    "--households",
    "left_on",
)
def village_rewritten(world):
    for row in world.register:
        row["village_id"] = row["village_id"].replace(EAST, "990113101299")
    saved(world)


@way(
    "a town's code in the register that the list of villages has not",
    "名册与村名单的镇编号不一致",
    End.REFUSED,
    "two towns",
)
def other_towns(world):
    each(world, town_id="990113199")


@way("the town's code was rewritten through all history", "镇编号被追溯改写", End.STOPPED, "--households")
def town_rewritten(world):
    each(world, town_id="990113199")
    world.options |= {"villages": None}


@way("half the register arrived", "名册只传来一半", End.STOPPED, "--households")
def half(world):
    world.register = world.register[:6]
    saved(world)
    world.options |= {"max_reject_rate": 1.0}


@way(
    "a household was deleted, not ended", "删除了一户而没有填退出日期", End.STOPPED, "--households", "002006"
)
def deleted(world):
    world.register = [row for row in world.register if row["household_id"] != "002006"]
    saved(world)


@way("household ids were all made anew", "户编号全部重编", End.STOPPED, "--households", "--successions")
def recoded(world):
    for row in world.register:
        row["household_id"] = f"N{row['household_id']}"
    saved(world)
    world.options |= {"max_reject_rate": 1.0}


@way(
    "household ids with Excel's apostrophe in register and events",
    "名册和事项里的户编号前都多了撇号",
    End.STOPPED,
    "take that sign off",
)
def apostrophes(world):
    for row in (*world.register, *world.events):
        row["household_id"] = f"'{row['household_id']}"
    saved(world)
    world.put("events.csv", text_of(world.events))


@way("village ids as 990113101201.0", "村编号成了 990113101201.0", End.STOPPED, "village_id", "as text")
def villages_as_floats(world):
    _as_floats(world, "village_id")


@way("town ids as 990113101.0", "镇编号成了 990113101.0", End.STOPPED, "town_id", "as text")
def towns_as_floats(world):
    _as_floats(world, "town_id")


def _as_floats(world, column):
    for row in world.register:
        row[column] += ".0"
    saved(world)
    world.options |= {"villages": None}


@way(
    "one household under a new id in register and events",
    "一户在名册和事项里都换了编号",
    End.STOPPED,
    "--successions",
    "N2006",
)
def one_recoded(world):
    for row in (*world.register, *world.events):
        if row["household_id"] == "002006":
            row["household_id"] = "N2006"
    saved(world)
    world.put("events.csv", text_of(world.events))


def exchanged(world: World, one: str, other: str, *inputs: list) -> None:
    """Two households take each other's id in some inputs."""
    taken = {one: other, other: one}
    for rows in inputs:
        for row in rows:
            row["household_id"] = taken.get(row["household_id"], row["household_id"])
    saved(world)
    world.put("events.csv", text_of(world.events))


@way("two households exchanged their ids", "两户互换了编号", End.STOPPED, "--events", "each other's id")
def exchanged_ids(world):
    exchanged(world, "001001", "001002", world.register, world.events)


@way(
    "three households took each other's ids round",
    "三户轮换了编号",
    End.STOPPED,
    "--events",
    "each other's id",
)
def round_ids(world):
    taken = {"001001": "001002", "001002": "002003", "002003": "001001"}
    for row in (*world.register, *world.events):
        row["household_id"] = taken.get(row["household_id"], row["household_id"])
    saved(world)
    world.put("events.csv", text_of(world.events))


@way(
    "two households exchanged their ids in the register",
    "名册里两户互换了编号",
    End.TOLD,
    "'001002' and '002006'",
)
def exchanged_in_register(world):
    exchanged(world, "001002", "002006", world.register)


@way(
    "the register says one day too late for a village, before anything hangs",
    "公告之前名册把一个村的日期写晚了",
    End.STOPPED,
    "--households",
    "enrolled_on",
)
def late_before_the_notice(world):
    shutil.rmtree(world.out)
    world.night()
    for row in world.register:
        row["enrolled_on"] = "2023-04-01" if row["village_id"] == EAST else row["enrolled_on"]
    saved(world)


def changed_ids(world: World, old: str, new: str, *said: str) -> None:
    """A household under a new id everywhere, and what the successions say of it."""
    for row in (*world.register, *world.events):
        row["household_id"] = new if row["household_id"] == old else row["household_id"]
    saved(world)
    world.put("events.csv", text_of(world.events))
    succession(world, *said)


def succession(world: World, *said: str) -> None:
    """A row of successions."""
    columns = ("old_household_id", "new_household_id", "effective_on", "kind")
    world.put("successions.csv", text_of([dict(zip(columns, said, strict=True))]))
    world.options |= {"successions": str(world.at("successions.csv"))}


@way("a succession whose day is later than the feed's", "编号变更日晚于数据改号", End.STOPPED, "2023-05-01")
def too_late(world):
    changed_ids(world, "002006", "N2006", "002006", "N2006", "2023-05-01", "renamed")


@way("a succession with a blank behind its new id", "编号变更的新编号带空格", End.STOPPED, "'N2006 '")
def blank_in_new_id(world):
    changed_ids(world, "002006", "N2006", "002006", "N2006 ", "2023-04-21", "renamed")


@way("a wallet that passes to nobody", "钱包转给了不存在的户", End.TOLD, "Q9")
def to_nobody(world):
    succession(world, "002006", "Q9", "2023-04-21", "merged")


@way("the register of another town", "拿错了别镇的名册", End.STOPPED, "--households", "001001")
def another_town(world):
    world.register = [spell(f"77{name}", EAST) for name in HOMES]
    saved(world)
    world.options |= {"max_reject_rate": 1.0}


@way(
    "the register lost its leading zeros",
    "名册的户编号丢了前导零",
    End.STOPPED,
    "--households",
    "is '1001' now",
)
def zeros_lost(world):
    for row in world.register:
        row["household_id"] = row["household_id"].lstrip("0")
    saved(world)
    world.options |= {"max_reject_rate": 1.0}


@way("villages' codes as 9.90113E+11", "村编号成了 9.90113E+11", End.REFUSED, "9.90113E+11")
def scientific(world):
    each(world, village_id="9.90113E+11")


@way(
    "two villages under one code after a merge in Excel",
    "两个村在 Excel 里成了一个编号",
    End.REFUSED,
    "two values of village_name",
)
def one_code(world):
    each(world, village_id=EAST)


@way("a village under two towns on one day", "同一天一个村属于两个镇", End.REFUSED, "town")
def two_towns(world):
    world.register[0]["town_id"] = "990113199"
    saved(world)


@way("two spells of a household overlap", "同一户两段参加期重叠", End.REFUSED, "overlap")
def overlap(world):
    world.register.append(spell("001001", EAST) | {"enrolled_on": "2023-03-01"})
    saved(world)


@way("left before enrolled", "退出早于参加", End.REFUSED, "left_on")
def left_first(world):
    world.register[0]["left_on"] = "2022-12-01"
    saved(world)


@way("days as 01/02/2023", "日期写成 01/02/2023", End.REFUSED, "enrolled_on")
def days_first(world):
    each(world, enrolled_on="01/02/2023")


@way("the register broke off in its last row", "名册断在最后一行", End.REFUSED, "breaks off")
def broke_off(world):
    saved(world, lambda text: text[:-20])


@way("a row without a village", "有一行没有村编号", End.REFUSED, "village_id")
def no_village(world):
    world.register[3]["village_id"] = None
    saved(world)


@way("an id given to somebody else after a gap", "编号空了一段后给了别人", End.TOLD, "another householder")
def given_again(world):
    heads = {"009001": "沈长庚"}
    world.register = [{**row, "householder": heads.get(row["household_id"])} for row in world.register]
    world.register.append(
        world.register[-1] | {"enrolled_on": "2023-04-10", "left_on": None, "householder": "陆小满"}
    )
    saved(world)


@way("ids of 16 digits that Excel rounded", "16 位以上编号被 Excel 取整", End.TOLD, "end in 0")
def rounded(world):
    world.register += [spell(f"31011310120100{number}0", WEST) for number in range(1, 7)]
    saved(world)


for column, file in (("Left_On", FILE), ("Households_total", "villages.csv"), ("Status", "redemptions.csv")):

    @way(f"the header {column} in {file}", f"{file} 的表头 {column}", End.REFUSED, "nearly")
    def near_header(world, column=column, file=file):
        world.put(file, world.text(file).replace(column.lower(), column, 1))


@way("one group written two ways", "同一村民小组两种写法", End.TOLD, "'第1组', '第１组'")
def group_two_ways(world):
    world.register = [{**row, "group_id": "第1组"} for row in world.register]
    world.register[0]["group_id"] = "第１组"
    saved(world)


@way("one village's name written two ways", "同一村名两种写法", End.REFUSED, "write its name one way")
def village_two_ways(world):
    world.register[0]["village_name"] += " "
    saved(world)


@way("the list of villages is not given any more", "不再给出村名单", End.TOLD, "coverage")
def no_list(world):
    world.options |= {"villages": None}


@way("a household's kind with a blank behind it", "户类别末尾有空格", End.TOLD, "the kind '出租户 '")
def kind_with_a_blank(world):
    for row in world.register:
        row["kind"] = row["kind"] and row["kind"] + " "
    saved(world)
    return {"T1": 0}


@way("a village twice in the list of villages", "村名单里一村两行", End.REFUSED, "villages")
def village_twice(world):
    world.villages.append(world.villages[0] | {"households_total": 90})
    world.put("villages.csv", text_of(world.villages))


@way("a redemption with its points below 0", "兑换分数写成负数", End.REFUSED, "points")
def below_nothing(world):
    world.redemptions[0]["points"] = -5
    world.put("redemptions.csv", text_of(world.redemptions))


@way("a redemption sent twice", "同一笔兑换报了两次", End.READ)
def sent_twice(world):
    world.redemptions.append(dict(world.redemptions[0]))
    world.put("redemptions.csv", text_of(world.redemptions))


@way("two redemptions under one id", "两笔兑换同一个编号", End.REFUSED, "redemption_id")
def one_id(world):
    world.redemptions.append(world.redemptions[0] | {"points": 3})
    world.put("redemptions.csv", text_of(world.redemptions))


@way("a redemption's points as 5分", "兑换分数写成 5分", End.READ)
def with_unit(world):
    world.redemptions[0]["points"] = "5分"
    world.put("redemptions.csv", text_of(world.redemptions))


@way("a redemption of a household that nobody knows", "兑换的户名册里没有", End.TOLD, "redemption")
def unknown_redeemer(world):
    world.redemptions.append(world.redemptions[0] | {"redemption_id": "R2", "household_id": "888"})
    world.put("redemptions.csv", text_of(world.redemptions))


@way("the redemptions are not given any more", "不再给出兑换数据", End.STOPPED, "--redemptions")
def not_given(world):
    world.options |= {"redemptions": None}


@way("successions in a circle", "户编号变更成环", End.REFUSED, "circle")
def circle(world):
    rows = [
        {"old_household_id": old, "new_household_id": new, "effective_on": "2023-04-01", "kind": "renamed"}
        for old, new in (("001001", "001002"), ("001002", "001001"))
    ]
    world.put("successions.csv", text_of(rows))
    world.options |= {"successions": str(world.at("successions.csv"))}
