"""`reconcile` on the fixture village: what it prints and writes, and the code it ends with."""

import json
import shutil

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.inputs.files import hash_file
from jifen_batch.notices import breaks
from jifen_batch.tables.statement import JUDGED_BREAKS

HOUSEHOLD = ("household_id", "scoring_year")
CATEGORY = (*HOUSEHOLD, "category")


def wrong(balances, household, by, row=0):
    """The balances with one row of a household changed."""
    at = pl.int_range(pl.len()) == balances["household_id"].to_list().index(household) + row
    return balances.with_columns(points=pl.when(at).then(pl.col("points") + by).otherwise("points"))


def test_equal_figures_reconcile(village, reconcile):
    result = reconcile(village.balances)
    assert result.exit_code == 0
    assert (result.said["outcome"], result.said["open"], result.said["breaks"]) == ("reconciled", 0, [])
    assert result.said["totals"][0]["matched"] == village.balances.height


@pytest.mark.parametrize(
    "grain", [(), ("category",), ("item",), ("quarter",), ("category", "item", "quarter")]
)
def test_equal_figures_reconcile_at_every_grain(village, reconcile, grain):
    ledger = pl.read_parquet(f"{village.folder}/ledger/**/*.parquet", hive_partitioning=True)
    result = reconcile(ledger.group_by(*HOUSEHOLD, *grain).agg(pl.col("points").sum()))
    assert result.exit_code == 0
    assert result.said["grain"] == list(grain)


def test_every_kind_of_break_is_found_and_adds_up(village, reconcile):
    """One amount wrong, one row missing there, one that only they have, one twice."""
    rows = wrong(village.balances, "TH-01", 7)
    rows = pl.concat([rows[:-1], rows[20:21], rows[:1].with_columns(household_id=pl.lit("XX-99"))])
    result = reconcile(rows)
    assert result.exit_code == 4
    found = {row["outcome"]: row for row in result.said["breaks"]}
    assert set(found) == {"amount_differs", "only_ours", "only_theirs", "duplicated_theirs"}
    assert found["only_theirs"]["cause"] == "unknown_household"
    assert found["duplicated_theirs"]["cause"] == "duplicate_row"
    whole = result.said["totals"][0]
    assert whole["ours"] - whole["theirs"] == sum(row["difference"] for row in result.said["breaks"])
    assert whole["theirs"] == rows["points"].sum()
    villages = [row for row in result.said["totals"] if row["level"] == "village"]
    assert sum(row["difference"] for row in villages) == whole["difference"]


def test_a_small_difference_is_tolerated(village, reconcile):
    rows = wrong(village.balances, "TH-01", 7)
    assert reconcile(rows, "--tolerance", 7).exit_code == 0
    assert reconcile(rows, "--tolerance", 6).exit_code == 4


def test_an_accepted_break_is_silent_until_its_day_or_its_change(village, reconcile, tmp_path):
    """The command prints the entry; the clerk fills it in; it holds for that difference, until that day."""
    rows = wrong(village.balances, "TH-01", 7)
    entry = reconcile(rows, "--print-accepted", as_json=False).stdout
    register = tmp_path / "accepted.toml"
    register.write_text(entry, encoding="utf-8")
    assert reconcile(rows, "--accepted", register).exit_code == 3, "not filled in yet"
    for name, value in (("who", '"村会计"'), ("why", '"对方补录"')):
        entry = entry.replace(f'{name} = ""', f"{name} = {value}")
    register.write_text(entry.replace("until = ", "until = 2024-12-31"), encoding="utf-8")
    became = {}
    for name, statement, day in (
        ("accepted", rows, "2024-12-31"),
        ("expired", rows, "2025-01-01"),
        ("changed", wrong(rows, "TH-01", 1), "2024-12-31"),
        ("obsolete", village.balances, "2024-12-31"),
    ):
        result = reconcile(statement, "--accepted", register, "--as-of", day)
        judged = [row["acceptance"] for row in result.said["breaks"]]
        became[name] = (result.exit_code, judged, len(result.said["obsolete"]))
    assert became == {
        "accepted": (0, ["accepted"], 0),
        "expired": (4, ["expired"], 0),
        "changed": (4, ["changed"], 0),
        "obsolete": (0, [], 1),
    }


def test_only_the_villages_asked_for_are_judged(village, reconcile):
    rows = wrong(wrong(village.balances, "TH-01", 7), "SQ-01", 7)
    result = reconcile(rows, "--village", "990113101201")
    assert [row["household_id"] for row in result.said["breaks"]] == ["TH-01"]
    result = reconcile(rows, "--town", "990113102")
    assert [row["household_id"] for row in result.said["breaks"]] == ["SQ-01"]
    assert reconcile(rows, "--village", "1").exit_code == 3


