"""A workbook per village of what waits: each kind by pencil, on one village whose every row is known."""

import json
import os
import shutil
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner

from both_languages import HAN
from jifen_batch.cli.program import program
from jifen_batch.desk.worklist.page import worklists
from jifen_batch.errors import TooManyRejectsError
from jifen_batch.published import publish
from printed.reading import sheets
from worklist.conftest import AS_OF, Listed, filled, rows, with_more

EAST, WEST, NOBODY = "0001.xlsx", "0002.xlsx", "0000.xlsx"


def test_every_village_with_something_to_do_has_a_workbook_and_the_index_knows_all(books):
    found, said = books
    assert sorted(found) == [NOBODY, EAST, WEST, "index.xlsx"]
    index = {(row["文件"], row["村"]): row for row in rows(found["index.xlsx"]["目录"], "文件")}
    assert set(index) == {(NOBODY, "—"), (EAST, "east"), (WEST, "west"), ("无待办", "north")}
    assert index[EAST, "east"]["村名"] == "东村east"
    assert [index[WEST, "west"][kind] for kind in ("退回", "疑似重复", "异议")] == ["0", "2", "1"]
    assert said["workbooks"] == 3
    assert said["rows"] == {
        "rejects": 5,
        "declared": 3,
        "assessed": 1,
        "pledges": 2,
        "duplicates": 2,
        "objections": 2,
        "redemptions": 2,
        "mispriced": 0,
    }
    assert said["unplaced"] == 2


def test_a_reject_stands_as_written_with_its_place_its_sentence_and_what_to_write_instead(books):
    found = {row["事项编号"]: row for row in rows(books[0][EAST]["退回"])}
    assert set(found) == {"r1", "r2", "r4", "r5"}
    assert (found["r1"]["积分事项"], found["r1"]["改为"]) == ("志愿服务", "help")
    assert (found["r1"]["来源文件"], found["r1"]["来源行号"]) == ("events.parquet", "11")
    assert found["r1"]["说明"].startswith("适用的积分细则中没有这个积分事项代码；这是 help 的名称")
    assert (found["r2"]["状态"], found["r2"]["改为"]) == ("同意", "approved")
    assert found["r5"]["改为"] == "—", "nothing is near"
    assert (found["r4"]["成员序号"], found["r4"]["会议编号"]) == ("（号码不列出）", "'=1+1")


def test_rows_of_no_village_have_a_workbook_of_their_own(books):
    (one,) = rows(books[0][NOBODY]["退回"])
    assert (one["户编号"], one["原因"], one["改为"]) == ("wagn", "名册中无此户", "wang")
    (spent,) = rows(books[0][NOBODY]["积分换物"])
    assert (spent["户编号"], spent["已兑换积分"]) == ("nobody", "3")


def test_what_waits_stands_by_meeting_with_the_days_it_waits(books):
    found = [(row["会议编号"], row["户编号"], row["等待天数"]) for row in rows(books[0][EAST]["待评定"])]
    assert found == [("m1", "wang", "49"), ("m2", "wang", "20"), ("—", "li", "48")]
    (one,) = rows(books[0][EAST]["待审定"])
    assert (one["积分事项"], one["等待天数"]) == ("志愿服务 help", "10")


def test_pledges_that_end_within_sixty_days(books):
    found = [(row["事项编号"], row["最迟到期"]) for row in rows(books[0][EAST]["承诺到期"])]
    assert found == [("p2", "2023-11-28"), ("p1", "2023-12-31")]
    assert "承诺到期" not in books[0][WEST], "p3 ended in September"


def test_one_household_item_day_and_member_under_two_ids(books):
    found = [(row["事项编号"], row["成员序号"], row["处理"]) for row in rows(books[0][WEST]["疑似重复"])]
    assert found == [("t1", "1", "全额记分"), ("t2", "1", "全额记分")]


def test_open_objections_and_what_was_spent_without_standing(books):
    (one,) = rows(books[0][WEST]["异议"])
    assert (one["异议编号"], one["户编号"], one["等待天数"]) == ("o1", "chen", "10")
    (spent,) = rows(books[0][EAST]["积分换物"])
    assert (spent["户编号"], spent["超额兑换"]) == ("li", "7")


def test_a_phone_number_stands_nowhere_and_no_cell_is_a_formula(scored, tmp_path):
    to = tmp_path / "lists"
    CliRunner().invoke(program, ["worklist", "--out", str(scored.out), "--to", str(to)])
    for path in to.iterdir():
        with zipfile.ZipFile(path) as packed:
            text = "".join(packed.read(name).decode() for name in packed.namelist())
        assert "13812345678" not in text
        assert "<f>" not in text


def test_one_village(listed):
    result, found = listed("--village", "west")
    assert result.exit_code == 0, result.stderr
    assert sorted(found) == ["0001.xlsx", "index.xlsx"]
    assert "疑似重复" in found["0001.xlsx"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--village", "south"], 3, "has none; check the id"),
        (["--run", "beef"], 3, "is no published run"),
    ],
)
def test_what_is_not_there_is_refused_and_no_folder_is_left(listed, words, code, said):
    result, found = listed(*words)
    assert (result.exit_code, found) == (code, {})
    assert said in result.stderr


def test_the_folder_is_the_users_own(scored, tmp_path):
    def at(place):
        return CliRunner().invoke(program, ["worklist", "--out", str(scored.out), "--to", str(place)])

    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    assert "is there already and not empty" in at(tmp_path / "full").stderr
    inside = at(scored.out / "lists")
    assert (inside.exit_code, "--to" in inside.stderr) == (2, True)


