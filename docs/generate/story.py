"""The fixture village's story: every example session of the pages, really run, in the order of its telling.

A step is a command as a person types it, run in a folder of its own where `configs/` and `fixtures/` lie
as in a checkout. It is typed once, in Chinese, and heard in English beside it. What is true of one run only
(ids, clock times, seconds, memory, folders) is replaced by stand-ins, so that a page changes when the program
says something else, and at no other time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import shlex
import shutil
import tempfile
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl
import structlog
import xlsxwriter
from click.testing import CliRunner
from rich.console import Console
from rich.text import Text

from generate.heard import beside
from generate.steps import BEFORE, CHAPTERS, ENDS
from jifen_batch.cli.language import LANGUAGES
from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
EXAMPLES, SNIPPETS = Path(__file__).with_name("examples"), Path(__file__).with_name("snippets")
# Where a snippet looks for the output folder; it is run on the story's.
SERVER_OUT = "/srv/jifen/out"
# An id or a fingerprint; a number of twelve digits is a village.
RUN_ID = re.compile(r"\b(?=[0-9]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{12})\b")
OF_ONE_RUN = (
    (re.compile(r'("timestamp": )"[^"]*"'), r'\1"2024-07-20T02:30:04.812+08:00"'),
    (re.compile(r"((?:内存峰值|peak of memory) )[\d,]+ MiB"), r"\g<1>187 MiB"),
    (re.compile(r'("seconds": )[\d.]+'), r"\g<1>0.832"),
    (re.compile(r"\d{4}-\d\d-\d\d 撤回"), "2023-10-17 撤回"),
    (re.compile(r"withdrawn \d{4}-\d\d-\d\d"), "withdrawn 2023-10-17"),
    (re.compile(r'("peak_memory_bytes": )\d+'), r"\g<1>196952064"),
)


# A terminal as wide as this: a long sentence goes on in the next line.
COLUMNS = 96


# Of a language, what is printed in it.
Lines = dict[str, list[str]]


class Step(NamedTuple):
    """A step's command as it is typed and the lines that it prints, results or why there are none."""

    typed: str
    lines: Lines


def told(language: str) -> dict[str, tuple[str, list[str]]]:
    """Each step's command and what it prints in this language."""
    return {name: (step.typed, step.lines[language]) for name, step in _played().items()}


@cache
def _played() -> dict[str, Step]:
    shown: dict[str, Step] = {}
    with tempfile.TemporaryDirectory() as folder:
        town = _Town(Path(folder))
        for configuration, steps in CHAPTERS.items():
            shown |= town.chapter(configuration, steps)
    return shown