def test_households_without_points_stand_in_their_village_and_unknown_ones_nowhere(village, reconcile):
    """A household enrolled in 2023 that has no line is a break of its village; a stranger is everybody's."""
    standings = pl.read_parquet(f"{village.folder}/standings/**/*.parquet")
    idle = standings.join(village.balances, on=HOUSEHOLD, how="anti").row(0, named=True)
    account = {name: idle[name] for name in HOUSEHOLD}
    extra = [account | {"points": 5}, account | {"household_id": "XX-99", "points": 6}]
    extra = pl.DataFrame(extra, schema_overrides={"scoring_year": pl.Int32}).with_columns(
        category=pl.lit("村民议事")
    )
    result = reconcile(pl.concat([village.balances, extra.select(village.balances.columns)]))
    found = {row["household_id"]: row["village_id"] for row in result.said["breaks"]}
    assert found == {idle["household_id"]: idle["village_id"], "XX-99": None}
    others = sorted(set(standings["village_id"]) - {idle["village_id"]})
    result = reconcile("as before", "--village", others[0])
    assert [row["household_id"] for row in result.said["breaks"]] == ["XX-99"]


def test_acceptances_of_other_villages_are_left_alone(village, reconcile, tmp_path):
    """Asked about one village, the register's entries for another are not called obsolete."""
    entry = '[[accepted]]\nhousehold_id = "SQ-01"\nscoring_year = 2023\ncategory = "美亮村宅"\n'
    entry += 'difference = 1\nwho = "甲"\nwhy = "乙"\nuntil = 2099-12-31\n'
    (tmp_path / "accepted.toml").write_text(entry, encoding="utf-8")
    words = ("--accepted", "accepted.toml")
    assert len(reconcile(village.balances, *words).said["obsolete"]) == 1
    assert reconcile(village.balances, *words, "--village", "990113101201").said["obsolete"] == []


def test_accepted_breaks_are_not_printed_again(village, reconcile, tmp_path):
    rows = wrong(wrong(village.balances, "TH-01", 7), "SQ-01", 7)
    first, second = reconcile(rows, "--print-accepted", as_json=False).stdout.strip().split("\n\n")
    filled = first.replace('who = ""', 'who = "甲"').replace('why = ""', 'why = "乙"')
    (tmp_path / "a.toml").write_text(filled.replace("until = ", "until = 2099-12-31"), encoding="utf-8")
    again = reconcile(rows, "--accepted", "a.toml", "--print-accepted", as_json=False)
    assert again.stdout.strip() == second.strip()
    assert again.exit_code == 4


def test_the_report_is_in_plain_chinese(village, reconcile):
    result = reconcile(wrong(village.balances, "TH-01", 7), as_json=False)
    assert result.exit_code == 4
    for word in ("尚有 1 处差异待处理", "对账合计", "差异原因", "分数不符", "TH-01", "待处理"):
        assert word in result.stdout, word
    line = json.loads(result.stderr.splitlines()[-1])
    assert (line["event"], line["open"], line["difference"], line["exit_code"]) == ("reconcile", 1, -7, 4)


def test_of_many_villages_the_worst_are_listed(village, reconcile, monkeypatch):
    monkeypatch.setattr(breaks, "MAX_VILLAGES", 1)
    shown = reconcile(wrong(village.balances, "SQ-01", 7), as_json=False).stdout
    assert "其余 2 个村" in shown
    assert "990113102202" in shown
    assert "990113101201" not in shown


def test_as_many_breaks_are_listed_as_asked_for(village, reconcile):
    rows = wrong(wrong(village.balances, "TH-01", 7), "TH-05", 70)
    shown = reconcile(rows, "--top", 1, as_json=False).stdout
    assert "TH-05" in shown
    assert "TH-01" not in shown
    assert "其余 1 处" in shown


def test_all_breaks_are_written(village, reconcile, tmp_path):
    """In the declared columns, over what stood there, and with nothing left beside it."""
    target = tmp_path / "breaks.parquet"
    target.write_text("old", encoding="utf-8")
    result = reconcile(wrong(village.balances, "TH-01", 7), "--breaks", target)
    written = pl.read_parquet(target)
    assert written.schema == JUDGED_BREAKS.schema
    assert [row["difference"] for row in result.said["breaks"]] == written["difference"].to_list() == [-7]
    assert {path.name for path in tmp_path.iterdir()} == {"breaks.parquet", "statement.csv"}
    assert target.stat().st_mode & 0o777 == 0o640


def test_breaks_are_never_written_over_what_matters(village, reconcile, tmp_path):
    inside = village.folder / "ledger" / "more.parquet"
    for place in ("breaks.csv", "nowhere/b.parquet", inside, village.out / "announced" / "b.parquet"):
        assert reconcile(village.balances, "--breaks", place, as_json=False).exit_code == 2, place
    assert not inside.exists()
    village.balances.write_parquet(tmp_path / "s.parquet")
    words = ("--statement", "s.parquet", "--breaks", "s.parquet")
    (tmp_path / "statement.csv").unlink()
    assert reconcile(None, *words, as_json=False).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--run", "0000"), "no published run"),
        (("--mapping", "none.toml"), "check --mapping"),
        (("--accepted", "none.toml"), "check --accepted"),
    ],
)
def test_what_is_not_there_is_refused(village, reconcile, words, said):
    result = reconcile(village.balances, *words)
    assert result.exit_code == 3
    assert said in result.said["error"]


