"""What a page tells to type can be typed: commands and options exist, and blocks of commands are run.

Sessions (`console`) are run when the pages are made. The blocks of `sh` here run in a folder that stands for
`/srv`, as whoever runs the tests, once: they are the same in both languages (`operators/test_page.py`).
What needs root, another user or a wheelhouse is left to a release.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.desk.verify import verify

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = dict(all_commands(program, click.Context(program)))
OPTIONS = {
    name: {opt for one in command.params if isinstance(one, click.Option) for opt in one.opts} | {"--help"}
    for name, command in COMMANDS.items()
}
ANY = {"--version"}.union(*OPTIONS.values())
OTHER_PROGRAMS = ("systemctl ", "pytest ", "git ", "pip ", "dask ")
BIN = Path(sys.executable).parent

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def blocks(page, kind):
    """The fenced blocks of a kind, in their order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def typed(page):
    """Whatever a page writes as code that is a command of ours, or names an option."""
    text = page.read_text("utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    told = re.findall(r"`([^`\n]+)`", prose)
    for kind in ("sh", "ini", "cron"):
        told += [
            line for block in blocks(page, kind) for line in block.splitlines() if "jifen-batch " in line
        ]
    told = [one for one in told if not one.startswith(OTHER_PROGRAMS)]
    return [one for one in told if "jifen-batch " in one or re.search(r"(?<!\S)--[a-z]", one)]


def command_of(words):
    """The command that words begin with, if any."""
    for length in (2, 1):
        if " ".join(words[:length]) in COMMANDS:
            return " ".join(words[:length])
    return None


@pages
def test_every_command_and_every_option_that_is_named_is_there(page):
    for one in typed(page):
        words = re.sub(r"^.*?jifen-batch ", "", one).split()
        name = command_of(words)
        known = OPTIONS[name] if name else ANY
        named = set(re.findall(r"(?<!\S)(--[a-z][a-z-]*)", " ".join(words)))
        assert named <= known, one
        if (
            "jifen-batch " in one
            and not words[0].startswith("-")
            and "pip" not in one
            and "/" not in words[0]
        ):
            assert name, one


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A folder that stands for `/srv`: a village that was scored, and its announcements; made once."""
    srv = tmp_path_factory.mktemp("begun") / "srv"
    (srv / "backup" / "jifen").mkdir(parents=True)
    for words in (
        f"init {srv}/jifen --example",
        f"run --config {srv}/jifen/worker.toml --as-of 2024-07-20",
        f"announce --config {srv}/jifen/worker.toml --quarter 2023Q3 --with-earlier",
        f"announce --config {srv}/jifen/worker.toml --quarter 2023Q4",
    ):
        ended = CliRunner().invoke(program, shlex.split(words))
        assert ended.exit_code == 0, ended.stderr
    return srv


@pytest.fixture
def server(begun, tmp_path):
    """A copy of it for a test."""
    return shutil.copytree(begun, tmp_path / "srv", symlinks=True)


def typed_in_turn(text, srv):
    """The lines of a block as somebody types them, to the first that fails: how that ended, and why.

    Commands of ours are run in this process: what starts them is the next test's matter, and takes longer.
    """
    for line in text.splitlines():
        _, ours, words = line.partition("jifen-batch ")
        if ours:
            ended = CliRunner().invoke(program, shlex.split(here(words, srv)))
            code, why = ended.exit_code, ended.stderr
        else:
            done = shell(line, srv)
            code, why = done.returncode, done.stderr
        if code:
            return code, why
    return 0, ""


def shell(text, srv, instead=()):
    """A block of a page as `sh` runs it, with nothing in its environment; its end and what it prints."""
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(srv)}
    return subprocess.run(
        ["/bin/sh", "-e", "-c", here(text, srv, instead)],
        cwd=srv,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def here(text, srv, instead=()):
    """A block of a page with our folders in place of those it names."""
    for page_s, ours in (
        *instead,
        ("sudo -u jifen ", ""),
        (" -o jifen -g jifen", ""),
        ("/usr/local/bin/jifen-batch", f"{BIN}/jifen-batch"),
    ):
        text = text.replace(page_s, ours)
    text = re.sub(r"(?<!\w)/opt/", f"{srv}/opt/", text)
    return re.sub(r"(?<!\w)/srv/", f"{srv}/", text)


def test_backup_and_restore_are_run_as_the_page_has_them(server):
    back_up, quarter, run, everything = blocks(ROOT / "docs" / "operator" / "restore.en.md", "sh")
    out = server / "jifen" / "out"

    def damaged():
        return {one.file for one in verify(out).findings}

    assert typed_in_turn(back_up, server) == (0, "")
    lines = out / "announced" / "quarter=2023Q4" / "lines.parquet"
    lines.write_bytes(lines.read_bytes()[1:])
    assert damaged() == {str(lines.relative_to(out))}
    assert (typed_in_turn(quarter, server), damaged()) == ((0, ""), set())
    (out / "current" / "balances" / "part-00000.parquet").unlink()
    assert (typed_in_turn(run, server), damaged()) == ((0, ""), set())
    shutil.rmtree(out)
    assert (typed_in_turn(everything, server), damaged()) == ((0, ""), set())
    assert sorted(path.name for path in (out / "announced").glob("quarter=*")) == [
        "quarter=2023Q3",
        "quarter=2023Q4",
    ]
    assert (out / "current").is_symlink()


def test_an_upgrade_is_tried_as_the_page_has_it(server):
    upgrade = blocks(ROOT / "docs" / "operator" / "install.en.md", "sh")[-1]
    (server / "opt" / "jifen-batch" / "0.3.0").mkdir(parents=True)
    (server / "opt" / "jifen-batch" / "0.3.0" / "bin").symlink_to(BIN)
    current = (server / "jifen" / "out" / "current").resolve().name
    ended = shell(upgrade, server, [("PREVIOUS", current)])
    assert ended.returncode == 0, ended.stderr
    assert (server / "opt" / "jifen-batch" / "current").readlink() == Path("0.3.0")


def test_the_line_of_cron_is_silent_about_a_good_night_and_names_the_end_of_a_bad_one(server):
    (line,) = blocks(ROOT / "docs" / "operator" / "nightly.en.md", "cron")
    command = line.split(maxsplit=5)[5]
    good = shell(command, server)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    (server / "jifen" / "in" / "households.csv").unlink()
    bad = shell(command, server)
    assert bad.stdout == "jifen-batch ended with 3\n"
    assert "households.csv" in (server / "jifen" / "run.log").read_text("utf-8")
