"""Where a command is called may lie anybody's files: none of them is taken for a library."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "fixtures" / "workbook"
RULES = ROOT / "configs" / "rules" / "baoshan-2023.toml"
NAMED_LIKE = ("polars", "pyarrow", "json", "zipfile", "fastexcel")
ROLES = ("events", "households", "villages", "redemptions")


@pytest.fixture
def theirs(tmp_path):
    """A folder of files that are named like libraries; whoever imports one leaves a sign."""
    for name in NAMED_LIKE:
        text = f"open({str(tmp_path / 'imported')!r}, 'a').write({name!r})\nraise SystemExit(9)\n"
        (tmp_path / f"{name}.py").write_text(text, "ascii")
    return tmp_path


def test_a_night_by_workbook_imports_nothing_from_there(theirs):
    words = [
        Path(sys.executable).parent / "jifen-batch",
        "run",
        "--rules",
        ROOT / "configs" / "rules" / "baoshan-2023.toml",
    ]
    for role in ROLES:
        words += [f"--{role}", BOOK / "积分登记.xlsx", "--mapping", BOOK / f"{role}.toml"]
    words += ["--rules", ROOT / "fixtures" / "rules", "--as-of", "2024-07-20", "--out", theirs / "out"]
    ended = subprocess.run(words, cwd=theirs, capture_output=True, text=True, check=False)
    assert not (theirs / "imported").exists(), (theirs / "imported").read_text("ascii")
    assert ended.returncode == 0, ended.stderr