def test_a_refused_run_has_its_rejects_listed_and_a_published_one_points_to_it(listed, tmp_path):
    made = filled(Listed(tmp_path / "refused"))
    made.night(AS_OF)
    made.event("r6", date(2023, 6, 1), item="fire ", household="chen")
    with pytest.raises(TooManyRejectsError) as refused:
        made.night(AS_OF, max_reject_rate=0.1)
    run = refused.value.figures["run_id"]
    assert [one.name for one in publish.refused(made.out)] == [run]
    published = publish.current(made.out).stat().st_mtime_ns
    os.utime(publish.refused(made.out)[0], ns=(published, published))
    result, _ = listed(out=made.out)
    assert f"--run {run}" in result.stdout, "in one tick of the clock, too"
    for path in (tmp_path / "lists").iterdir():
        path.unlink()
    result, found = listed("--run", run, out=made.out)
    assert result.exit_code == 0, result.stderr
    assert {row["事项编号"]: row["改为"] for row in rows(found[WEST]["退回"])} == {"r6": "fire"}
    assert "退回太多，没有发布" in found[EAST]["概览"][1][0]
    assert result.stdout.splitlines()[-1].startswith(f"folder  {tmp_path / 'lists'}")


def test_in_english_every_sheet_header_and_reason_is_english(listed):
    result, found = listed("--language", "en")
    assert result.exit_code == 0, result.stderr
    assert {"Overview", "Rejects", "To assess", "To approve"} <= set(found[EAST])
    (one,) = [row for row in rows(found[EAST]["Rejects"], "household id") if row["event id"] == "r2"]
    assert (one["write instead"], one["reason"].isascii()) == ("approved", True)
    assert "Index" in found["index.xlsx"]


def told(folder):
    """All that a folder of work lists says, but for the run and how it ended."""
    found = {path.name: sheets(path.read_bytes()) for path in sorted(folder.iterdir())}
    return {
        name: {sheet: [row for row in rows if "截至" not in str(row[0])] for sheet, rows in book.items()}
        for name, book in found.items()
    }


@pytest.mark.parametrize("before", [True, False], ids=["after a published run", "the first night of all"])
def test_a_refused_run_has_later_what_its_own_night_had(tmp_path, before):
    made = filled(Listed(tmp_path / "refused"))
    files = with_more(made)
    if before:
        made.night(AS_OF, **files)
        made.event("d9", date(2023, 10, 4), status="declared", household="li")
        made.event("p9", date(2023, 11, 2), item="promise", household="chen", until=date(2023, 12, 24))
    rules = made.write()
    words = ["run", "--events", made.folder / "events.parquet", "--as-of", AS_OF, "--out", made.out]
    words += ["--households", made.folder / "households.parquet", "--rules", rules]
    words += [word for name, path in files.items() for word in (f"--{name}", path)]
    words += ["--max-reject-rate", "0.1", "--worklists", tmp_path / "own"]
    refused = CliRunner().invoke(program, [*map(str, words)])
    assert refused.exit_code == 6, refused.stderr
    (kept,) = publish.refused(made.out)
    words = ["worklist", "--out", made.out, "--to", tmp_path / "later", "--run", kept.name]
    later = CliRunner().invoke(program, [*map(str, words), "--json"])
    assert later.exit_code == 0, later.stderr
    assert told(tmp_path / "later") == told(tmp_path / "own")
    found = json.loads(later.stdout)["rows"]
    assert {name for name, count in found.items() if not count} == {"mispriced"}
    verified = CliRunner().invoke(program, ["verify", "--out", str(made.out), "--json"])
    assert verified.exit_code in {0, 4}, verified.stdout
    assert [(one["name"], one["findings"]) for one in json.loads(verified.stdout)["refused"]] == [
        (kept.name, 0)
    ]


def test_rejects_that_a_program_before_kept_alone_are_listed_as_then(listed, tmp_path):
    made = filled(Listed(tmp_path / "refused"))
    made.night(AS_OF)
    made.event("r6", date(2023, 6, 1), item="fire ", household="chen")
    with pytest.raises(TooManyRejectsError):
        made.night(AS_OF, max_reject_rate=0.1)
    (kept,) = publish.refused(made.out)
    for one in kept.iterdir():
        if one.is_dir() and one.name != "rejects":
            shutil.rmtree(one)
    result, found = listed("--run", kept.name, out=made.out)
    assert result.exit_code == 0, result.stderr
    assert "这里只有退回的行" in found[EAST]["概览"][1][0]
    assert {row["事项编号"]: row["改为"] for row in rows(found[WEST]["退回"])} == {"r6": "fire"}


def test_in_english_no_sentence_of_a_work_list_is_chinese(listed):
    _, found = listed("--language", "en")
    for row in rows(found[EAST]["Rejects"], "household id"):
        assert not HAN.search(row["detail"]), row["detail"]


def test_in_english_what_the_command_prints_is_english(listed):
    result, _ = listed("--language", "en")
    assert not HAN.search(result.stdout)
    assert "row(s) of no known village, in 0000.xlsx" in result.stdout


def test_whoever_watches_is_told_how_many_villages_are_done(scored, tmp_path):
    told = []
    worklists(scored.out, tmp_path / "lists", watch=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == [1, 2, 3]
    assert all(done <= of for done, of in told)
