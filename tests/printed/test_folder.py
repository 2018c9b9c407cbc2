"""The folder of notices is complete or not there, whatever fails; and it is the user's, not the worker's."""

import json
import os
from datetime import date

import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.desk.announce import printed_quarter, village_papers
from jifen_batch.desk.announce.context import ground
from jifen_batch.desk.announce.print_notices import Printer, Wanted
from jifen_batch.errors import DiskError
from jifen_batch.published import announced, notice_folder, publish
from jifen_batch.storage import disk
from printed.reading import contents

FILES = {"2023Q1_east_积分公告.xlsx", "index.xlsx"}
STEPS = ("make_folder", "write_with", "write_bytes", "sync", "sync_tree", "rename")


class KilledError(BaseException):
    """The process ended here; nothing after it ran, not even cleaning up."""


def spoil(monkeypatch, at, error):
    """Make step number `at` of all fail, as `error`; the list of those begun."""
    begun = []

    def spoilt(name, original):
        def step(*args, **kwargs):
            begun.append(name)
            if len(begun) == at:
                raise error
            return original(*args, **kwargs)

        return step

    for name in STEPS:
        monkeypatch.setattr(disk, name, spoilt(name, getattr(disk, name)))
    return begun


def call(village, *words, quarter="2023Q1", **variables):
    said = ["announce", "--out", str(village.out), "--quarter", quarter, *map(str, words)]
    return CliRunner().invoke(program, said, env=variables)


@pytest.fixture
def register(copied):
    path = copied.folder / "register.csv"
    path.write_text(
        "household_id,enrolled_on,householder,phone\nwang,2023-01-01,王小明,13812345678\nli,2023-01-01,李四,1\n",
        encoding="utf-8",
    )
    return path


def test_failing_or_killed_at_any_file_operation_the_folder_is_complete_or_not_there(copied, monkeypatch):
    copied.hang("2023Q1")
    on = ground(copied.out, "2023Q1")
    quarter = printed_quarter.hung(on, publish.read_manifest(on.folder), on.rules)
    printer = Printer(on, Wanted(copied.folder / "whole", None), on.as_of)
    with monkeypatch.context() as patch:
        operations = spoil(patch, 0, KilledError())
        printer.write(quarter)
    whole = contents(copied.folder / "whole")
    for at in range(1, len(operations) + 1):
        for error in (KilledError(), DiskError("no room", "有误")):
            folder = copied.folder / f"{type(error).__name__}{at}"
            printer = Printer(on, Wanted(folder, None), on.as_of)
            with monkeypatch.context() as patch:
                spoil(patch, at, error)
                if isinstance(error, KilledError):
                    patch.setattr("jifen_batch.storage.disk.remove_tree", lambda _: None)
                with pytest.raises(type(error)):
                    printer.write(quarter)
            assert not folder.exists() or contents(folder) == whole
            if isinstance(error, DiskError):
                assert list(folder.parent.glob(f".{folder.name}*")) == []
            # The same command again, under the same number, sweeps what the dead one left.
            if not folder.exists():
                printer.write(quarter)
            assert contents(folder) == whole
            assert list(folder.parent.glob(f".{folder.name}*")) == []


def test_what_hangs_stays_where_notices_cannot_be_written_and_they_are_printed_later(copied, monkeypatch):
    def full(*_, **__):
        raise DiskError("no room", "有误")

    with monkeypatch.context() as patch:
        patch.setattr(village_papers, "workbook", full)
        assert call(copied, "--notices", copied.folder / "n").exit_code == 7
    assert announced.quarters(copied.out) == ["2023Q1"]
    assert not (copied.folder / "n").exists()
    again = call(copied, "--notices", copied.folder / "n")
    assert (again.exit_code, "unchanged" in again.stdout) == (0, True)
    assert contents(copied.folder / "n").keys() == FILES


@pytest.mark.parametrize("umask", [0, 0o077, 0o777])
def test_files_are_0640_and_the_folder_0750_whatever_the_umask(copied, umask):
    copied.hang("2023Q1")
    before = os.umask(umask)
    try:
        done = call(copied, "--notices", copied.folder / "n")
    finally:
        os.umask(before)
    assert done.exit_code == 0
    folder = copied.folder / "n"
    assert folder.stat().st_mode & 0o777 == 0o750
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o640}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("out/notices", "lies in the output folder"),
        ("out", "lies in the output folder"),
        ("out/announced/notices", "lies in the output folder"),
        ("into/notices", "lies in the output folder"),
        ("taken", "is there already and not empty"),
        ("register.csv", "is there already and not empty"),
        ("link", "is a link"),
        ("no/where", "is no folder"),
        ("open/notices", "others may write there"),
        ("open", "others may write there"),
    ],
)
def test_a_place_that_will_not_do_is_wrong_usage_before_anything_is_frozen(copied, register, place, said):
    assert register.is_file()
    base = copied.folder
    (base / "taken").mkdir()
    (base / "taken" / "mine.xlsx").write_bytes(b"mine")
    (base / "empty").mkdir()
    (base / "link").symlink_to(base / "empty")
    (base / "into").symlink_to(copied.out)
    (base / "open").mkdir()
    (base / "open").chmod(0o757)
    for words in ((), ("--dry-run",)):
        refused = call(copied, "--notices", base / place, *words)
        assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
    assert announced.quarters(copied.out) == []
    assert (base / "taken" / "mine.xlsx").read_bytes() == b"mine"


