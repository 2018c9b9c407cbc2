"""Which files an input has, in which order, and whether they are the ones that were meant."""

import hashlib
import os

import pytest

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import check_unchanged, digest_files
from jifen_batch.inputs.find import find


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def names(location):
    return [file.name for file in find(str(location), "events").files]


def test_a_folder_gives_its_readable_files_in_the_order_of_their_bytes(tmp_path):
    put(tmp_path, "b.csv", "B.parquet", "town=2/a.pq", "村.arrow", "z/é.feather", "c.ipc", "notes.txt")
    assert names(tmp_path) == ["B.parquet", "b.csv", "c.ipc", "town=2/a.pq", "z/é.feather", "村.arrow"]


def test_hidden_files_and_folders_are_left_alone(tmp_path):
    put(tmp_path, "a.csv", ".b.csv", "_c.csv", "_temporary/d.csv", ".git/e.csv")
    assert names(tmp_path) == ["a.csv"]


def test_a_file_is_named_by_itself(tmp_path):
    put(tmp_path, "in/a.CSV")
    assert names(tmp_path / "in/a.CSV") == ["a.CSV"]


def test_a_glob_names_files_below_its_fixed_folder(tmp_path):
    put(tmp_path, "y=1/a.csv", "y=2/a.csv", "z/a.csv")
    assert names(tmp_path / "y=*" / "*.csv") == ["y=1/a.csv", "y=2/a.csv"]


def test_a_glob_that_matches_folders_gives_what_lies_in_them(tmp_path):
    put(tmp_path, "y=1/a.csv", "y=2/m=3/a.csv")
    assert names(tmp_path / "y=*") == ["y=1/a.csv", "y=2/m=3/a.csv"]


def test_a_file_whose_name_looks_like_a_glob_is_itself(tmp_path):
    put(tmp_path, "a[1].csv", "a1.csv")
    assert names(tmp_path / "a[1].csv") == ["a[1].csv"]


def test_a_folder_that_is_a_link_is_read_once(tmp_path):
    put(tmp_path, "in/a/x.csv", "elsewhere/y.csv")
    (tmp_path / "in/b").symlink_to(tmp_path / "in/a")
    (tmp_path / "in/c").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in/a/loop").symlink_to(tmp_path / "in")
    assert names(tmp_path / "in") == ["a/x.csv", "c/y.csv"]


@pytest.mark.parametrize("location", ["nowhere", "nothing-*.csv", "", "empty", "other"])
def test_where_nothing_can_be_read_role_and_place_are_named(tmp_path, monkeypatch, location):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    put(tmp_path, "other/notes.txt")
    with pytest.raises(InputRefusedError, match=f"households: {location.replace('*', '.')}.*; check"):
        find(location, "households")


def test_a_link_that_leads_nowhere_is_not_passed_over(tmp_path):
    put(tmp_path, "a.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputRefusedError, match="events"):
        find(str(tmp_path), "events")


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.csv")).write_text("", encoding="ascii")
    with pytest.raises(InputRefusedError, match="rename the file"):
        find(str(tmp_path), "events")


def test_folders_carry_values(tmp_path):
    put(tmp_path, "town=%E6%9D%91/item=__HIVE_DEFAULT_PARTITION__/status=/a.csv")
    (file,) = find(str(tmp_path), "events").files
    assert file.hive == {"town": "村", "item": None, "status": None}


def test_digests_are_those_of_the_content(tmp_path):
    put(tmp_path, "a.csv", "b.csv")
    for digest in digest_files(find(str(tmp_path), "events").files):
        assert (digest.role, digest.size) == ("events", 5)
        assert digest.sha256 == hashlib.sha256(digest.name.encode()).hexdigest()


def test_a_digest_beside_a_file_must_match(tmp_path):
    put(tmp_path, "a.csv")
    beside = tmp_path / "a.csv.sha256"
    beside.write_text(hashlib.sha256(b"a.csv").hexdigest().upper() + "  a.csv\n", encoding="ascii")
    assert len(digest_files(find(str(tmp_path), "events").files)) == 1
    for wrong in (hashlib.sha256(b"b.csv").hexdigest(), "", "not hex"):
        beside.write_text(wrong, encoding="ascii")
        with pytest.raises(InputRefusedError, match=r"a\.csv: .*sha256"):
            digest_files(find(str(tmp_path), "events").files)


def test_a_file_that_changes_under_the_reader_is_refused(tmp_path):
    put(tmp_path, "a.csv", "b.csv")
    files = find(str(tmp_path), "events").files
    check_unchanged(files)
    (tmp_path / "b.csv").write_text("longer than before", encoding="ascii")
    with pytest.raises(InputRefusedError, match=r"b\.csv: was changed"):
        check_unchanged(files)
