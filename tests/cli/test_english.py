"""With `--language en` every command says all that it says on stdout in English; what is data stays.

Data is what the inputs hold, letter by letter: names of places, the rule books' own words (titles, sources,
items, clauses, categories, grades), cells of sheets, the names of files, and what somebody typed as a reason.
Whatever else has a Chinese sign in it is ours, and has no business in an English answer.

What a command says, it says in sentences and parts that hold both languages: so it is typed once, in English,
and heard in Chinese beside it.
"""

import csv
import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from generate.heard import beside
from jifen_batch.cli import output
from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
FIXTURE, RULES = ROOT / "fixtures", ROOT / "configs" / "rules"
EXAMPLES = ROOT / "docs" / "generate" / "examples"
HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
REASON = "公告漏印一页"
HOUSEHOLDS = ("TH-01", "TH-02", "TH-03", "TH-04", "TH-06", "TH-12", "TH-15", "TH-19", "ZL-04", "SQ-03")
INPUTS = ["--events", FIXTURE / "events", "--households", FIXTURE / "households.csv"]
INPUTS += ["--villages", FIXTURE / "villages.csv"]
OBJECTIONS = ["--objections", EXAMPLES / "objections.csv"]
REDEMPTIONS = ["--redemptions", FIXTURE / "redemptions.csv"]
# A row each: figures, and words of the inputs. The pages' story goes through all of them.
READINGS = ("covenant-pledge", "education-by-member", "environment-void-month", "waste-net")
OUR_RULES = ["--rules", RULES, "--rules", FIXTURE / "rules"]


def texts(value):
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


@pytest.fixture(scope="module")
def data():
    """Every text of the inputs with a Chinese sign in it, the longest first."""
    found = {REASON}
    for path in [*RULES.rglob("*.toml"), *FIXTURE.rglob("*.toml"), *EXAMPLES.rglob("*.toml")]:
        found.add(path.name)
        if "wrong" not in path.parts:
            found |= {*texts(tomllib.loads(path.read_text("utf-8")))}
        # Of a reading, what is open is said in its first comment.
        found |= {line.strip("# ") for line in path.read_text("utf-8").splitlines() if line.startswith("#")}
    for path in [*FIXTURE.rglob("*.csv"), *EXAMPLES.rglob("*.csv")]:
        with path.open(encoding="utf-8-sig") as sheet:
            found |= {cell for row in csv.reader(sheet) for cell in row}
    return sorted(filter(HAN.search, found), key=len, reverse=True)


class Answer(NamedTuple):
    """What a command says on stdout, in either language."""

    english: str
    chinese: str


class Office:
    """A folder in which commands are typed one after the other, each heard in both languages."""

    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"
        self.said = {}

    def type(self, name, *words, ends=0):
        """Type a command in English, and keep what it says; in Chinese too what is said in both languages."""
        line = [str(word) for word in (*words, "--language", "en")]
        with beside("zh") as chinese:
            ended = CliRunner().invoke(program, line)
        assert ended.exit_code == ends, (line, ended.output)
        self.said[name] = Answer(ended.stdout, chinese.getvalue())

    def run(self, day, *words, name="run", ends=0, rules=OUR_RULES):
        """A night."""
        given = ["run", *INPUTS, *rules, "--out", self.out, "--as-of", day, *words]
        self.type(f"{name} {day}", *given, ends=ends)

    def announce(self, name, *words, ends=0):
        """Something about an announcement."""
        self.type(f"announce: {name}", "announce", "--out", self.out, *words, ends=ends)

    def readings(self):
        """Some other readings of the rule book."""
        folder = self.folder / "readings"
        folder.mkdir()
        for name in READINGS:
            shutil.copy(RULES / "readings" / f"{name}.toml", folder)
        return folder

    def edited(self, *edits):
        """The fixture's rule books with texts of some of them replaced."""
        folder = self.folder / "edited"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(FIXTURE / "rules", folder)
        shutil.copy(RULES / "baoshan-2023.toml", folder)
        for file, before, after in edits:
            path = folder / file
            text = path.read_text("utf-8")
            assert before in text
            path.write_text(text.replace(before, after), "utf-8")
        return folder


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A town's two years, and every command over what it published."""
    with pytest.MonkeyPatch.context() as patch:
        # Wide enough that no cell is folded, so that texts of the inputs stand whole.
        patch.setattr(output, "PIPE_COLUMNS", 500)
        made = Office(tmp_path_factory.mktemp("office"))
        tell(made)
    return made


