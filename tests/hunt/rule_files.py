"""Ways of the rule files: edits that went wrong, and files that nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hunt.way import End, way

if TYPE_CHECKING:
    from hunt.world import World

BASE, LOCAL = "rules/baoshan.toml", "rules/east.toml"


def edited(world: World, old: str, new: str, file: str = BASE) -> None:
    """Write one thing otherwise."""
    text = world.text(file)
    assert old in text
    world.put(file, text.replace(old, new, 1))


def at_service(world: World, old: str, new: str) -> None:
    """Edit the item of voluntary service."""
    before, code, after = world.text(BASE).partition('code = "volunteer.service"')
    assert old in after
    world.put(BASE, before + code + after.replace(old, new, 1))


@way("a figure typed wrong: 5 became 50", "分值打错，5 成了 50", End.HELD, "baoshan-2023")
def typed_wrong(world):
    at_service(world, "points = 5", "points = 50")


@way("an item's code was edited", "改了事项代码", End.HELD, "baoshan-2023")
def other_code(world):
    edited(world, 'code = "volunteer.service"', 'code = "volunteer.hours"')


@way(
    "an item's code was edited, in book and feed",
    "细则和数据都改了事项代码",
    End.STOPPED,
    "held back",
    "--accept-rules",
)
def other_code_everywhere(world):
    edited(world, 'code = "volunteer.service"', 'code = "volunteer.hours"')
    world.put("events.csv", world.text("events.csv").replace("volunteer.service", "volunteer.hours"))


@way("a book ends a year early", "细则早一年到期", End.HELD, "baoshan-2023")
def ends_early(world):
    edited(world, "first_year = 2023", "first_year = 2022\nlast_year = 2022")


@way("a local book was not handed over", "漏交了村里的细则", End.HELD, "east-2023")
def local_gone(world):
    world.at(LOCAL).unlink()


@way("the base book was not handed over", "漏交了区细则", End.RULES, "baoshan-2023")
def base_gone(world):
    world.at(BASE).unlink()


@way("a backup of a book beside it", "细则旁边留着备份", End.RULES, "baoshan-2023")
def backup(world):
    world.put("rules/baoshan (1).toml", world.text(BASE))


for name in ("west.TOML", "west.toml.txt", "west.tml", "2024/west.toml", "west.toml.bak"):

    @way(f"a book as {name}", f"细则存成 {name}", End.TOLD, name.removesuffix("west.toml") or name)
    def other_ending(world, name=name):
        world.put(f"rules/{name}", world.text(LOCAL).replace("east-2023", "west-2023").replace("201", "202"))


@way("a rule file cut in half", "细则文件只剩一半", End.RULES, "east.toml")
def cut(world):
    world.put(LOCAL, world.text(LOCAL)[:-40])


@way("a rule file in GB18030", "细则存成 GB18030", End.RULES, "east.toml")
def encoding(world):
    world.put(LOCAL, world.text(LOCAL).encode("gb18030"))


@way("a key misspelt", "键名拼错", End.RULES, "poinst")
def misspelt(world):
    edited(world, "points = 5", "poinst = 5", LOCAL)


@way("points of nan", "分值为 nan", End.RULES, "points")
def not_a_number(world):
    edited(world, "points = 5", "points = nan", LOCAL)


@way("points with a full-width digit", "分值用了全角数字", End.RULES, "east.toml")
def full_width(world):
    edited(world, "points = 5", "points = ５", LOCAL)


@way("a scope that nobody lives in", "适用范围里没有人", End.TOLD, "990113101299")
def deserted(world):
    text = world.text(LOCAL).replace("east-2023", "far-2023").replace("990113101201", "990113101299")
    world.put("rules/far.toml", text)


@way("two books for one village", "一个村有两份细则", End.RULES, "east")
def two_books(world):
    world.put("rules/second.toml", world.text(LOCAL).replace("east-2023", "second-2023"))
