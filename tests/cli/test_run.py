"""`run`: what it prints, what it logs, and the code it ends with."""

import errno
import json
from datetime import date

import polars as pl
import pytest

from jifen_batch import errors
from jifen_batch.cli import logs
from jifen_batch.cli.exits import SignalledError
from jifen_batch.cli.published import last_complete
from jifen_batch.sentence import Sentence
from jifen_batch.tables import ANNOUNCEMENTS, PARTICIPATION, REGISTER, SCHEMA_VERSION, STANDINGS

TABLES = {table.name: table for table in (ANNOUNCEMENTS, PARTICIPATION, REGISTER, STANDINGS)}
NEEDED = ("run", "--events", "e", "--households", "h", "--rules", "r", "--out", "o")
CANONICAL = {
    "event",
    "outcome",
    "run_id",
    "as_of",
    "rows",
    "lines",
    "warnings",
    "rejects",
    "seconds",
    "peak_memory_bytes",
    "exit_code",
}


def log_lines(result):
    return [json.loads(line) for line in result.stderr.splitlines()]


@pytest.mark.usefixtures("worker")
def test_the_report_shows_outcome_rows_points_and_times(cli):
    shown = cli(*NEEDED).stdout
    for word in (
        "published",
        "已发布",
        "somewhere/runs/r1",
        "读入行数",
        "全额记分",
        "1,235",
        "-105",
        "read",
        "300 MiB",
    ):
        assert word in shown, word
    assert "细则中无此事项" in shown


def test_an_unchanged_run_says_so(cli, worker):
    worker.outcome = "unchanged"
    result = cli(*NEEDED)
    assert result.exit_code == 0
    assert "内容未变" in result.stdout
    assert log_lines(result)[-1]["outcome"] == "unchanged"


def test_a_held_back_edit_ends_with_8_and_says_what_to_type(cli, worker):
    effect = {"quarter": "2023Q4", "households": 3, "lines_added": 5, "lines_removed": 5}
    worker.outcome = "held_back"
    worker.held_back = {
        "accept_rules": "a" * 16,
        "books": ["qingxi-2023"],
        "edits": ["qingxi-2023 环境卫生（environment）上限：95分 → 90分", *(f"edit {n}" for n in range(25))],
        "edits_en": ["qingxi-2023 环境卫生 (environment) cap: 95 → 90", *(f"edit {n}" for n in range(25))],
        "quarters": [effect | {"points_up": 0, "points_down": -36}],
    }
    result = cli(*NEEDED)
    assert result.exit_code == 8
    said = ("暂缓", "95分 → 90分", "另有 6 处", "2023年第四季度", "-36", f"--accept-rules {'a' * 16}")
    for word in said:
        assert word in result.stdout, word
    last = log_lines(result)[-1]
    assert (last["outcome"], last["exit_code"], last["level"]) == ("held_back", 8, "error")
    assert last["edits"] == worker.held_back["edits"][:20]
    assert (last["held_back"], last["accept_rules"]) == (["qingxi-2023"], "a" * 16)
    assert json.loads(cli(*NEEDED, "--json").stdout)["held_back"] == worker.held_back


def test_an_edit_that_an_early_day_cannot_judge_says_so(cli, worker):
    worker.outcome = "held_back"
    worker.held_back = {"accept_rules": "a" * 16, "books": ["b"], "edits": [], "edits_en": [], "quarters": []}
    result = cli(*NEEDED)
    assert (result.exit_code, "截止日期早于最近一次公告" in result.stdout) == (8, True)


def test_lost_events_end_with_9_and_the_line_carries_the_fingerprint(cli, worker):
    worker.error = errors.LossError("--events: villages have lost events", "有误", accept_loss="b" * 16)
    result = cli(*NEEDED)
    assert result.exit_code == 9
    assert log_lines(result)[-1]["accept_loss"] == "b" * 16


def test_fingerprints_are_handed_to_the_worker_and_nothing_else_is(cli, worker):
    assert cli(*NEEDED, "--accept-rules", "0123456789abcdef", "--accept-loss", "f" * 16).exit_code == 0
    assert (worker.asked[-1].accept_rules, worker.asked[-1].accept_loss) == ("0123456789abcdef", "f" * 16)
    refused = cli(*NEEDED, "--accept-rules", "yes")
    assert refused.exit_code == 2
    assert "is no fingerprint" in refused.stderr


@pytest.mark.usefixtures("worker")
def test_json_is_one_document(cli):
    said = json.loads(cli(*NEEDED, "--json").stdout)
    assert (said["outcome"], said["run_id"], said["folder"]) == ("published", "r1", "somewhere/runs/r1")
    assert said["manifest"]["accounting"]["rows"] == 12