def tell(office):
    """The story: nights, announcements, edits of rules, what other systems say, damage."""
    first = _announced(office)
    edited = _edited(office)
    _accepted(office, edited)
    _asked(office, first)
    _files(office)
    _fleet(office)
    _damage(office.out)
    office.type("verify: damage", "verify", "--out", office.out, ends=4)


def _announced(office):
    """Announcements of every kind; the run that was first."""
    office.run("2023-07-20", "--top", "3")
    office.announce("of 2023Q1", "--quarter", "2023Q1")
    office.announce("of 2023Q2", "--quarter", "2023Q2", "--dry-run")
    first = (office.out / "current").resolve().name
    office.run("2024-01-20", *OBJECTIONS)
    office.announce("that passes over quarters", "--quarter", "2023Q3", ends=4)
    office.announce("with earlier", "--quarter", "2023Q3", "--with-earlier", "--accept-open")
    office.announce("withdrawn", "--withdraw", "2023Q3", "--reason", REASON)
    office.announce("put up again", "--quarter", "2023Q3", "--with-earlier", "--accept-open")
    office.announce("disputed", "--quarter", "2023Q4", "--dry-run", ends=4)
    office.announce("in spite of objections", "--quarter", "2023Q4", "--accept-open")
    return first


def _edited(office):
    """What is asked of edited rule books, before anybody accepts them; the folder of them."""
    stars = [*OUR_RULES, "--rules", EXAMPLES / "stars.toml"]
    edited = office.edited(
        ("baoshan-2023.toml", 'points = 10\nper = "month"', 'points = 9\nper = "month"'),
        ("qingxi-2023.toml", "environment = 95", "environment = 90"),
    )
    asked = [*INPUTS, "--out", office.out, "--as-of", "2024-07-20"]
    office.type("what-if", "what-if", *asked, "--rules", edited)
    office.type("what-if: grades", "what-if", *asked, *stars)
    office.type("what-if: readings", "what-if", *asked, "--readings", office.readings())
    office.type("what-if: as if", "what-if", *asked, "--rules", edited, "--as-if", "2023")
    office.type("rules diff", "rules", "diff", office.out / "current" / "rules", edited)
    office.type("rules check", "rules", "check", RULES / "baoshan-2023.toml", EXAMPLES / "stars.toml")
    for village in ("990113102202", "990113101201"):
        where = ["--village", village, "--year", "2023"]
        office.type(f"rules show {village}", "rules", "show", *stars, *where)
    held = ["run", *asked, *OBJECTIONS, "--rules", edited, "--dry-run", "--top", "2"]
    office.type("run --dry-run", *held, ends=8)
    return edited


def _accepted(office, edited):
    """Nights under the edited books, held back and accepted, and what is announced then."""
    given, rules = [*OBJECTIONS, *REDEMPTIONS], ["--rules", edited]
    office.run("2024-07-20", *given, rules=rules, ends=8)
    accepted = re.search(r"--accept-rules\s+([0-9a-f]{16})", office.said["run 2024-07-20"].english)[1]
    office.run("2024-07-20", *given, "--accept-rules", accepted, rules=rules, name="accepted")
    office.announce("that corrects", "--quarter", "2024Q1", "--top", "100")
    office.announce("that is there already", "--quarter", "2024Q1")
    given += ["--successions", EXAMPLES / "successions.csv"]
    office.run("2024-07-20", *given, rules=rules, name="identity")


def _asked(office, first):
    """What is asked of a published run."""
    out = office.out
    office.type("compare", "compare", "--out", out, first, "current")
    for household in HOUSEHOLDS:
        office.type(f"explain {household}", "explain", "--out", out, household)
    statement = office.folder / "theirs.csv"
    statement.write_bytes(_other_system(out))
    theirs = ["--statement", statement]
    office.type("reconcile", "reconcile", "--out", out, *theirs, ends=4)
    office.type("reconcile: entries", "reconcile", "--out", out, *theirs, "--print-accepted", ends=4)
    office.type("verify", "verify", "--out", out, "--all", "--code", "0123456789abcdef", ends=4)
    office.type("current", "current", "--out", out)


