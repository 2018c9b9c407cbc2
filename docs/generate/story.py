"""The fixture village's story: every example session of the pages, really run, in the order of its telling.

A step is a command as a person types it, run in a folder of its own where `configs/` and `fixtures/` lie
as in a checkout. What is true of one run only (ids, clock times, seconds, memory, folders) is replaced by
stand-ins, so that a page changes when the program says something else, and at no other time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import shlex
import shutil
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import click
import polars as pl
from click.testing import CliRunner

from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
EXAMPLES, SNIPPETS = Path(__file__).with_name("examples"), Path(__file__).with_name("snippets")
# Where a snippet looks for the output folder; it is run on the story's.
SERVER_OUT = "/srv/jifen/out"
# What a person typed before the first of the sessions: three nights, and the announcements after them.
BEFORE = {"2023-07-16": ["2023Q1", "2023Q2"], "2023-10-16": ["2023Q3"], "2024-01-16": ["2023Q4"], "": []}
STEPS = {
    "make": "make run",
    "init": "jifen-batch init village --example",
    "first": "jifen-batch run --config village/worker.toml --as-of 2024-07-20",
    "first-explain": "jifen-batch explain --config village/worker.toml --year 2023 TH-04",
    "misspelt": "jifen-batch run --config misspelt.toml",
    "check-wrong": "jifen-batch rules check configs/rules/baoshan-2023.toml wrong/library.toml",
    "check-right": "jifen-batch rules check configs/rules/baoshan-2023.toml library.toml",
    "show": "jifen-batch rules show --village 990113102202 --year 2023",
    "announce": "jifen-batch announce --quarter 2024Q1",
    "diff": "jifen-batch rules diff out/fixtures/current/rules edited",
    "what-if": "jifen-batch what-if --rules edited",
    "readings": "jifen-batch what-if --readings configs/rules/readings",
    "held-back": "jifen-batch run --rules edited",
    "accepted": "jifen-batch run --rules edited --accept-rules {fingerprint}",
    "correction": "jifen-batch announce --quarter 2024Q2",
    "cut": "jifen-batch run --rules edited --events cut",
    "rejected": "jifen-batch run --rules edited --as-of 2024-07-21 --max-reject-rate 0.01",
    "compare": "jifen-batch compare {before} current",
    "reconcile": "jifen-batch reconcile --statement other.csv --mapping mapping.toml",
    "reconcile-accepted": "jifen-batch reconcile --statement other.csv --mapping mapping.toml "
    "--accepted accepted.toml",
    "explain": "jifen-batch explain ZL-03",
    "wallets": "jifen-batch run --rules edited --redemptions fixtures/redemptions.csv",
    "verify": "jifen-batch verify",
    "damaged": "jifen-batch verify",
}
# The only ends that a step of this story may have; anything else is a fault, of the program or of the story.
ENDS = {
    "misspelt": 2,
    "check-wrong": 3,
    "held-back": 8,
    "cut": 9,
    "rejected": 6,
    "reconcile": 4,
    "reconcile-accepted": 4,
    "damaged": 4,
}
# An id or a fingerprint; a number of twelve digits is a village.
RUN_ID = re.compile(r"\b(?=[0-9]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{12})\b")
OF_ONE_RUN = (
    (re.compile(r'("timestamp": )"[^"]*"'), r'\1"2024-07-20T02:30:04.812+08:00"'),
    (re.compile(r"((?:内存峰值|[Pp]eak memory) )[\d,]+ MiB"), r"\g<1>187 MiB"),
    (re.compile(r'("seconds": )[\d.]+'), r"\g<1>0.832"),
    (re.compile(r'("peak_memory_bytes": )\d+'), r"\g<1>196952064"),
)


def told(language: str) -> dict[str, tuple[str, list[str]]]:
    """Each step's command as it is typed and the lines that it prints: results, or why there are none."""
    return _told(language if _speaks_both() else "zh")


def _speaks_both() -> bool:
    """Whether the program can be told which language to speak."""
    commands = dict(all_commands(program, click.Context(program)))
    return any(option.name == "language" for option in commands["run"].params)


