"""Papers as PDF, read back by pypdf: what they say, what they must not do, and what is missing here."""

import importlib.util
import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.errors import UsageRefusedError
from jifen_batch.notices.printed import paper, typeset
from jifen_batch.notices.printed.document import Closing, Document, Page
from printed.reading import contents
from printed.test_notices import COVERED, FIRST, Printed

DAY = date(2023, 7, 15)
HEADERS = ["名次", "户编号", "户主", "积分"]
PAGE = Page("积分公告", "东村 2023年第二季度积分公告", ["说明"], HEADERS, [[1, "h1", "王*", -5]], ["来源"])
CLOSING = Closing(
    "小组", (("组长", "陈某"), ("成员", "")), "2023年7月6日", "AB12-CD34-0000-0001", "2023Q2 x ab"
)


@pytest.fixture(scope="module")
def setter():
    try:
        return typeset.Typesetter()
    except UsageRefusedError as error:
        if "font" in str(error):
            pytest.skip("no Chinese font is installed here")
        raise


def document(*pages, **more):
    return Document("积分公告", "东村 2023年第二季度", pages or [PAGE], ["公示期：七天"], **more)


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content):
    """All text, page by page, without the blanks and joiners that setting puts between signs."""
    return ["".join(page.extract_text().replace(typeset.JOINER, "").split()) for page in read(content).pages]


def test_papers_set_by_several_threads_are_the_same(setter):
    papers = [document(), document(PAGE, PAGE), document(closing=CLOSING)] * 4
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda paper: setter.pdf(paper, DAY), papers))
    assert together == [setter.pdf(paper, DAY) for paper in papers]


def test_a_paper_says_what_the_document_says(setter):
    content = setter.pdf(document(closing=CLOSING), DAY)
    (text,) = text_of(content)
    for said in (
        *("东村2023年第二季度积分公告", "公示期：七天", "说明", "户编号", "王*", "-5", "来源"),
        *("组长：陈某", "成员：", "小组", "打印日期：2023年7月6日", "盖章处", "核对码AB12-CD34-0000-0001"),
        "第1页，共1页",
    ):
        assert said in text


def test_village_quarter_headers_and_code_stand_on_every_page(setter):
    rows = [[number, f"h{number}", "王*", number] for number in range(1, 200)]
    pages = text_of(setter.pdf(document(PAGE._replace(rows=rows), closing=CLOSING), DAY))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert "东村2023年第二季度" in text
        assert f"核对码AB12-CD34-0000-0001第{number}页，共{len(pages)}页" in text
    assert ["名次户编号" in text for text in pages[:-1]] == [True] * (len(pages) - 1)
    found = "".join(pages)
    assert all(f"h{number}" in found for number in (1, 100, 199))


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "$ x^2 $ *bold* _it_ `raw` <label> @ref",
        "= 标题",
        '"]) #pagebreak() [',
        "\\u{41} \\ // comment /* more",
        "https://example.org",
        "{{}} [[]] (()) ;;;",
    ],
)
def test_nothing_in_data_is_markup(setter, hostile):
    page = PAGE._replace(title=hostile, above=[hostile], rows=[[1, hostile, hostile, 2]], below=[hostile])
    closing = CLOSING._replace(issuer=hostile, people=((hostile, hostile),))
    made = Document(hostile, hostile, [page], [hostile], closing)
    content = setter.pdf(made, DAY)
    (text,) = text_of(content)
    assert text.count("".join(hostile.split())) >= 6
    assert "root:" not in text
    assert "/URI" not in str([page.get("/Annots") for page in read(content).pages])


