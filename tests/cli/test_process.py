"""The command as the operating system sees it: start-up, signals, closed pipes, exit codes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program

COMMAND = (sys.executable, "-m", "jifen_batch")
FULL = Path("/dev/full")
FIXTURES = Path(__file__).parents[2] / "fixtures"
ONLY_OTHERS = {"pydantic", "rich", "asyncio", "colorama", "xlsxwriter", "fastexcel", "duckdb"} | {
    "importlib.metadata",
    "email",
    "numpy.ma",
    "numpy._typing",
    "pyarrow._s3fs",
}
OF_SHEETS = {
    f"jifen_batch.inputs.{name}"
    for name in ("sheet_rows", "sheet_cells", "event_sheets", "formats.workbook", "formats.delimited")
}
HEAVY = {"polars", "pyarrow", "pydantic", "rich", "structlog"}


def finished(*words, **settings):
    return subprocess.run(
        [*COMMAND, *words], check=False, capture_output=True, encoding="utf-8", timeout=60, **settings
    )


def test_help_is_quick_and_loads_nothing_heavy():
    code = (
        "import sys\nfrom jifen_batch.cli.program import program\n"
        "try:\n    program.main(sys.argv[1:])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    out = str(FIXTURES / "released" / "0.1.0" / "out")
    for words in (["--help"], ["run", "--help"], ["rules", "show", "--help"], ["current", "--out", out]):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code, *words], check=True, capture_output=True, encoding="utf-8"
        )
        seconds = time.perf_counter() - began
        # A command that works can be stopped at once, and then says so in its log.
        assert done.stdout.splitlines()[-1] == ("[]" if "--help" in words else "['structlog']")
        assert seconds < 5, "0.1 s on a machine with nothing else to do"


def loaded(of, events, households, out):
    """Which of some modules a night has loaded at its end."""
    code = (
        "import sys\nfrom jifen_batch.cli.program import program\n"
        "assert program.work(sys.argv[1:]) == 0\n"
        f"print(sorted({of!r} & set(sys.modules)))"
    )
    words = {
        "events": events,
        "households": households,
        "rules": FIXTURES.parent / "configs" / "rules" / "baoshan-2023.toml",
        "as-of": "2024-07-20",
        "out": out,
        "max-reject-rate": 1,
    }
    told = [str(one) for name, value in words.items() for one in (f"--{name}", value)]
    done = subprocess.run(
        [sys.executable, "-c", code, "run", *told, "--json"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()[-1]


def test_a_plain_night_loads_nothing_that_only_others_need(tmp_path):
    """Each took one part in thirty to one in six of a village's night."""
    assert loaded(ONLY_OTHERS, FIXTURES / "events", FIXTURES / "households.csv", tmp_path / "out") == "[]"


def test_what_reads_sheets_is_loaded_for_sheets_only(tmp_path):
    made = tmp_path / "made"
    words = ["synth", "--households", "20", "--years", "1", "--out", str(made)]
    assert CliRunner().invoke(program, words).exit_code == 0
    assert loaded(OF_SHEETS, made / "events", made / "households.parquet", tmp_path / "out") == "[]"
    told = loaded(OF_SHEETS, made / "events", FIXTURES / "households.csv", tmp_path / "other")
    assert "jifen_batch.inputs.sheet_rows" in told


@pytest.mark.parametrize("words", [("--help",), ("rules", "schema")])
def test_a_reader_that_has_enough_is_no_error(words):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*COMMAND, *words], check=False, stdout=write, stderr=subprocess.PIPE, encoding="utf-8", timeout=60
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("rules", "schema"), 7),
        (("rules", "check", "configs/rules", "--json"), 7),
        (("current", "--out", "no/where", "--json"), 3),
        (("run", "--json"), 2),
    ],
)
def test_a_full_disk_under_stdout_is_told(words, code):
    with FULL.open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=FIXTURES.parent,
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
        )
    assert done.returncode == code
    assert code != 7 or "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "current"])
def test_an_output_folder_whose_name_no_table_can_stand_under_is_wrong_usage(command):
    needed = ("--events", "e", "--households", "h", "--rules", "r") if command == "run" else ()
    done = finished(command, *needed, "--out", os.fsdecode(b"out\xff"))
    assert done.returncode == 2
    assert "UTF-8" in done.stderr


def test_stdout_and_stderr_may_be_missing_altogether():
    command = f'"{sys.executable}" -m jifen_batch rules schema >&- 2>&-'
    assert subprocess.run(["/bin/sh", "-c", command], check=False, timeout=60).returncode == 0


def test_chinese_is_printed_whatever_the_locale():
    done = subprocess.run(
        [*COMMAND, "--help"],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_json_holds_chinese_whatever_the_locale():
    texts = [
        finished("rules", "schema", env={**os.environ, "PYTHONIOENCODING": encoding}).stdout
        for encoding in ("utf-8", "ascii")
    ]
    assert not texts[0].isascii()
    assert texts[1].isascii()
    assert json.loads(texts[0]) == json.loads(texts[1])


def test_wrong_usage_is_2_and_no_command_shows_the_help():
    wrong = finished("no-such-command")
    assert wrong.returncode == 2
    assert json.loads(wrong.stderr.splitlines()[-1])["exit_code"] == 2
    nothing = finished()
    assert nothing.returncode == 2
    assert "Commands:" in nothing.stderr + nothing.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--events", str(FIXTURES / "events"), "--households", str(FIXTURES / "households.csv")],
        ["rules", "check", "book.toml"],
        ["export", "--out", str(FIXTURES / "released" / "0.1.0" / "out"), "ledger", "--to", "x.csv"],
        ["synth", "--households", "2", "--years", "1", "--seed", "1", "--out", "made"],
        ["template", "--rules", "book.toml", "--to", "t.xlsx"],
    ],
    ids=lambda words: words[0],
)
def test_relative_paths_in_a_folder_that_was_deleted_are_wrong_usage(words, tmp_path):
    """Nothing of it is a fault of the program, nor of the disk."""
    if words[0] == "run":
        words = [*words, "--rules", "book.toml", "--out", str(tmp_path / "out")]
    (tmp_path / "here").mkdir()
    script = 'rmdir "$0" && exec "$@"'
    done = subprocess.run(
        ["/bin/sh", "-c", script, str(tmp_path / "here"), *COMMAND, *words],
        cwd=tmp_path / "here",
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 2, done.stderr
    first = json.loads(next(line for line in done.stderr.splitlines() if line.startswith("{")))
    assert "the folder that this command runs in was deleted" in first["sentence"]["en"]
    assert "已被删除" in first["sentence"]["zh"]