@cache
def _told(language: str) -> dict[str, tuple[str, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        town = _Town(Path(folder), language)
        for day, quarters in BEFORE.items():
            town.run(f"jifen-batch run {f'--as-of {day}' if day else ''}")
            for quarter in quarters:
                town.run(f"jifen-batch announce --quarter {quarter}")
        before = town.current()
        shown = {}
        for name, command in STEPS.items():
            if name == "damaged":
                shown |= {path.stem: town.snippet(path) for path in sorted(SNIPPETS.glob("*.py"))}
            town.prepare(name)
            typed = command.format(before=before[:6], fingerprint=town.fingerprint)
            lines = town.make() if name == "make" else town.run(typed, ENDS.get(name, 0))
            shown[name] = (town.stand_ins(typed), lines)
            if name == "first":
                shown["log"] = ("", town.logged[-1:])
    return shown


class _Town:
    """A folder in which the story happens."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.ids: dict[str, str] = {}
        self.logged: list[str] = []
        self.fingerprint = ""
        self.environment = {"JIFEN_CONFIG": "town.toml", "JIFEN_LANGUAGE": language}
        for name in ("configs", "fixtures"):
            (folder / name).symlink_to(ROOT / name)
        for path in EXAMPLES.iterdir():
            target = folder / path.name
            shutil.copytree(path, target) if path.is_dir() else shutil.copy(path, target)
        self._edit_rules()

    def make(self) -> list[str]:
        """What `make run` prints: the commands of its recipe, run in a folder of their own."""
        recipe = re.search(r"^run:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        commands = recipe[1].replace("\\\n", " ").splitlines() if recipe else []
        printed = []
        for typed in commands:
            apart = typed.strip().replace("$(BIN)/", "").replace("out/fixtures", "made/fixtures")
            printed += self.run(f"{apart} --config configs/worker.toml")
        return [line.replace("made/fixtures", "out/fixtures") for line in printed]

    def run(self, typed: str, ends: int = 0) -> list[str]:
        """The lines that a command prints; raises where it ends in another way than the story says."""
        # In this process: a start of the interpreter for each of the commands takes longer than all of them.
        with contextlib.chdir(self.folder):
            ended = CliRunner().invoke(program, shlex.split(typed)[1:], env=self.environment)
        if ended.exit_code != ends:
            raise ValueError(f"{typed} ended {ended.exit_code}, not {ends}:\n{ended.output}")
        found = re.search(r"--accept-rules ([0-9a-f]{16})", ended.stdout + ended.stderr)
        self.fingerprint = found[1] if found else self.fingerprint
        self.logged = self.stand_ins(ended.stderr).splitlines()
        # The log of a command that went well is not what it says.
        said = ended.stdout or ended.stderr
        return self.stand_ins(said.rstrip()).splitlines()

    def snippet(self, path: Path) -> tuple[str, list[str]]:
        """A reader's few lines, and what they print."""
        source = path.read_text("utf-8")
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(source.replace(SERVER_OUT, str(self.folder / "out" / "fixtures")), {})  # noqa: S102 - our own
        return source, self.stand_ins(printed.getvalue()).splitlines()

    def current(self) -> str:
        """The id of the current run."""
        return (self.folder / "out" / "fixtures" / "current").resolve().name

    def stand_ins(self, text: str) -> str:
        """A text without what is true of one run only."""
        for pattern, instead in OF_ONE_RUN:
            text = pattern.sub(instead, text)
        text = RUN_ID.sub(lambda found: self._stand_in(found[0]), text)
        shortened = {real[:6]: shown[:6] for real, shown in self.ids.items() if len(real) == 16}  # noqa: PLR2004
        return re.sub(r"\b[0-9a-f]{6}\b", lambda found: shortened.get(found[0], found[0]), text)

    def _stand_in(self, real: str) -> str:
        """An id of the same length, the same whenever the story is told."""
        if real not in self.ids:
            self.ids[real] = hashlib.sha256(f"id {len(self.ids)}".encode()).hexdigest()[: len(real)]
        return self.ids[real]

    def prepare(self, step: str) -> None:
        """What happens beside the commands before a step."""
        if step == "cut":
            shutil.copytree(ROOT / "fixtures" / "events", self.folder / "cut")
            path = self.folder / "cut" / "2024.csv"
            path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:170]), "utf-8")
        elif step == "reconcile":
            (self.folder / "other.csv").write_bytes(self._other_system())
        elif step == "damaged":
            out = self.folder / "out" / "fixtures"
            balances = out / "current" / "balances" / "part-00000.parquet"
            balances.write_bytes(balances.read_bytes() + b"x")
            (out / "announced" / "quarter=2023Q3" / "lines.parquet").unlink()

    def _edit_rules(self) -> None:
        """Copies of the three books in which a clerk has changed two figures."""
        shutil.copytree(ROOT / "fixtures" / "rules", self.folder / "edited")
        shutil.copy(ROOT / "configs" / "rules" / "baoshan-2023.toml", self.folder / "edited")
        edits = {"qingxi": ("flood = 30", "flood = 20"), "shiqiao": ("\npoints = 20\n", "\npoints = 15\n")}
        for book, (was, now) in edits.items():
            path = self.folder / "edited" / f"{book}-2023.toml"
            text = path.read_text(encoding="utf-8")
            assert text.count(was) == 1  # noqa: S101 - the fixture is ours
            path.write_text(text.replace(was, now), encoding="utf-8")

    def _other_system(self) -> bytes:
        """Another system's sheet of 2023: ours before the edit, but for what such systems get wrong."""
        wrong = {("ZL-01", "美亮村宅"): 25, ("TH-04", "文明新风"): 60, ("ZL-03", "平安建设"): 10}
        wrong["SQ-04", "美亮村宅"] = 5
        words = tomllib.loads((self.folder / "mapping.toml").read_text("utf-8"))["values"]["category"]
        theirs = {category: word for word, category in words.items()}
        balances = pl.read_parquet(self.folder / "out" / "fixtures" / "current" / "balances")
        rows = [
            (household, theirs[category], net + wrong.get((household, category), 0))
            for household, category, net in balances.filter(pl.col("scoring_year") == 2023)  # noqa: PLR2004
            .select("household_id", "category", "net")
            .iter_rows()
        ]
        rows = [*rows, rows[3], ("TH-88", "议事类", 60)]
        sheet = [("户编号", "年度", "类别", "积分")] + [(who, "2023年", what, net) for who, what, net in rows]
        sheet.append(("合计", "", "", sum(net for _, _, net in rows)))
        return "\r\n".join(",".join(map(str, row)) for row in sheet).encode("gb18030")