def test_signs_that_steer_are_replaced_and_endless_texts_are_cut(setter):
    rows = [[1, "h\x00\x1b[31m\u202eabc", "x" * 9_000, 1]]
    text = "".join(text_of(setter.pdf(document(PAGE._replace(rows=rows)), DAY)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert 1_900 < text.count("x") <= typeset.MAX_TEXT


def test_the_same_document_gives_the_same_bytes_and_another_day_others(setter):
    made = document(closing=CLOSING)
    assert setter.pdf(made, DAY) == typeset.Typesetter().pdf(made, DAY)
    assert read(setter.pdf(made, DAY)).metadata.creation_date.date() == DAY


def test_a_draft_says_so_across_every_page_and_others_do_not(setter):
    rows = [[number, f"h{number}", "王*", number] for number in range(1, 99)]
    page = PAGE._replace(rows=rows)
    assert all("公示稿" in text for text in text_of(setter.pdf(document(page, draft=True), DAY)))
    assert not any("公示稿" in text for text in text_of(setter.pdf(document(page), DAY)))


@pytest.mark.parametrize(
    ("wanted", "size"), [(("A4", "portrait"), (210, 297)), (("A3", "landscape"), (420, 297))]
)
def test_the_paper_is_the_one_that_is_wanted(setter, wanted, size):
    made = document(paper=wanted[0], layout=wanted[1])
    box = read(setter.pdf(made, DAY)).pages[0].mediabox
    assert tuple(round(float(side) / 72 * 25.4) for side in (box.width, box.height)) == size


def sizes_of(content):
    """The sizes of letters on all pages, in points."""
    sizes = set()
    for page in read(content).pages:
        page.extract_text(visitor_text=lambda *told: sizes.add(round(told[4], 1)))
    return sizes


def test_figures_are_large_and_never_small(setter):
    wide = PAGE._replace(headers=["名"] * 14, rows=[["王*"] * 14] * 3)
    for page in (PAGE, wide):
        sizes = sizes_of(setter.pdf(document(page, closing=CLOSING), DAY))
        assert max(sizes) >= 25
        assert min(size for size in sizes if size) >= 9
        assert paper.choose(document(page)).points >= 12


def test_without_a_chinese_font_the_sentence_says_what_to_install(tmp_path):
    with pytest.raises(
        UsageRefusedError, match=r"no Chinese font is installed; install one .*fonts-noto-cjk"
    ):
        typeset.Typesetter(str(tmp_path), system_fonts=False)
    with pytest.raises(UsageRefusedError, match="is no folder"):
        typeset.Typesetter(str(tmp_path / "nowhere"))


def test_without_typst_the_sentence_says_what_to_install(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "typst" else found(name))
    with pytest.raises(UsageRefusedError, match=r"typst is not installed; install the extra .*\[print\]"):
        typeset.Typesetter()


def test_a_font_may_lie_in_a_folder_of_its_own(setter, tmp_path):
    path = next(one.path for one in setter.fonts.fonts() if one.family == setter.families[0])
    shutil.copy(path, tmp_path / Path(path).name)
    own = typeset.Typesetter(str(tmp_path), system_fonts=False)
    assert own.families[0] == setter.families[0]


@pytest.fixture
def village(tmp_path, monkeypatch):
    monkeypatch.setattr("announce.village.ITEMS", COVERED)
    made = Printed(tmp_path)
    made.named = "东村"
    made.event("e1", date(2023, 2, 1), member_id="member-x")
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    made.night(FIRST)
    return made


def test_announce_writes_pdf_and_workbook_as_the_command_line_and_the_configuration_want(setter, village):
    assert setter
    config = village.folder / "town.toml"
    config.write_text(
        '[notice]\nperiod_days = 7\nposted_on = 2023-04-20\ntelephone = "021-5555"\n'
        '[notice.villages.east]\nissuer = "东村村民委员会"\n',
        encoding="utf-8",
    )
    words = ["--config", config, "announce", "--out", village.out, "--quarter", "2023Q1", "--draft"]
    words += ["--notices", village.folder / "n", "--households", village.register(phone="13812345678")]
    words += ["--notice-format", "pdf", "--notice-format", "xlsx"]
    done = CliRunner().invoke(program, list(map(str, words)))
    assert done.exit_code == 0, done.output
    files = contents(village.folder / "n")
    assert sorted(files) == [
        *("2023Q1_东村_east_公示稿.pdf", "2023Q1_东村_east_公示稿.xlsx"),
        *("2023Q1_东村_east_积分事项.pdf", "2023Q1_东村_east_积分事项.xlsx", "index.xlsx"),
    ]
    notice = "".join(text_of(files["2023Q1_东村_east_公示稿.pdf"]))
    assert "公示期：2023年4月20日至2023年4月26日（7天）" in notice
    assert "向东村村民委员会提出" in notice
    assert "电话：021-5555" in notice
    booklet = "".join(text_of(files["2023Q1_东村_east_积分事项.pdf"]))
    assert "【平安】消防器材1笔+20" in booklet
    everything = notice + booklet
    assert [word for word in ("小明", "李四", "1381234", "member-x", "e1") if word in everything] == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "[notice]\nperiod = 7\n",
            "line 2: the key 'period' is not known here; the nearest is 'period_days'",
        ),
        ("[notice]\nperiod_days = 0\n", "period_days is not a whole number from 1 to 90"),
        ('[notice]\nnames = "full"\n', "names is none of masked, ids"),
        ('[notice]\npeople = ["陈某"]\n', "people is not a list of at most 12 people"),
        ("[notice.villages.east]\nfirst = true\n", "line 2: first is not a whole number"),
        (
            '[notice]\nposted_on = "2023-10-20"\n',
            "posted_on is not a day; write it as 2023-10-20, without quotes",
        ),
        ("notice = 1\n", "the key 'notice' is not known here"),
    ],
)
def test_what_is_wrong_in_the_table_is_refused_with_its_line(village, table, said):
    config = village.folder / "town.toml"
    config.write_text(table, encoding="utf-8")
    words = [
        "--config",
        str(config),
        "announce",
        "--out",
        str(village.out),
        "--quarter",
        "2023Q1",
        "--dry-run",
    ]
    refused = CliRunner().invoke(program, words)
    assert (refused.exit_code, said in refused.output) == (2, True), refused.output