def _files(office):
    """Commands that write files."""
    out, folder = office.out, office.folder
    office.type("worklist", "worklist", "--out", out, "--to", folder / "lists")
    office.type("export", "export", "ledger", "--out", out, "--to", folder / "ledger.csv")
    office.type("report", "report", "--out", out, "--to", folder / "report.html")
    office.type("template", "template", *OUR_RULES, "--to", folder / "blank.xlsx")
    office.type("init", "init", folder / "new")
    office.type("synth", "synth", "--households", "40", "--out", folder / "made")


def _fleet(office):
    """Two counties, of which one has no configuration file."""
    counties, county = office.folder / "counties.toml", office.folder / "county.toml"
    county.write_text(
        f'out = "county-out"\nevents = "{FIXTURE / "events"}"\nhouseholds = "{FIXTURE / "households.csv"}"\n'
        f'rules = ["{RULES / "baoshan-2023.toml"}", "{FIXTURE / "rules"}"]\n',
        "utf-8",
    )
    named = {"east": county.name, "west": "none.toml"}
    counties.write_text(
        "".join(f'[[counties]]\nname = "{name}"\nconfig = "{file}"\n' for name, file in named.items()),
        "utf-8",
    )
    given = ["--counties", counties, "--to", office.folder / "fleet", "--as-of", "2024-07-20"]
    office.type("fleet", "fleet", *given, ends=2)


def _other_system(out):
    """What another system says: some figures wrong, a household of its own, one that it lacks."""
    import polars as pl  # noqa: PLC0415

    ours = pl.read_parquet(out / "current" / "balances" / "**" / "*.parquet", hive_partitioning=True)
    sums = ours.group_by("household_id", "scoring_year", maintain_order=True).agg(points=pl.col("net").sum())
    sums = sums.sort("household_id", "scoring_year").with_row_index("at")
    wrong = pl.when(pl.col("at") % 7 == 3).then(pl.col("points") + 5).otherwise("points")
    theirs = sums.with_columns(points=wrong).filter(pl.col("at") % 11 != 5).drop("at")
    strange = pl.DataFrame({"household_id": ["ZZ-1"], "scoring_year": [2023], "points": [7]})
    return pl.concat([theirs, strange], how="vertical_relaxed").write_csv().encode()


def _damage(out):
    """Change what hangs and what is current, so that `verify` has much to tell."""
    (table,) = list((out / "current" / "participation").rglob("*.parquet"))[:1]
    table.write_bytes(table.read_bytes()[:-7])
    next((out / "announced" / "quarter=2023Q1").glob("lines*")).unlink()
    (out / "announced" / "quarter=2023Q3" / "more.txt").write_text("?")
    (out / "note.txt").write_text("?")


def test_no_command_answers_in_chinese_where_english_is_asked_for(office, data):
    left = {}
    for name, said in office.said.items():
        ours = said.english
        for one in data:
            ours = ours.replace(one, "…")
        if rest := [line.strip() for line in ours.splitlines() if HAN.search(line)]:
            left[name] = rest
    assert not left, json.dumps(left, ensure_ascii=False, indent=1)


def test_every_answer_says_something(office):
    quiet = [name for name, said in office.said.items() if not all(map(str.strip, said))]
    assert not quiet


def test_both_languages_tell_the_same_figures(office):
    """Every number of an English answer stands in the Chinese one, and the reverse."""
    unlike = {}
    for name, said in office.said.items():
        english, chinese = ({*figures(one)} for one in said)
        if english != chinese:
            unlike[name] = sorted(english ^ chinese)
    assert not unlike, unlike


MONTHS = re.compile("January|February|March|April|May|June|July|August|September|October|November|December")
QUARTER = re.compile("第([一二三四])季度")


OF_THE_MOMENT = re.compile(r"\d\.\d{3} |MiB|bytes|Files in|结果文件")


def figures(said):
    """The numbers of an answer, those of months and quarters that stand in words among them."""
    said = "\n".join(line for line in said.splitlines() if not OF_THE_MOMENT.search(line))
    said = MONTHS.sub(lambda name: str(MONTHS.pattern.split("|").index(name[0]) + 1), said)
    said = QUARTER.sub(lambda name: str("一二三四".index(name[1]) + 1), said)
    return [int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+|\d+", said)]