def test_a_malformed_mapping_is_told_line_by_line(village, reconcile, tmp_path):
    (tmp_path / "m.toml").write_text("[colums]\n[file]\nheader_row = 0\n", encoding="utf-8")
    result = reconcile(village.balances, "--mapping", "m.toml")
    assert result.exit_code == 3
    lines = map(json.loads, result.stderr.splitlines())
    assert [(line["file"], line["line"]) for line in lines] == [("m.toml", 1), ("m.toml", 3)]
    assert "about the mapping file" in result.said["error"]


def test_a_damaged_file_of_the_run_is_named_and_nothing_is_reconciled_with_it(village, tmp_path):
    """One bit of it would else be somebody's difference."""
    copy = tmp_path / "copy"
    shutil.copytree(village.out, copy, symlinks=True)
    file = next((copy / "current" / "balances").glob("*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)
    village.balances.write_csv(tmp_path / "statement.csv")
    given = ["reconcile", "--out", str(copy), "--statement", str(tmp_path / "statement.csv")]
    result = CliRunner().invoke(program, given)
    assert result.exit_code == 3
    assert f"balances/{file.name}: is not as its manifest says; run again" in result.stderr


@pytest.mark.parametrize("damaged", [False, True])
def test_an_earlier_run_explains_a_break_as_long_as_it_is_whole(village, tmp_path, damaged):
    """It had a point more for one household, as the statement has."""
    out = tmp_path / "copy"
    shutil.copytree(village.out, out, symlinks=True)
    earlier = out / "runs" / ("0" * 16)
    shutil.copytree(village.folder, earlier)
    (file,) = (earlier / "balances").glob("*.parquet")
    household = pl.all_horizontal(pl.col(name) == village.balances[name][0] for name in CATEGORY)
    balances = pl.read_parquet(file).with_columns(pl.col("net") + household.cast(pl.Int64))
    balances.write_parquet(file)
    manifest = json.loads((earlier / "manifest.json").read_bytes())
    (written,) = [one for one in manifest["outputs"] if one["name"] == f"balances/{file.name}"]
    written["size"], written["sha256"] = hash_file(file)
    (earlier / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if damaged:
        file.write_bytes(file.read_bytes()[:-40])
    balances.select(*CATEGORY, points="net").write_csv(tmp_path / "statement.csv")
    given = ["reconcile", "--out", str(out), "--statement", str(tmp_path / "statement.csv"), "--json"]
    result = CliRunner().invoke(program, given)
    assert result.exit_code == 4
    assert [one["cause"] for one in json.loads(result.stdout)["breaks"]] == [None if damaged else "older_run"]


def test_monitoring_learns_of_open_breaks_and_of_a_statement_that_is_refused(village, reconcile, tmp_path):
    words = ("--metrics", "night.prom")
    assert reconcile(village.balances, *words).exit_code == 0
    well = (tmp_path / "night.prom").read_text()
    keys = village.balances.height
    for line in ("open_breaks 0.0", "breaks 0.0", f"keys {keys}.0", "exit_code 0.0"):
        assert f"\njifen_batch_reconcile_{line}\n" in well, line
    assert reconcile(wrong(village.balances, "TH-01", 3), *words).exit_code == 4
    broken = (tmp_path / "night.prom").read_text()
    for line in ("open_breaks 1.0", "breaks 1.0", "exit_code 4.0"):
        assert f"\njifen_batch_reconcile_{line}\n" in broken, line
    assert reconcile(village.balances.drop("points"), *words).exit_code == 3
    refused = (tmp_path / "night.prom").read_text()
    assert "\njifen_batch_reconcile_exit_code 3.0\n" in refused
    assert "reconcile_breaks" not in refused
    success = "jifen_batch_reconcile_last_success_timestamp_seconds "
    assert [text.split(success)[2].split("\n")[0] for text in (broken,)] == [
        text.split(success)[2].split("\n")[0] for text in (refused,)
    ]


def test_what_of_a_statement_is_not_read_or_may_be_broken_off_is_told(village, tmp_path):
    folder = tmp_path / "statement"
    folder.mkdir()
    (folder / "a.csv").write_text(village.balances.write_csv().rstrip("\n"))
    (folder / "notes.txt").write_text("to do")
    result = CliRunner().invoke(
        program, ["reconcile", "--out", str(village.out), "--statement", str(folder), "--json"]
    )
    said = [json.loads(line) for line in result.stderr.splitlines()]
    told = {(one["event"], one["name"]) for one in said if one["level"] == "warning"}
    assert told == {("passed over", "notes.txt"), ("may be wrong", "a.csv")}
    assert result.exit_code == 0