def test_a_draft_needs_a_place_for_the_notices(village):
    refused = CliRunner().invoke(
        program, ["announce", "--out", str(village.out), "--quarter", "2023Q1", "--draft"]
    )
    assert (refused.exit_code, "give --notices FOLDER" in refused.output) == (2, True)


def test_on_a_narrow_paper_a_line_to_sign_keeps_its_length_and_a_day_stands_on_one_line(setter):
    three = CLOSING._replace(
        people=(("组长", ""), ("成员", ""), ("成员", "")), issuer="小泾村 村民积分管理自治小组"
    )
    page = PAGE._replace(headers=HEADERS[:2], rows=[[1, "h1"]])
    made = document(page, closing=three, paper="A4", layout="portrait")
    lines = [
        "".join(line.split()) for line in read(setter.pdf(made, DAY)).pages[0].extract_text().splitlines()
    ]
    assert any(line.startswith("打印日期：2023年7月6日") for line in lines), lines
    assert max(line.count("成员") + line.count("组长") for line in lines) == 2, lines


def test_who_receives_objections_and_the_telephone_number_stand_each_on_one_line(setter):
    parts = ("受理人：陈会计", "电话：021-5555 0101", "地点：村委会一楼 3 号窗口")
    for before in range(12, 40):
        told = "，".join("对" * before) + "。" + "　".join(parts)
        made = Document("积分公告", "东村", [PAGE], ["公示期：七天", told], paper="A4", layout="portrait")
        lines = read(setter.pdf(made, DAY)).pages[0].extract_text().splitlines()
        tight = ["".join(line.split()) for line in lines]
        for part in parts:
            assert any("".join(part.split()) in line for line in tight), (before, part, tight)


def test_how_often_and_for_how_many_points_stand_on_the_line_where_their_item_ends(setter):
    page = PAGE._replace(headers=["户编号", "事项"], rows=[])
    for length in range(20, 60):
        row = ["h1", f"{'租' * length}\N{NO-BREAK SPACE}3笔\N{NO-BREAK SPACE}+30"]
        content = setter.pdf(document(page._replace(rows=[row]), paper="A4", layout="portrait"), DAY)
        tight = ["".join(line.split()) for line in read(content).pages[0].extract_text().splitlines()]
        assert any("租3笔+30" in line.replace(typeset.JOINER, "") for line in tight), (length, tight)


def test_a_header_of_three_characters_is_never_torn_apart():
    page = PAGE._replace(headers=["原公告", "现为", "本季名次"], rows=[[5, 4, 3]])
    assert paper.widths(page) == [300, 200, 200]
    assert [paper.header_lines(header, 7.4, 10.5) for header in page.headers] == [
        ["原公告"],
        ["现为"],
        ["本季", "名次"],
    ]


def test_ids_and_days_keep_their_width_where_texts_give_way():
    texts = ["写明原因的一句话" * 4] * 4
    row = ["3101131022010001", "E2301020000123", "2023-07-01", "deliberation.absence", *texts]
    page = PAGE._replace(headers=["户编号", "事项编号", "日期", "事项", "一", "二", "三", "四"], rows=[row])
    for landscape in (True, False):
        columns = paper.column_widths(page, paper.Paper("A4", landscape, 10.5))
        for cell, width in zip(row[: 4 if landscape else 0], columns, strict=False):
            assert paper.lines_of(paper.width_of(cell), width - paper.PADDING_MM + 0.01, 10.5) == 1, cell
        assert sum(columns) <= paper.Paper("A4", landscape, 10.5).width_mm + 0.01