class _Town:
    """A folder in which the story happens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids: dict[str, str] = {}
        self.logged: list[str] = []
        self.fingerprint = self.refused = ""
        self.environment = {"JIFEN_LANGUAGE": "zh"}
        for name in ("configs", "fixtures"):
            (folder / name).symlink_to(ROOT / name)
        for path in EXAMPLES.iterdir():
            target = folder / path.name
            shutil.copytree(path, target) if path.is_dir() else shutil.copy(path, target)
        self._edit_rules()

    def chapter(self, configuration: str, steps: dict[str, str]) -> dict[str, Step]:
        """What the steps of a chapter print, after what was typed before them."""
        self.environment["JIFEN_CONFIG"] = configuration
        for day, quarters in BEFORE[configuration].items():
            self.run(f"jifen-batch run --as-of {day}")
            for quarter in quarters:
                self.run(f"jifen-batch announce --quarter {quarter}")
        shown, before = dict[str, Step](), self.current()
        for name, command in steps.items():
            if name == "damaged":
                shown |= {path.stem: self.snippet(path) for path in sorted(SNIPPETS.glob("*.py"))}
            self.prepare(name)
            typed = command.format(before=before[:6], fingerprint=self.fingerprint, refused=self.refused)
            lines = self.make() if name == "make" else self.run(typed, ENDS.get(name, 0))
            shown[name] = Step(self.stand_ins(typed), lines)
            if name == "first":
                shown["log"] = Step("", dict.fromkeys(LANGUAGES, self.logged[-1:]))
            elif name == "rejected-list":
                # A file speaks one language: it is asked for in the other, too.
                self.run(f"{typed}-en --language en")
                sheets = {"zh": "todo", "en": "todo-en"}
                found = {one: _sheet(self.folder / to / "0003.xlsx", 2) for one, to in sheets.items()}
                shown["rejected-sheet"] = Step("", found)
        return shown

    def make(self) -> Lines:
        """What `make run` prints: the commands of its recipe, run in a folder of their own."""
        recipe = re.search(r"^run:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        commands = recipe[1].replace("\\\n", " ").splitlines() if recipe else []
        printed: Lines = {language: [] for language in LANGUAGES}
        for typed in commands:
            apart = typed.strip().replace("$(BIN)/", "").replace("out/fixtures", "made/fixtures")
            for language, lines in self.run(f"{apart} --config configs/worker.toml").items():
                printed[language] += [line.replace("made/fixtures", "out/fixtures") for line in lines]
        return printed

    def run(self, typed: str, ends: int = 0) -> Lines:
        """The lines that a command prints; raises where it ends in another way than the story says."""
        # In this process: a start of the interpreter for each of the commands takes longer than all of them.
        with contextlib.chdir(self.folder), beside("en") as english:
            ended = CliRunner().invoke(program, shlex.split(typed)[1:], env=self.environment)
        if ended.exit_code != ends:
            raise ValueError(f"{typed} ended {ended.exit_code}, not {ends}:\n{ended.output}")
        found = re.search(r"--accept-rules ([0-9a-f]{16})", ended.stdout + ended.stderr)
        self.fingerprint = found[1] if found else self.fingerprint
        found = re.search(r"refused/([0-9a-f]{16})", ended.stderr)
        self.refused = found[1] if found else self.refused
        self.logged = self.stand_ins(ended.stderr).splitlines()
        said = {"zh": ended.stdout, "en": english.getvalue()}
        # The log of a command that went well is not what it says.
        return {
            language: self.stand_ins(one.rstrip()).splitlines() or _on_a_terminal(self.logged, language)
            for language, one in said.items()
        }

    def snippet(self, path: Path) -> Step:
        """A reader's few lines, and what they print."""
        source = path.read_text("utf-8")
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(source.replace(SERVER_OUT, str(self.folder / "out" / "fixtures")), {})  # noqa: S102 - our own
        return Step(source, dict.fromkeys(LANGUAGES, self.stand_ins(printed.getvalue()).splitlines()))

    def current(self) -> str:
        """The id of the current run."""
        settings = tomllib.loads((self.folder / self.environment["JIFEN_CONFIG"]).read_text("utf-8"))
        return (self.folder / settings["out"] / "current").resolve().name

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
        elif step == "sheet":
            _village_s_workbook(self.folder / "登记表.xlsx")
        elif step == "lost":
            shutil.rmtree(self.folder / "out" / "office" / "announced" / "quarter=2023Q3")
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


def _on_a_terminal(logged: list[str], language: str) -> list[str]:
    """Why there is no result, as a terminal shows it: the first line of a log, or all complaints."""
    read = [_spoken(json.loads(line), language) for line in logged]
    if "line" in read[0]:
        return [str(line["event"]) for line in read]
    rendered = structlog.dev.ConsoleRenderer(colors=False, sort_keys=False, pad_event_to=0)(None, "", read[0])
    wrapped = Text(str(rendered)).wrap(Console(width=COLUMNS), COLUMNS)
    return [*(line.plain.rstrip() for line in wrapped), "…"]


def _spoken(line: dict[str, object], language: str) -> dict[str, object]:
    """A line of the log, which was logged in Chinese and has its sentence in both, in this language alone."""
    both: dict[str, str] = line.pop("sentence", {})
    return {name: both[language] if value == both.get("zh") else value for name, value in line.items()}


def _sheet(path: Path, number: int) -> list[str]:
    """The rows of a work list's sheet below its title, a line each, cells parted by tabs."""
    rows = pl.read_excel(path, sheet_id=number, has_header=False).rows()[2:]
    return ["\t".join(str(cell) for cell in row) for row in rows]


def _village_s_workbook(path: Path) -> None:
    """A village's sheet of August 2023: title, merged cells, a total, days and words as people write them."""
    rows = (
        ("桃花村积分登记表（2023年8月）",),
        ("序号", "户编号", "积分事项", "发生日期", "认定日期", "状态", "次数"),
        (1, "TH-01", "环境 卫生", "2023.8.31", "2023年9月2日", "认定", ""),
        (2, "", "垃圾分类不达标", "2023/8/9", "2023/8/10", "已认定", "2次"),
        (3, "TH-04", "村 规 民 约", "20230831", "2023-09-02", "认定", ""),
        (4, "TH-02", "环境卫生", "2023.8.31", "2023年9月2日", "待审", ""),
        (5, "TH-01", "志愿者服务", "2023-08-05", "2023-08-06", "认定", "2次"),
        ("合计", "", "", "", "", "", 4),
    )
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("8月")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
