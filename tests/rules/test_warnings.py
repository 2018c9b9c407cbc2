"""What `rules check` warns of, one book each with the line that is named, and a like one that is not."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch import rules
from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
HEAD = '[book]\nid = "base"\ntitle = "细则"\nsource = "文"\nfirst_year = 2023\n'
LOCAL = '[book]\nid = "v"\nextends = "base"\nscope = {villages = ["V1"]}\n'


def item(code, **fields):
    given = {"category": '"类"', "task": '"任务"', "name": f'"{code}"', "points": "5", "per": '"event"'}
    lines = "".join(f"{key} = {value}\n" for key, value in (given | fields).items() if value is not None)
    return f'\n[[items]]\ncode = "{code}"\n{lines}'


def own(code, **fields):
    """An entry of a local book with just these fields."""
    return f'\n[[items]]\ncode = "{code}"\n' + "".join(f"{key} = {value}\n" for key, value in fields.items())


def warned(tmp_path, *texts):
    """The warnings as file, line and problem."""
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    found = rules.load([tmp_path]).warnings
    return [(Path(one.file).name, one.line, one.problem.zh) for one in found]


VETO = '{scope = "year", items = ["a"]} # <-'
# Each is warned of once, on the line that is marked.
WARNED = {
    "a matter cap that a given matter escapes": [
        HEAD + item("a", matter='"year"', matter_cap="10 # <-"),
    ],
    "a list that misses what a village adds": [
        HEAD + item("a") + item("f", points="0", forfeits='{scope = "year", items = ["a"]}'),
        LOCAL
        + "\n"
        + own("new", category='"类"', task='"任务"', name='"新"', points="3").replace(
            "[[items]]", "[[items]] # <-"
        )
        + 'per = "event"\n',
    ],
    "a category one sign away": [
        HEAD + item("a", category='"村民议事"'),
        LOCAL + item("b", category='"村民义事" # <-'),
    ],
    "a task one sign longer": [HEAD + item("a", task='"任务"'), LOCAL + item("b", task='"任务一" # <-')],
    "a clause of other points": [HEAD + item("a", clause='"6分/次" # <-')],
    "a clause of points that a village changed": [
        HEAD + item("a", clause='"5分/次"'),
        LOCAL + own("a", points="7 # <-"),
    ],
    "a clause of another cap": [
        HEAD + "\n[caps]\nc = 40\n" + item("a", cap='"c"', clause='"5分/次，最多60分" # <-'),
    ],
    "two items of one name": [HEAD + item("a", name='"同"') + item("b", name='"同" # <-')],
    "a trigger that counts once a year and forfeits by month": [
        HEAD + item("a") + item("f", per='"year"', points="0", forfeits=VETO.replace("year", "month")),
    ],
    "a trigger that counts once a matter and forfeits by quarter": [
        HEAD + item("a") + item("f", per='"matter"', points="0", forfeits=VETO.replace("year", "quarter")),
    ],
    "a veto by quarter that takes a yearly grant": [
        HEAD
        + item("a", per='"year"', grant="true")
        + item("f", points="0", forfeits='{scope = "quarter", items = "all"} # <-'),
    ],
    "a book that ends because its base does": [
        HEAD + "last_year = 2024\n" + item("a"),
        LOCAL.replace("[book]", "[book] # <-"),
    ],
}
QUIET = {
    "a matter cap by matter": [HEAD + item("a", matter_cap="10", matter='"required"')],
    "a list that names all": [
        HEAD + item("a") + item("f", points="0", forfeits='{scope = "year", items = "all"}'),
        LOCAL + item("new"),
    ],
    "a category of its own": [HEAD + item("a", category='"村民议事"'), LOCAL + item("b", category='"环境"')],
    "a clause without numbers": [HEAD + item("a", clause='"按次计分"')],
    "a clause in full-width digits": [HEAD + item("a", clause='"５分/次"')],
    "a clause that leaves the cap to another row": [
        HEAD + "\n[caps]\nc = 40\n" + item("a", cap='"c"', clause='"5分/次"'),
    ],
    "a trigger without limit": [
        HEAD + item("a") + item("f", points="0", forfeits='{scope = "month", items = ["a"]}'),
    ],
    "a veto by year over a yearly grant": [
        HEAD
        + item("a", per='"year"', grant="true")
        + item("f", points="0", forfeits='{scope = "year", items = "all"}'),
    ],
    "a book that says itself when it ends": [
        HEAD + "last_year = 2024\n" + item("a"),
        LOCAL + "last_year = 2024\n",
    ],
}


@pytest.mark.parametrize("name", WARNED)
def test_each_is_warned_of_once_where_it_stands(name, tmp_path):
    texts = WARNED[name]
    [(file, line, _)] = warned(tmp_path, *texts)
    marked = [
        (f"{number}.toml", place)
        for number, text in enumerate(texts)
        for place, written in enumerate(text.split("\n"), 1)
        if "# <-" in written
    ]
    assert (file, line) == marked[0]


@pytest.mark.parametrize("name", QUIET)
def test_what_is_meant_so_is_not_warned_of(name, tmp_path):
    assert warned(tmp_path, *QUIET[name]) == []


def test_the_shipped_book_is_warned_of_nowhere():
    assert rules.load([ROOT / "configs" / "rules" / "baoshan-2023.toml"]).warnings == []


CHINESE = ("--language", "zh")


def check(*words):
    return CliRunner().invoke(program, ["rules", "check", *map(str, words)])


def unfolded(text):
    """A text without the blanks and lines by which a terminal folds it."""
    return "".join(text.split())


@pytest.fixture
def doubtful(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "base.toml").write_text(HEAD + item("a", clause='"6分/次"'), encoding="utf-8")
    (folder / "v.toml").write_text(LOCAL, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("language", "heading", "told"),
    [
        (CHINESE, "提醒 1 处", "base.toml:14: 事项 “a” 的 clause 没有写到现行分值 5;"),
        (
            ("--language", "en"),
            "1 warning(s)",
            "base.toml:14: item “a” has a clause that does not say its present points, 5;",
        ),
    ],
)
def test_a_warning_stops_nobody_unless_asked_to(language, heading, told, doubtful):
    done = check(doubtful, *language)
    assert done.exit_code == 0
    assert heading in done.stdout
    assert unfolded(told) in unfolded(done.stdout)
    strict = check(doubtful, "--strict", *language)
    assert strict.exit_code == 3
    assert told in strict.stderr


def test_a_machine_reads_them_as_complaints(doubtful):
    said = json.loads(check(doubtful, "--json").stdout)
    assert (said["outcome"], said["complaints"]) == ("accepted", [])
    assert [(one["line"], set(one)) for one in said["warnings"]] == [
        (14, {"file", "line", "problem", "remedy", "sentence"})
    ]
    assert all(set(one["sentence"]) == {"en", "zh"} for one in said["warnings"])


def test_a_scope_that_the_register_lacks_is_told_where_it_is_given(doubtful, tmp_path):
    register = tmp_path / "households.csv"
    home = {"household_id": "h", "village_id": "V2", "town_id": "T", "enrolled_on": "2023-01-01"}
    pl.DataFrame([home]).write_csv(register)
    done = check(doubtful, "--households", register, *CHINESE)
    assert done.exit_code == 0
    assert "v.toml:4: 适用范围所写的村 “V1” 在花名册中没有" in done.stdout
    pl.DataFrame([home | {"village_id": "V1.0"}]).write_csv(register)
    assert "'V1.0'应为'V1'" in unfolded(check(doubtful, "--households", register, *CHINESE).stdout)
    pl.DataFrame([home | {"village_id": "V1"}]).write_csv(register)
    assert "适用范围" not in check(doubtful, "--households", register, *CHINESE).stdout


def test_what_the_folder_of_the_register_holds_beside_is_told(doubtful, tmp_path):
    folder = tmp_path / "register"
    folder.mkdir()
    home = {"household_id": "h", "village_id": "V1", "town_id": "T", "enrolled_on": "2023-01-01"}
    pl.DataFrame([home]).write_csv(folder / "households.csv")
    (folder / "说明.txt").touch()
    (line,) = map(json.loads, check(doubtful, "--households", folder).stderr.splitlines())
    assert (line["event"], line["role"], line["name"]) == ("passed over", "households", "说明.txt")