@pytest.mark.usefixtures("worker")
def test_one_canonical_line_ends_a_run(cli):
    lines = log_lines(cli(*NEEDED))
    last = lines[-1]
    assert last.keys() >= CANONICAL
    assert (last["event"], last["outcome"], last["exit_code"]) == ("run", "published", 0)
    assert (last["rows"], last["lines"], last["rejects"], last["as_of"]) == (12, 9, 2, "2024-07-15")
    assert last["peak_memory_bytes"] == 300 << 20
    assert last["timestamp"].endswith("+08:00")
    assert [line["event"] for line in lines].count("run") == 1


class PanicException(BaseException):
    """As polars raises it: no Exception."""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (errors.UsageRefusedError("o is a file; name a folder", "有误"), 2, "o is a file"),
        (errors.InputRefusedError("e: no such file; name one", "有误"), 3, "e: no such file"),
        (errors.LockedError("o is held by run 7; wait", "有误"), 5, "held by run 7"),
        (errors.TooManyRejectsError("9 of 12 rows; see o/failed", "有误"), 6, "9 of 12 rows"),
        (errors.DiskError("o: disk full; make room", "有误"), 7, "disk full"),
        (errors.InvariantBrokenError("a year cap holds: broken; report it", "有误"), 1, "a year cap holds"),
        (OSError(errno.ENOSPC, "No space left on device"), 7, "No space left"),
        (PanicException("cell 13900000000"), 1, "PanicException"),
        (ValueError("cell 13900000000"), 1, "internal error (ValueError)"),
        (SignalledError(15), 143, "SIGTERM"),
        (KeyboardInterrupt(), 130, "SIGINT"),
    ],
)
def test_a_failed_run_says_why_and_ends_with_its_code(cli, worker, error, code, said):
    worker.error = error
    result = cli(*NEEDED)
    assert result.exit_code == code
    *_, sentence, last = log_lines(result)
    assert said in sentence["event"]
    assert (last["event"], last["outcome"], last["exit_code"]) == ("run", "failed", code)
    assert last.keys() >= CANONICAL
    assert last["peak_memory_bytes"] > 0
    assert result.stdout == ""
    assert "13900000000" not in result.stderr, "foreign errors quote cells, so they are not shown"
    assert "Traceback" not in result.stderr


def test_the_log_keeps_chinese_readable(cli, worker):
    worker.error = errors.InputRefusedError("名册.csv: 缺少列; 请补上", "有误")
    assert "名册.csv" in cli(*NEEDED).stderr


def test_a_failed_run_is_a_json_document_too(cli, worker):
    worker.error = errors.LockedError("o is held by run 7; wait", "有误")
    said = json.loads(cli(*NEEDED, "--json").stdout)
    sentence = "o is held by run 7; wait"
    both = {"en": sentence, "zh": "有误"}
    assert said == {"outcome": "failed", "exit_code": 5, "error": sentence, "sentence": both}


def test_a_refusal_is_said_in_the_language_asked_for_and_written_in_both(cli, worker):
    worker.error = errors.LockedError("o is held; wait", "o 被占用，请稍候")
    for words, variables, said in (
        (["--language", "zh"], {}, "o 被占用，请稍候"),
        (["--language", "en"], {"LC_ALL": "zh_CN.UTF-8"}, "o is held; wait"),
        ([], {"LC_ALL": "zh_CN.UTF-8"}, "o 被占用，请稍候"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, "o 被占用，请稍候"),
        ([], {"LC_ALL": "C"}, "o is held; wait"),
    ):
        lines = [json.loads(line) for line in cli(*NEEDED, *words, **variables).stderr.splitlines()]
        assert (lines[-2]["event"], lines[-1]["error"]) == (said, said)
        both = {"en": "o is held; wait", "zh": "o 被占用，请稍候"}
        assert lines[-2]["sentence"] == lines[-1]["sentence"] == both


def test_the_traceback_comes_only_when_asked_for(cli, worker):
    worker.error = ValueError("what went wrong")
    assert "Traceback" in cli(*NEEDED, JIFEN_DEBUG="1").stderr


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["a.toml:2: no id; give one", "b.toml:7: no cap; give one"]),
        ("zh", ["a.toml:2: 没有编号; 请补上", "b.toml:7: 没有上限; 请补上"]),
    ],
)
def test_complaints_about_rules_come_one_a_line(language, told, cli, worker, monkeypatch):
    give = Sentence("give one", "请补上")
    worker.error = errors.RulesRefusedError(
        [
            errors.Complaint("b.toml", 7, Sentence("no cap", "没有上限"), give),
            errors.Complaint("a.toml", 2, Sentence("no id", "没有编号"), give),
        ]
    )
    result = cli(*NEEDED, "--language", language)
    assert result.exit_code == 3
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [line["event"] for line in lines if "line" in line] == told
    monkeypatch.setattr(logs, "on_a_terminal", lambda: True)
    assert "".join(f"{line}\n" for line in told) in cli(*NEEDED, "--language", language).stderr


