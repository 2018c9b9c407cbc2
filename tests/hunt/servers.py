"""Ways of the machine: its clock, and what happens to the folder of results."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING
from unittest import mock

from hunt.way import End, way
from jifen_batch import clock
from jifen_batch.published import announced, publish

if TYPE_CHECKING:
    from hunt.world import World


def clock_says(world: World, day: date) -> None:
    """A night without --as-of, on a machine whose clock says this."""
    world.options |= {"as_of": None}
    patch = mock.patch.object(clock, "today", return_value=day)
    patch.start()
    world.undo = patch.stop


def half_the_register(world: World) -> None:
    """Lose households that nothing but the announced quarter may miss."""
    world.put("register.csv", b"".join(world.at("register.csv").read_bytes().splitlines(keepends=True)[:7]))
    world.options |= {"max_reject_rate": 1.0}


@way("the clock was set back", "时钟被拨回", End.USAGE, "clock")
def set_back(world):
    clock_says(world, date(2023, 2, 1))


@way("the battery is flat: 1970", "电池没电：1970 年", End.USAGE, "clock")
def flat_battery(world):
    clock_says(world, date(1970, 1, 1))


@way("the clock says 2106", "时钟是 2106 年", End.USAGE, "clock")
def overflown(world):
    clock_says(world, date(2106, 2, 7))


@way("an announced quarter was deleted", "公告过的季度被删了", End.STOPPED, "2023Q1", "--rebuild")
def quarter_deleted(world):
    shutil.rmtree(announced.folder(world.out, "2023Q1"))


@way(
    "a crash left an announced file with 0 bytes",
    "死机后公告文件成了 0 字节",
    End.REFUSED,
    "lines.parquet",
    "--rebuild",
)
def announced_file_emptied(world):
    (announced.folder(world.out, "2023Q1") / "lines.parquet").write_bytes(b"")


@way(
    "an announced quarter's folder was renamed", "公告过的季度目录被改名", End.STOPPED, "2023Q1", "--rebuild"
)
def quarter_renamed(world):
    announced.folder(world.out, "2023Q1").rename(announced.folder(world.out, "2023Q2"))


@way(
    "all runs were deleted, and half the register",
    "运行全被删了，名册又少了一半",
    End.STOPPED,
    "--households",
)
def runs_deleted(world):
    shutil.rmtree(world.out / publish.RUNS)
    (world.out / "current").unlink()
    half_the_register(world)


@way(
    "the link current is gone, and half the register",
    "current 不见了，名册又少了一半",
    End.STOPPED,
    "--households",
)
def link_gone(world):
    (world.out / "current").unlink()
    half_the_register(world)


@way("somebody edited an announced quarter", "有人改了公告过的季度", End.STOPPED, "2023Q1")
def quarter_edited(world):
    path = announced.folder(world.out, "2023Q1")
    (manifest,) = path.rglob("manifest.json")
    manifest.chmod(0o640)
    content = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(content | {"as_of": "2023-04-19"}), encoding="utf-8")


@way("others may write to the output folder", "别人可以写结果目录", End.REFUSED, "write")
def open_folder(world):
    world.out.chmod(0o777)


@way("current leads elsewhere", "current 指向别处", End.REFUSED, "current")
def link_elsewhere(world):
    (world.out / "current").unlink()
    (world.out / "current").symlink_to(world.folder)


@way(
    "somebody copied a quarter's folder beside it",
    "有人把季度文件夹复制了一份放在旁边",
    End.TOLD,
    "quarter=2023Q1 (1)",
    "move it away",
)
def quarter_copied(world):
    quarter = announced.folder(world.out, "2023Q1")
    shutil.copytree(quarter, quarter.with_name(f"{quarter.name} (1)"))
