"""细则修改 as a council reads it."""

from pathlib import Path

from click.testing import CliRunner

from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "configs" / "rules" / "baoshan-2023.toml"


def diff(before, after, *words):
    result = CliRunner().invoke(program, ["rules", "diff", str(before), str(after), *words])
    return result.exit_code, [" ".join(line.split()) for line in result.stdout.splitlines()]


def edited(folder, *edits):
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "new.toml").write_text(text, encoding="utf-8")
    return folder / "new.toml"


def test_points_and_caps_read_as_the_annex_says_them(tmp_path):
    new = edited(
        tmp_path,
        ("deliberation = 60", "deliberation = 80"),
        ("points = 5\n", "points = [{from = 2023-01-01, points = 5}, {from = 2024-07-01, points = 6}]\n"),
    )
    code, lines = diff(SHIPPED, new)
    assert code == 0
    assert any(line.startswith("deliberation 承诺积极参加村民议事 上限 60分 80分") for line in lines)
    assert any("分值 5分/月 5分/月（2023-01-01起），6分/月（" in line for line in lines)


def test_row_1_is_a_number_and_no_yes(tmp_path):
    code, lines = diff(SHIPPED, edited(tmp_path, ("row = 1\n", "")))
    assert code == 0
    assert any("附件行号 1 无" in line for line in lines)


def test_the_same_books_say_so(tmp_path):
    assert diff(SHIPPED, edited(tmp_path)) == (0, ["两套细则内容相同，没有修改。"])


def test_local_books_that_follow_are_named_in_a_line(tmp_path):
    for name, text in (("a", ""), ("b", "deliberation = 80")):
        (tmp_path / name).mkdir()
        base = SHIPPED.read_text(encoding="utf-8").replace("deliberation = 60", text or "deliberation = 60")
        (tmp_path / name / "base.toml").write_text(base, encoding="utf-8")
        for local in (ROOT / "fixtures" / "rules").glob("*.toml"):
            (tmp_path / name / local.name).write_bytes(local.read_bytes())
    code, lines = diff(tmp_path / "a", tmp_path / "b")
    assert code == 0
    assert "随所依据的细则一同修改：qingxi-2023、shiqiao-2023" in lines


def test_a_book_that_is_refused_is_refused_here_too(tmp_path):
    assert diff(SHIPPED, edited(tmp_path, ("points = 5\n", "points = 5.5\n")))[0] == 3
    assert diff(SHIPPED, tmp_path / "nowhere.toml")[0] == 3