def test_an_empty_folder_and_one_in_a_shared_place_will_do(copied):
    shared = copied.folder / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "n").mkdir()
    assert call(copied, "--notices", shared / "n").exit_code == 0
    assert contents(shared / "n").keys() == FILES
    assert [path.name for path in shared.iterdir()] == ["n"]


def test_what_the_registers_folder_holds_beside_is_told(copied, register):
    folder = copied.folder / "registers"
    folder.mkdir()
    register.rename(folder / register.name)
    (folder / "桃花村.txt").write_text("household_id,enrolled_on,householder\n", encoding="utf-8")
    done = call(copied, "--notices", copied.folder / "n", "--households", folder)
    assert (done.exit_code, done.stderr.count("passed over")) == (0, 1)
    assert "桃花村.txt" in done.stderr


def test_the_command_says_where_they_are_and_never_who_they_are_about(copied, register):
    words = ("--notices", copied.folder / "n", "--households", register)
    done = call(copied, *words)
    assert (done.exit_code, "1 个村的公告已写好" in done.stdout) == (0, True)
    assert "没有户主姓名" not in done.stdout
    told = json.loads(
        call(copied, "--json", "--notices", copied.folder / "m", "--households", register).stdout
    )
    assert told["notices"] == {"folder": str(copied.folder / "m"), "villages": 1, "unnamed": 0}
    assert contents(copied.folder / "m") == contents(copied.folder / "n")
    nameless = call(copied, "--notices", copied.folder / "o")
    assert "1 个村的公告已写好，其中 2 户没有户主姓名" in nameless.stdout
    assert json.loads(call(copied, "--json").stdout)["notices"] is None
    everything = done.output + nameless.output + "".join(str(path) for path in copied.folder.rglob("*"))
    assert [word for word in ("王", "李", "1381234") if word in everything] == []


def test_a_register_that_cannot_be_read_is_refused_before_anything_is_frozen(copied, register):
    words = ("--notices", copied.folder / "n", "--households")
    for text, said in (
        ("household_id,householder\nwang,王\n", "required column enrolled_on"),
        (None, "no such"),
    ):
        register.write_text(text or "", encoding="utf-8")
        place = register if text else copied.folder / "nowhere.csv"
        refused = call(copied, *words, place)
        assert (refused.exit_code, said in refused.stderr, "王" in refused.output) == (3, True, False)
    register.with_name("register.csv.sha256").write_text("0" * 64, encoding="utf-8")
    assert call(copied, *words, register).exit_code == 3
    assert announced.quarters(copied.out) == []
    assert not (copied.folder / "n").exists()
    assert call(copied, "--households", copied.folder / "nowhere.csv").exit_code == 0, (
        "nobody asked for names"
    )


def test_a_quarter_that_would_be_another_now_ends_four_with_its_notices_printed(copied, register):
    copied.hang("2023Q1")
    copied.event("late", date(2023, 3, 2))
    copied.night(date(2023, 7, 15))
    differs = call(copied, "--notices", copied.folder / "n", "--households", register)
    assert (differs.exit_code, "1 个村的公告已写好" in differs.stdout) == (4, True)
    told = json.loads(call(copied, "--json", "--notices", copied.folder / "m").stdout)
    assert told["notices"]["villages"] == 1
    assert contents(copied.folder / "n").keys() == contents(copied.folder / "m").keys()


def test_the_configuration_file_may_name_the_register_for_all_commands(copied, register, tmp_path):
    config = tmp_path / "town.toml"
    config.write_text(f'households = "{register}"\n', encoding="utf-8")
    done = call(copied, "--notices", copied.folder / "n", JIFEN_CONFIG=str(config))
    assert (done.exit_code, "没有户主姓名" in done.stdout) == (0, False)


def test_files_are_named_by_village_and_quarter_and_nothing_in_a_name_is_a_path():
    names = notice_folder.FileNames()
    assert names.of("2023Q1", "东村", "V01", "积分公告") == "2023Q1_东村_V01_积分公告"
    assert names.of("2023Q1", "东村", "v01", "积分公告") == "2023Q1_东村_v01_积分公告_2"
    assert names.of("2023Q1", "east", "east", "积分公告") == "2023Q1_east_积分公告"
    hostile = [
        "../../etc/passwd",
        "a/b\\c",
        "..",
        "\x00",
        "=cmd|' /C calc'!A0",
        "村" * 90,
        "\u202eexe",
        "~$x",
        "",
    ]
    made = [names.of("2023Q1", village, "公告") for village in hostile]
    assert made == [
        "2023Q1_etc-passwd_公告",
        "2023Q1_a-b-c_公告",
        "2023Q1_公告",
        "2023Q1_公告_2",
        "2023Q1_cmd-C-calc-A0_公告",
        f"2023Q1_{'村' * 24}_公告",
        "2023Q1_exe_公告",
        "2023Q1_x_公告",
        "2023Q1_公告_3",
    ]
    assert names.of("", "..") == "1"
