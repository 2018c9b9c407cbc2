"""Rule files on disk: which are read, how they are named, and what is no TOML."""

import os

import pytest

from jifen_batch import rules
from jifen_batch.errors import InputRefusedError, RulesRefusedError
from jifen_batch.rules.file import FILE_BYTES_LIMIT
from rules.writing import BOOK, item, load, local, write


def line_of_refusal(folder, content):
    """Line and text of the one complaint about a file of these bytes."""
    path = folder / "x.toml"
    path.write_bytes(content)
    with pytest.raises(RulesRefusedError) as refused:
        rules.load([path])
    [complaint] = refused.value.complaints
    assert complaint.file == str(path)
    return complaint.line, complaint.sentence.zh


def test_a_folder_is_its_toml_files_and_nothing_below_or_beside_them(tmp_path):
    write(tmp_path, BOOK)
    (tmp_path / "notes.txt").write_text("no toml")
    (tmp_path / ".#1.toml").symlink_to("nowhere")
    (tmp_path / "below.toml").mkdir()
    (tmp_path / "below.toml" / "2.toml").write_text("no toml")
    assert [file.name for file in rules.load([tmp_path]).files] == ["1.toml"]


def test_a_file_given_twice_is_read_once_whatever_it_is_called(tmp_path):
    folder = write(tmp_path, BOOK)
    (tmp_path / "link").symlink_to(folder / "1.toml")
    assert len(rules.load([folder, folder / "1.toml", tmp_path / "link"]).files) == 1


def test_several_files_and_folders_make_one_set_of_books(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write(tmp_path / "a", BOOK)
    write(tmp_path / "b", local("v"))
    loaded = rules.load([tmp_path / "b" / "1.toml", tmp_path / "a"])
    assert loaded.tables.books["id"].to_list() == ["base", "v"]
    assert [file.name for file in loaded.files] == ["1.toml", "1-2.toml"]


def test_names_of_copies_do_not_depend_on_the_order_of_paths(tmp_path):
    for folder, text in (("a", BOOK), ("b", local("v"))):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, text)
    one, two = rules.load([tmp_path / "a", tmp_path / "b"]), rules.load([tmp_path / "b", tmp_path / "a"])
    assert [(f.name, f.content) for f in one.files] == [(f.name, f.content) for f in two.files]


def test_a_copy_is_named_safely_whatever_the_file_is_called(tmp_path):
    path = tmp_path / os.fsdecode(b"..\xff\n -\xe7\xbb\x86.rules")
    path.write_text(BOOK, encoding="utf-8")
    [file] = rules.load([path]).files
    assert file.name == "___-细.rules.toml"


def test_content_is_kept_byte_by_byte(tmp_path):
    content = b"\xef\xbb\xbf" + (BOOK + "# end").replace("\n", "\r\n").encode()
    (tmp_path / "1.toml").write_bytes(content)
    assert rules.load([tmp_path]).files[0].content == content


@pytest.mark.parametrize("make", ["missing", "empty folder", "pipe"])
def test_a_path_without_rule_files_is_an_input_error_that_names_it(make, tmp_path):
    path = tmp_path / "here"
    if make == "empty folder":
        path.mkdir()
    if make == "pipe":
        os.mkfifo(path)
    with pytest.raises(InputRefusedError, match=r"here.*--rules"):
        rules.load([path])


def test_no_path_at_all_is_an_input_error():
    with pytest.raises(InputRefusedError):
        rules.load([])


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b'[book]\nid = "\xd6\xd0"\n', 2, "UTF-8"),
        (BOOK.encode("utf-16"), 1, "UTF-8"),
        (b'[book]\nid = "a"\n\nid = "b"\n', 4, "写了两次"),
        (b"[book]\n[caps]\n[book]\n", 3, "写了两次"),
        (b"[book\n", 1, "方括号"),
        ("[book]\nid = “a”\n".encode(), 2, "半角"),
        (b"[book]\nx = 2023-02-30\n", 2, "日期"),
        (b'[book]\nx = "abc\n', 2, "引号"),
        (b"[book]\nx = [1,\n2\n\n\n", 3, "方括号"),
        (b"\n\nx = " + b"[" * 20_000, 3, "嵌套"),
        (b"[book]\nx = " + b"{a=" * 5_000 + b"1", 2, ""),
        (b"[book]\n" + b"a." * 60_000 + b"a = 1\n", 2, "段以上"),
        (b"[book]\nx = " + b"9" * 5_000 + b"\n\n[caps]\n", 2, "整数过长"),
        (b"#" * (FILE_BYTES_LIMIT + 1), 1, "512 KB"),
        (b"", 1, "[book]"),
    ],
)
def test_what_is_no_rule_file_is_refused_with_its_line(content, line, said, tmp_path):
    found, text = line_of_refusal(tmp_path, content)
    assert found == line
    assert said in text


def test_a_file_of_just_the_size_allowed_is_read(tmp_path):
    text = BOOK.encode()
    (tmp_path / "1.toml").write_bytes(text + b"#" * (FILE_BYTES_LIMIT - len(text)))
    assert rules.load([tmp_path]).tables.books.height == 1


def test_a_scope_of_many_dotted_places_is_no_long_key(tmp_path):
    villages = ", ".join(f'"cn.sh.bs.{n}"' for n in range(1_000))
    loaded = load(tmp_path, BOOK + item("a"), local("v", f"scope = {{villages = [{villages}]}}"))
    assert loaded.tables.scopes.filter(level=2)["place_id"].n_unique() == 1_000