@pytest.mark.usefixtures("worker")
def test_the_log_can_be_made_quieter(cli):
    assert cli(*NEEDED, "--log-level", "error").stderr == ""


@pytest.fixture
def run_folder(tmp_path):
    """A published run of two villages, one without a name."""
    folder = tmp_path / "o" / "runs" / "r1"
    place = {"town_id": ["t", "t", "t"], "village_id": ["v1", "v1", "v2"], "household_id": ["h1", "h2", "h3"]}
    year = pl.Series([2024] * 3, dtype=pl.Int32)
    standings = pl.DataFrame(place).with_columns(
        scoring_year=year,
        net=pl.Series([5, 60, 20]),
        rank=pl.Series([2, 1, None], dtype=pl.Int32),
        rank_in_town=pl.Series([2, 1, None], dtype=pl.Int32),
        households=pl.Series([2, 2, 0], dtype=pl.Int32),
    )
    totals = {"category": ["村民议事"] * 3, "awarded": [5, 60, 20], "deducted": [0] * 3, "reversed": [0] * 3}
    announced = pl.DataFrame(place | totals).with_columns(
        pl.col("village_id").cast(pl.Enum(["v2", "v1"])), scoring_year=year, net=pl.col("awarded")
    )
    names = pl.DataFrame(place).with_columns(village_name=pl.Series(["海星村", "海星村", None]))
    names = pl.concat([REGISTER.schema.to_frame(), names], how="diagonal_relaxed")
    counts = {"enrolled": [2, 1], "earning": [2, 0], "active": [2, 1], "awards": [3, 0], "deductions": [0, 0]}
    participation = pl.DataFrame(
        {"village_id": ["v1", "v2"], "quarter": ["2024Q2"] * 2, "households_total": [8, None]} | counts
    )
    for table, frame in {
        "standings": standings,
        "announcements/quarter=2024Q1": announced.with_columns(awarded=-1),
        "announcements/quarter=2024Q2": announced,
        "announcements/quarter=2024Q3": announced.with_columns(awarded=-1),
        "participation": participation,
        "register": names,
    }.items():
        (folder / table).mkdir(parents=True)
        whole = TABLES[table.partition("/")[0]]
        rows = pl.concat([whole.schema.to_frame(), frame], how="diagonal_relaxed").select(whole.file_names)
        rows.write_parquet(folder / table / "0.parquet", metadata={"schema_version": SCHEMA_VERSION})
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    return folder


def test_top_shows_standings_the_last_announcement_and_the_files(cli, worker, run_folder):
    worker.folder = run_folder
    result = cli(*NEEDED, "--top", "1")
    assert result.exit_code == 0, result.stderr
    shown = result.stdout
    assert "海星村 2024年积分榜（前1名，共2户）" in shown
    assert "海星村 2024年第二季度积分公告" in shown
    assert "v2 2024年第二季度积分公告" in shown, "a village without a name stands under its id"
    assert shown.index("海星村 2024年第二") < shown.index("v2 2024年第二"), "by id, however it is stored"
    assert "其余 1 户" in shown
    assert "h2" in shown
    assert "h1" not in shown, "the second household of the village is beyond the first one"
    assert "第一季度" not in shown
    assert "第三季度" not in shown, "it cannot be announced yet"
    assert "25.0%" in shown, "two of eight households take part"
    assert "manifest.json" in shown


def test_json_leaves_the_tables_out(cli, worker, run_folder):
    worker.folder = run_folder
    assert json.loads(cli(*NEEDED, "--top", "1", "--json").stdout)["run_id"] == "r1"


@pytest.mark.parametrize(
    ("as_of", "quarter"),
    [("2024-07-15", "2024Q2"), ("2024-07-14", "2024Q1"), ("2025-01-15", "2024Q4"), ("2023-01-01", "2024Q4")],
)
def test_the_last_announcement_is_one_that_can_be_announced(as_of, quarter):
    quarters = ["2024Q1", "2024Q2", "2024Q4"]
    assert last_complete(quarters, date.fromisoformat(as_of), 15) == quarter
