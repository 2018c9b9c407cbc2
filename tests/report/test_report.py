"""One page of a run: figures by pencil, nothing of a person, nothing fetched, small for a county."""

import json
import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser

import polars as pl
import pypdf
import pytest

from jifen_batch.desk.report import figures
from jifen_batch.notices.report import charts, district, points
from jifen_batch.notices.report.points import bins
from jifen_batch.notices.report.style import STYLE
from jifen_batch.notices.report.words import SAID, Words
from jifen_batch.tables import PARTICIPATION
from report.conftest import CANARIES

VOID = {"meta"}
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Page(HTMLParser):
    """A page taken apart: the tables by section, what is fetched, and whether every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tables, self.section, self.tags = [], {}, None, set()
        self.attributes = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *one) for one in attrs]
        if tag == "section":
            self.section = dict(attrs)["id"]
        if tag == "tr":
            self.tables.setdefault(self.section, []).append([])
        if tag in {"td", "th"}:
            self.tables[self.section][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *one) for one in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"td", "th"}:
            self.tables[self.section][-1][-1] += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_section_stands_there_well_formed_with_nothing_of_a_person_and_nothing_fetched(
    run, reported, language
):
    result, text = reported(run.out, "--language", language)
    assert result.exit_code == 0, result.stderr
    page = Page(text)
    assert page.open == []
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    fetched = [
        one for one in page.attributes if one[1] in {"src", "href", "srcset"} and not one[2].startswith("#")
    ]
    assert fetched == []
    assert "url(" not in text
    assert "@import" not in text
    for canary in CANARIES:
        assert canary not in text
    for key in ("points", "caps", "distribution", "coverage", "assessment", "rejects", "changes"):
        assert f"<h2>{Words(language, {})(key)}</h2>" in text
    assert all(said.zh != said.en for said in SAID.values())


def test_the_figures_are_those_of_the_pencil(run, reported):
    _, text = reported(run.out, "--language", "zh")
    tables = Page(text).tables
    # Six helps of 5 under the cap of 20: two give nothing, and wang alone is at the cap.
    assert ["志愿服务", "1", "1", "100.0%", "10"] in tables["caps"]
    assert ["五星户", "20", "2"] in tables["nets"]
    assert ["村east", "2", "1", "0", "1"] in tables["rejects"]
    assert tables["rejects"][-1][:2] == ["合计", "3"]
    # wang had nothing the night before and has 40 now; both are ranked otherwise: li was first.
    assert tables["changes"][1] == ["村east", "2023", "1", "40", "0", "0", "2"]
    assert ["town", "2", "—", "3", "—", "1", "33.3%", "1"] in tables["coverage"]
    assert ["town", "2", "2", "100.0%", "—", "66.7%", "—", "—"] in tables["assessment"]


def test_surveys_are_of_villages_and_their_year(run, reported, tmp_path):
    told = {"village_id": ["east", "west", "north"], "scoring_year": [2023, 2022, 2023]}
    counts = {"asked": [40, 10, 10], "aware": [30, 1, 1], "satisfied": [36, 1, 1]}
    pl.DataFrame(told | counts).write_csv(tmp_path / "surveys.csv")
    _, text = reported(run.out, "--language", "zh", "--surveys", tmp_path / "surveys.csv")
    assert ["town", "2", "2", "100.0%", "—", "66.7%", "75.0%", "90.0%"] in Page(text).tables["assessment"]
    assert "问卷里有 1 个村不在其列" in text


def test_what_the_folder_of_surveys_holds_beside_and_what_may_be_cut_is_told(run, reported, tmp_path):
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "s.csv").write_text(
        "village_id,scoring_year,asked,aware,satisfied\neast,2023,40,30,36", encoding="utf-8"
    )
    (folder / "说明.txt").touch()
    result, text = reported(run.out, "--surveys", folder)
    assert (result.exit_code, bool(text)) == (0, True)
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [(line["event"], line["role"], line["name"]) for line in lines] == [
        ("passed over", "surveys", "说明.txt"),
        ("may be wrong", "surveys", "s.csv"),
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("asked", 0), ("aware", 41), ("satisfied", -1)],
    ids=["nobody", "too many", "below zero"],
)
def test_surveys_that_cannot_be_are_refused_with_their_place(run, reported, tmp_path, column, value):
    row = {"village_id": "east", "scoring_year": 2023, "asked": 40, "aware": 30, "satisfied": 36}
    pl.DataFrame([row | {column: value}]).write_csv(tmp_path / "surveys.csv")
    result, text = reported(run.out, "--surveys", tmp_path / "surveys.csv")
    assert (result.exit_code, text) == (3, "")
    assert (
        f"surveys: surveys.csv: column {column}"
        in json.loads(result.stderr.splitlines()[-1])["sentence"]["en"]
    )


def test_the_surveys_of_a_clerk_read_by_a_mapping(run, reported, tmp_path):
    (tmp_path / "surveys.csv").write_text(
        "村,年度,访问,知晓,满意\neast,2023年,40人,30,36\n", encoding="gb18030"
    )
    mapping = (
        '[file]\nrole = "surveys"\nunits = "人"\n[columns]\nvillage_id = "村"\nscoring_year = "年度"\n'
        'asked = "访问"\naware = "知晓"\nsatisfied = "满意"\n[values.scoring_year]\n"2023年" = "2023"\n'
    )
    (tmp_path / "surveys.toml").write_text(mapping, encoding="utf-8")
    words = ("--surveys", tmp_path / "surveys.csv", "--mapping", tmp_path / "surveys.toml")
    result, text = reported(run.out, "--language", "zh", *words)
    assert result.exit_code == 0, result.stderr
    assert "75.0%" in text


def test_a_run_of_nothing_has_a_page(reported, tmp_path):
    from report.conftest import Graded  # noqa: PLC0415 - only here

    empty = Graded(tmp_path / "empty")
    empty.night(date(2023, 11, 20))
    result, text = reported(empty.out, "--language", "zh")
    assert result.exit_code == 0, result.stderr
    assert Page(text).open == []
    assert SAID["no_rejects"].zh in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_of_thousands_of_villages_stays_small_and_says_what_it_bundles(language):
    villages = 3_000
    quarters = [f"{year}Q{number}" for year in (2023, 2024) for number in (1, 2, 3, 4)]
    rows = pl.DataFrame(
        {
            "town_id": [f"t{n // 300:02}" for n in range(villages)],
            "village_id": [f"v{n:04}" for n in range(villages)],
        }
    ).join(pl.DataFrame({"quarter": quarters}), how="cross")
    figures_ = {name: 300 for name in PARTICIPATION.names if name not in {"town_id", "village_id", "quarter"}}
    rows = rows.with_columns(**{name: pl.lit(value, pl.Int32) for name, value in figures_.items()})
    say = Words(language, {})
    section = district.coverage(say, rows, "2024Q4")
    assert say("map_bundled", most="2,000") in section.parts[0]
    assert len("".join(section.parts)) < 100_000
    fewer = district.coverage(say, rows.filter(pl.col("village_id") < "v2000"), "2024Q4")
    assert "".join(fewer.parts).count("<i class=") == 2_000 + 3
    assert len("".join(fewer.parts)) < 300_000


def test_bins_hold_the_lowest_and_the_highest():
    for lowest, highest in ((0, 0), (-7, 3), (-100, 471), (5, 100_000)):
        edges = bins(lowest, highest)
        assert edges[0] <= lowest
        assert highest < edges[-1]
        assert 1 <= len(edges) - 1 <= 34


def test_a_scale_ends_at_a_round_number():
    assert [charts.nice(value) for value in (0.2, 1, 3, 7, 10, 11, 21, 99)] == [1, 1, 5, 10, 10, 20, 50, 100]


def test_a_quarter_that_is_not_over_is_not_told_yet():
    assert figures.whole_quarter(["2023Q3", "2023Q4"], date(2023, 12, 30)) == "2023Q3"
    assert figures.whole_quarter(["2023Q3", "2023Q4"], date(2023, 12, 31)) == "2023Q4"
    assert figures.whole_quarter(["2023Q4"], date(2023, 11, 1)) == "2023Q4"


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_browser_opens_it_at_a_phone_s_width_without_a_word_of_complaint(run, reported, tmp_path, language):
    reported(run.out, "--language", language)
    shot = tmp_path / "phone.png"
    words = [
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    words += ["--enable-logging=stderr", "--window-size=360,4000", f"--screenshot={shot}"]
    done = subprocess.run(
        [*words, (tmp_path / "report.html").as_uri()], capture_output=True, text=True, check=False, timeout=60
    )
    assert shot.exists(), done.stderr
    assert not re.findall(r"CONSOLE|Content Security Policy", done.stderr)


def test_every_ranked_household_stands_in_the_bin_of_its_net():
    spread = pl.DataFrame({"net": [-3, 0, 14, 15, 31], "households": [1, 4, 2, 3, 5]})
    section = points.distribution(Words("zh", {}), 2023, spread, [("三星户", 14, 10)])
    chart = section.parts[1]
    told = dict(re.findall(r"<title>(-?\d+–-?\d+): (\d+)</title>", chart))
    assert told == {"-4–-2": "1", "0–2": "4", "14–16": "5", "30–32": "5"}
    assert "三星户 ≥ 14" in chart


def test_shares_never_exceed_the_whole():
    quarter = {"town_id": ["t"], "village_id": ["v"], "quarter": ["2023Q3"], "households_total": [None]}
    figures_ = {"enrolled": [10], "earning": [12], "active": [11]}
    rows = pl.DataFrame(quarter | figures_, schema_overrides={"households_total": pl.Int32})
    assert "120" not in "".join(district.coverage(Words("zh", {}), rows, "2023Q3").parts)


def test_what_is_deducted_is_told_from_every_category_by_its_colour():
    named = re.findall(r"--(c[0-7]|loss):#(\w{6})", STYLE)
    colours = [(name, [int(code[at : at + 2], 16) for at in (0, 2, 4)]) for name, code in named]
    assert len(colours) == 18
    for first in (0, 9):
        *categories, (last, loss) = sorted(colours[first : first + 9])
        assert last == "loss"
        for name, colour in categories:
            apart = sum((one - other) ** 2 for one, other in zip(colour, loss, strict=True))
            assert apart > 50**2, (name, colour)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")
def test_on_paper_no_table_runs_over_the_edge(run, reported, tmp_path):
    reported(run.out, "--language", "zh")
    text = (tmp_path / "report.html").read_text("utf-8")
    wide = "".join('<th class="n">同一编号指向不同农户鑫</th>' for _ in range(13))
    page, paper = tmp_path / "wide.html", tmp_path / "wide.pdf"
    page.write_text(
        text.replace("</main>", f'<section class="wide"><table><tr>{wide}</tr></table></section></main>')
    )
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={paper}", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(paper).pages)
    assert text.count("鑫") == 13
