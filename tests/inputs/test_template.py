"""The workbook that `template` makes, filled in as a clerk does, reads as its clean twin: no reject."""

import io
import json
import tomllib
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import polars as pl
import pytest
from click.testing import CliRunner

from inputs import twin
from jifen_batch.cli.program import program
from jifen_batch.desk.template.sheets import SHEETS
from jifen_batch.inputs import mapping
from jifen_batch.inputs.find import find
from jifen_batch.inputs.redemptions import read_redemptions
from printed.reading import sheets

PLACE = {
    "village_id": "990113101201",
    "town_id": "990113101",
    "village_name": "桃花村",
    "town_name": "桃源镇",
}
STATUSES = {
    "zh": {"approved": "认定", "declared": "申报", "withdrawn": "撤回", "done": "已兑换"},
    "en": {"approved": "approved", "declared": "declared", "withdrawn": "withdrawn", "done": "done"},
}
FIRST = 4


def asked(folder, *more):
    words = ["template", "--rules", twin.BOOK, "--to", folder / "points.xlsx", *more]
    return CliRunner().invoke(program, [str(word) for word in words])


def cell(name, value):
    """A cell as an office program stores it."""
    if isinstance(value, date):
        value = (value - date(1899, 12, 30)).days
    if isinstance(value, int):
        return f'<c r="{name}"><v>{value}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def fill(path, rows_by_role, *, over_the_example=False):
    """Type rows into the sheets of a workbook, below the example or over it."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    for number, filled in enumerate(SHEETS, start=2):
        name = f"xl/worksheets/sheet{number}.xml"
        columns = [column.name for column in filled.columns]
        first = FIRST - 1 if over_the_example else FIRST
        if over_the_example:
            before, _, rest = files[name].partition('<row r="3"')
            files[name] = before + rest.partition("</row>")[2]
        rows = ""
        for at, row in enumerate(rows_by_role.get(filled.role, []), start=first):
            said = {name: value for name, value in row.items() if value is not None}
            cells = [
                cell(f"{chr(65 + columns.index(name))}{at}", said[name]) for name in columns if name in said
            ]
            rows += f'<row r="{at}">{"".join(cells)}</row>'
        files[name] = files[name].replace("</sheetData>", f"{rows}</sheetData>")
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)


def rows_of(language):
    """The clean twin's rows in a clerk's words."""
    words = STATUSES[language]
    events = [
        dict(zip(twin.EVENTS, row, strict=True)) | {"item": twin.NAMES[row[2]], "status": words[row[4]]}
        for row in twin.ROWS
    ]
    spells = [
        {"household_id": f"TH-0{n}", "householder": "孙某", "enrolled_on": date(2023, 5, 1)}
        | {name: PLACE[name] for name in ("village_id", "town_id")}
        for n in range(1, 5)
    ]
    spent = {"redemption_id": "D1", "household_id": "TH-01", "redeemed_on": date(2023, 9, 1), "points": 30}
    return {
        "events": events,
        "households": spells,
        "villages": [PLACE | {"households_total": 283}],
        "redemptions": [spent | {"status": words["done"]}],
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    (folder / "events.csv").write_text(twin.as_csv(twin.ROWS), encoding="utf-8")
    return twin.ledger(twin.night(folder, folder / "events.csv"))


def read_back(folder):
    """The night over the workbook, by the mapping files beside it."""
    book = folder / "points.xlsx"
    mappings = [folder / f"points.{filled.role}.toml" for filled in SHEETS]
    inputs = {filled.role: book for filled in SHEETS if filled.role != "events"}
    return twin.published(folder, book, *mappings, **inputs)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("over_the_example", [False, True], ids=["below", "over the example"])
def test_filled_in_it_scores_as_its_clean_twin_without_a_reject(tmp_path, clean, language, over_the_example):
    done = asked(tmp_path, "--language", language, "--year", "2023")
    assert done.exit_code == 0, done.stderr
    fill(tmp_path / "points.xlsx", rows_of(language), over_the_example=over_the_example)
    report = read_back(tmp_path)
    assert report.manifest["accounting"]["rejected"] == 0
    others = {one["name"].partition("#")[2] for one in report.manifest["passed_over"]}
    assert others == ({"填表说明", "事项一览"} if language == "zh" else {"Read me", "Items"})
    assert twin.ledger(report) == clean
    covered = pl.read_parquet(report.folder / "participation" / "*.parquet")
    assert covered["households_total"].unique().to_list() == [283]


def test_redemptions_read_as_they_stand(tmp_path):
    asked(tmp_path)
    fill(tmp_path / "points.xlsx", rows_of("zh"))
    found = mapping.load(str(tmp_path / "points.redemptions.toml"))
    read = read_redemptions(find(str(tmp_path / "points.xlsx"), "redemptions", found).files)
    assert read.select("redemption_id", "household_id", "redeemed_on", "points", "status").rows() == [
        ("D1", "TH-01", date(2023, 9, 1), 30, "done")
    ]


def test_every_name_that_the_drop_down_offers_is_an_item_of_the_book(tmp_path):
    asked(tmp_path, "--year", "2023")
    found = sheets((tmp_path / "points.xlsx").read_bytes())
    items = {row[0]: row[4] or "" for row in found["事项一览"][1:]}
    assert len(items) == 37
    rows = rows_of("zh")
    rows["events"] = [
        {"event_id": f"E{n}", "household_id": "TH-01", "item": name, "occurred_on": date(2023, 7, 1),
         "status": "申报", "matter_id": "M1" if "事由编号" in needs else None}
        for n, (name, needs) in enumerate(items.items())
    ]  # fmt: skip
    fill(tmp_path / "points.xlsx", rows)
    report = read_back(tmp_path)
    assert (report.manifest["accounting"]["declared"], report.manifest["rejects_by_reason"]) == (37, {})


def test_items_of_one_name_are_told_apart_by_their_codes(tmp_path):
    book = twin.BOOK.read_text(encoding="utf-8").replace('name = "消防器材"', 'name = "志愿服务"')
    (tmp_path / "book.toml").write_text(book, encoding="utf-8")
    words = ["template", "--rules", tmp_path / "book.toml", "--to", tmp_path / "points.xlsx"]
    assert CliRunner().invoke(program, [str(word) for word in words]).exit_code == 0
    said = tomllib.loads((tmp_path / "points.events.toml").read_text(encoding="utf-8"))
    assert said["values"]["item"]["志愿服务（fire.equipment）"] == "fire.equipment"
    assert said["values"]["item"]["志愿服务（volunteer.service）"] == "volunteer.service"


def test_excel_is_told_what_each_cell_may_hold(tmp_path):
    asked(tmp_path)
    with zipfile.ZipFile(tmp_path / "points.xlsx") as packed:
        events, spells = (packed.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (2, 3))
    assert "'事项一览'!$A$2:$A$38" in events.replace("&apos;", "'").replace("&#39;", "'")
    assert '"申报,评定,认定,不予认定,撤回"' in events.replace("&quot;", '"')
    assert events.count('type="date"') >= 1
    assert "COUNTIF" in events
    assert 'errorStyle="warning"' in events
    assert 'type="date"' in spells


@pytest.mark.parametrize(
    ("more", "file"),
    [(["--year", "2001"], None), ([], "points.xlsx"), ([], "points.villages.toml")],
    ids=["a year without a book", "a workbook that may be filled in", "a mapping file"],
)
def test_it_is_refused_and_nothing_is_put_down(tmp_path, more, file):
    if file:
        (tmp_path / file).write_text("mine", encoding="utf-8")
    done = asked(tmp_path, *more, "--json")
    assert (done.exit_code, json.loads(done.stdout)["exit_code"]) == (2, 2)
    assert [path.name for path in tmp_path.iterdir()] == ([file] if file else [])
    assert file is None or (tmp_path / file).read_text(encoding="utf-8") == "mine"
