"""Plain code and pydantic read one declaration alike: what one refuses of a parsed file, so does the other.

`SOAK_SEEDS=FIRST:LAST` breaks other, or more, files; a failing seed, given again, fails again.
"""

import copy
import datetime as dt
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from jifen_batch.inputs.accepted_breaks import AcceptedForm
from jifen_batch.inputs.mapping import MappingForm
from jifen_batch.rules.declared import Table, bare, choices, taken_apart
from jifen_batch.rules.fitted import fitted
from jifen_batch.rules.model import RuleFileForm
from jifen_batch.rules.modelled import misfits

CONFIGS = Path(__file__).parents[2] / "configs"
FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:40").partition(":")
SEEDS, MUTANTS = range(int(FIRST), int(LAST)), 20
RULES = """
[book]
id = "village"
title = "本村\\n细则"
source = "决议"
first_year = 2024
last_year = 2030
extends = "base"
scope = {villages = ["V"], towns = ["T"]}
unset = ["last_year"]
[caps]
all = 60
day = {points = 5, basis = "net", period = "month", within = "all", floor = -5}
step = {points = [{from = 2023-01-01, points = 5}, {from = 2024-01-01, points = 6}]}
[[grades]]
name = "五星户"
at_least = 80
top = 3
top_percent = 10
bars = ["a"]
[wallet]
expires = "12-31"
[[items]]
code = "a"
row = 1
category = "类"
task = "任务"
name = "名"
content = ""
clause = "第一条"
points = [{from = 2024-01-01, points = -4}]
per = "event"
pledge = true
cap = "day"
matter_cap = 4
matter = "day"
exclusive = "x"
by_member = false
forfeits = {scope = "year", items = ["b"], reach = "before"}
notice = "hidden"
kinds = ["出租户"]
grant = true
spendable = false
disabled = false
unset = ["cap"]
[[items]]
code = "b"
points = 3
forfeits = {scope = "month", items = "all"}
"""
MAPPING = """
[file]
role = "events"
sheets = ["7月", "8月"]
header_row = 2
header_with = "户编号"
encoding = "gb18030"
delimiter = ";"
thousands_commas = true
cut_times = false
units = {quantity = ["次", "回"]}
fill_down = "household_id"
skip_rows_where = {"序号" = ["合计", "小计"], "户编号" = "合计"}
wide = {columns = "category", cells = "points"}
key = {event_id = ["户编号", "日期"]}
items_by_name = true
[columns]
household_id = ["户编号", "户号"]
points = "净积分"
[values.status]
"申报" = "declared"
"五" = 5
"日" = 2023-01-01
[constants]
scoring_year = 2023
"""
ACCEPTED = """
[[accepted]]
household_id = "a"
scoring_year = 2023
category = "类"
item = "x"
quarter = "2023年第三季度"
difference = -20
who = "村会计"
why = "对方年底补录"
until = 2024-07-20
"""
EXAMPLES = [(RuleFileForm, RULES), (MappingForm, MAPPING), (AcceptedForm, ACCEPTED)]
SHIPPED = [
    *((RuleFileForm, path) for path in sorted(CONFIGS.glob("rules/**/*.toml"))),
    *((MappingForm, path) for path in sorted(CONFIGS.glob("mappings/*.toml"))),
]
SCALARS = (
    0, 1, -1, 5, 34, 35, 100, 101, 9999, 10_000, 1_000_000, -1_000_001, 10**15, 10**15 + 1, -(10**15) - 1,
    10**30, 1.0, float("nan"), True, False, "", " ", "　", "x", " x", "x\u200b", "x\u2028", "a\x01b", "a\nb",
    "all", "year", "month", "net", "none", "events", "utf-8", "\t", "2023Q3", "@0", "[key]", "a\tb",
    "\U0001f600" * 50, dt.date(2023, 1, 1), dt.time(10), dt.datetime(2023, 1, 1, tzinfo=dt.UTC),
    dt.datetime.fromisoformat("2023-01-01T10:00:00"),
)  # fmt: skip
KEYS = ("points", "from", "from_", "code", "items", "book", "[key]", "@0", "", " ", "given", "x", "floor")


def places(value, path=()):
    """Every place in a parsed file."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from places(each, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def other(tables, chance):
    """Any value: a scalar, what stands elsewhere in the file, or that within a list or a table."""
    found = chance.choice(SCALARS)
    if chance.random() < 0.4:
        found = copy.deepcopy(at(tables, chance.choice(list(places(tables)))))
    wraps = [found, found, found, found, [found], [], {}, {chance.choice(KEYS): found}]
    return chance.choice(wraps)


def broken(tables, chance):
    """A copy with one thing taken out, put in, or put in its place."""
    tables = copy.deepcopy(tables)
    *above, key = chance.choice([path for path in places(tables) if path])
    holder = at(tables, above)
    match chance.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice((*KEYS, *holder))] = other(tables, chance)
        case _:
            holder[key] = other(tables, chance)
    return tables


def declared_in(hint):
    """Every key of every table that is declared in an annotation."""
    for choice in choices(hint):
        made_with, of = taken_apart(bare(choice))
        if made_with is not None:
            for each in of:
                yield from declared_in(each)
        elif isinstance(bare(choice), type) and issubclass(bare(choice), Table):
            for key in bare(choice).fields().values():
                yield key.written
                yield from declared_in(key.hint)


@pytest.mark.parametrize(("form", "text"), EXAMPLES, ids=[form.__name__ for form, _ in EXAMPLES])
def test_plain_code_and_pydantic_refuse_the_same(form, text):
    whole = tomllib.loads(text)
    assert fitted(form, whole)
    assert misfits(form, whole) == []
    assert set(declared_in(form)) <= {key for path in places(whole) for key in path}
    refused = 0
    for seed in SEEDS:
        chance = random.Random(seed)  # noqa: S311 - no secret: a seed that can be run again
        for _ in range(MUTANTS):
            mutant = broken(whole, chance)
            taken = fitted(form, mutant) is not None
            assert taken is not bool(misfits(form, mutant)), (seed, mutant)
            refused += not taken
    assert 0.1 < refused / len(SEEDS) / MUTANTS < 0.95


@pytest.mark.parametrize(("form", "path"), SHIPPED, ids=[path.name for _, path in SHIPPED])
def test_what_is_shipped_fits_for_both(form, path):
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    assert fitted(form, tables)
    assert misfits(form, tables) == []


def test_a_table_holds_what_was_given_and_means_the_rest():
    sheet = fitted(RuleFileForm, tomllib.loads(RULES))
    first, second = sheet.items
    assert second.given == {"code", "points", "forfeits"}
    assert (second.points, second.per, second.forfeits.reach) == (3, None, "all")
    assert first.points[0].from_ == dt.date(2024, 1, 1)
    assert first.points[0].data() == {"from": dt.date(2024, 1, 1), "points": -4}
    assert second.changed({"per": "year"}).said() == {
        "code": "b",
        "points": 3,
        "per": "year",
        "forfeits": {"scope": "month", "items": "all", "reach": "all"},
    }


def test_good_files_are_read_without_pydantic():
    """It takes longer to load than a village's files to read."""
    program = (
        "import sys; from pathlib import Path; from jifen_batch import rules; "
        "from jifen_batch.inputs import mapping; "
        "rules.load([Path(sys.argv[1])]); mapping.load(sys.argv[2]); sys.exit('pydantic' in sys.modules)"
    )
    words = [str(CONFIGS / "rules"), str(CONFIGS / "mappings" / "events.toml")]
    assert subprocess.run([sys.executable, "-c", program, *words], check=False).returncode == 0
