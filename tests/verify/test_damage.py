"""What happens to files by itself, or by a careless hand: every kind of it is found, and named."""

import os
import shutil
from random import Random

import pytest

from jifen_batch.desk.verify import verify
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import publish

FLIPS = 60


def flip(path, at=100, bits=0x10):
    content = bytearray(path.read_bytes())
    content[at] ^= bits
    path.write_bytes(content)


def test_a_clean_folder_is_clean(published):
    found = verify(published.out, every_run=True)
    assert found.findings == []
    assert found.remarks == []
    assert [one.name for one in found.quarters] == ["2023Q3", "2023Q4", "2024Q2"]
    assert len(found.runs) == 2
    assert all(one.further == "all" and one.rows > 0 for one in (*found.runs, *found.quarters))


def flipped(published, files, rng):
    """Files in which one bit at a random place is another, and nothing is said of it; mended again."""
    whole = {path: path.read_bytes() for path in files}
    for path, content in whole.items():
        flip(path, rng.randrange(len(content)), 1 << rng.randrange(8))
    named = {one.file for one in verify(published.out, every_run=True).findings}
    for path, content in whole.items():
        path.write_bytes(content)
    return [path for path in files if path.relative_to(published.out).as_posix() not in named]


@pytest.mark.parametrize(("manifests", "rounds"), [(False, 2), (True, 12)])
def test_any_one_flipped_byte_is_found(published, manifests, rounds):
    """0 missed of 180: every file but the lock has one at once, manifests apart, for theirs hide others.

    Nor what the guard keeps beside the runs, which it checks itself (`tests/worker/test_noted_events.py`).
    """
    rng = Random(20230701)  # noqa: S311 - a test's draws
    not_published = {publish.LOCK, publish.NOTED_EVENTS}
    every = sorted(published.out.rglob("*"))
    files = [path for path in every if path.is_file() and path.name not in not_published]
    files = [path for path in files if "current" not in path.relative_to(published.out).parts]
    chosen = [path for path in files if (path.name == "manifest.json") == manifests]
    assert len(chosen) * rounds >= FLIPS
    assert [missed for _ in range(rounds) for missed in flipped(published, chosen, rng)] == []


def test_a_missing_an_added_and_a_replaced_file_are_told_apart(published):
    (published.run / "balances" / "part-00000.parquet").unlink()
    (published.run / "ledger" / "note.txt").write_text("x")
    items = published.run / "items" / "part-00000.parquet"
    kept = published.out.parent / "items.parquet"
    items.rename(kept)
    items.symlink_to(kept)
    flip(published.run / "register" / "part-00000.parquet")
    assert published.found() == {
        ("missing", "balances/part-00000.parquet"),
        ("added", "ledger/note.txt"),
        ("link", "items/part-00000.parquet"),
        ("changed", "register/part-00000.parquet"),
    }


def test_a_changed_and_a_missing_file_of_an_announcement_are_found(published):
    flip(published.quarter("2023Q3") / "lines.parquet")
    (published.quarter("2023Q4") / "standings.parquet").unlink()
    (published.quarter("2023Q4") / "_about" / "rules" / "mine.toml").write_text("")
    assert published.found() == {
        ("changed", "announced/quarter=2023Q3/lines.parquet"),
        ("missing", "announced/quarter=2023Q4/standings.parquet"),
        ("added", "announced/quarter=2023Q4/_about/rules/mine.toml"),
    }


def further(found):
    """How much of each quarter was added up."""
    return {one.name: one.further for one in found.quarters}


def test_a_damaged_quarter_stops_only_the_sums_that_need_it(published):
    flip(published.quarter("2023Q3") / "announcement.parquet")
    shown = verify(published.out)
    assert further(shown) == {"2023Q3": "part", "2023Q4": "all", "2024Q2": "all"}
    flip(published.quarter("2023Q4") / "lines.parquet")
    published.edit_quarter("2024Q2", "announcement.parquet", lambda rows: rows[1:])
    shown = verify(published.out)
    assert further(shown) == {"2023Q3": "part", "2023Q4": "part", "2024Q2": "part"}
    kinds = {(one.kind, one.file.removeprefix("announced/quarter=")) for one in shown.findings}
    assert kinds == {
        ("changed", "2023Q3/announcement.parquet"),
        ("changed", "2023Q4/lines.parquet"),
        ("announcement", "2024Q2/announcement.parquet"),
        ("announced_totals", "2024Q2/_about/manifest.json"),
    }


@pytest.mark.parametrize("file", ["_about/manifest.json", "corrections.parquet"])
def test_a_quarter_of_which_nothing_is_left_to_go_by_stops_only_what_rests_on_it(published, file):
    path = published.quarter("2023Q4") / file
    path.write_bytes(path.read_bytes()[: 1 << 9])
    left = "none" if file.endswith("manifest.json") else "part"
    assert further(verify(published.out)) == {"2023Q3": "all", "2023Q4": left, "2024Q2": "part"}


def test_an_added_empty_folder_and_a_renamed_one_are_found(published):
    (published.run / "ledger" / "scoring_year=2022").mkdir()
    (published.run / "items").rename(published.run / "items-old")
    published.quarter("2023Q4").rename(published.quarter("2022Q4"))
    assert published.found() == {
        ("added", "ledger/scoring_year=2022/"),
        ("added", "items-old/part-00000.parquet"),
        ("missing", "items/part-00000.parquet"),
        ("misplaced", "announced/quarter=2022Q4/_about/manifest.json"),
        ("hung", "announced/quarter=2022Q4/corrections.parquet"),
        ("chain", "announced/quarter=2022Q4/_about/manifest.json"),
        ("chain", "announced/quarter=2023Q3/_about/manifest.json"),
        ("chain", "announced/quarter=2023Q4/_about/manifest.json"),
    }


def test_a_quarter_that_is_gone_breaks_the_chain_and_what_runs_have_seen(published):
    shutil.rmtree(published.quarter("2023Q3"))
    assert published.found() == {
        ("chain", "announced/quarter=2023Q3/_about/manifest.json"),
        ("seen", "announced/quarter=2023Q3"),
    }


def test_a_quarter_without_its_manifest_is_no_quarter_and_the_chain_tells(published):
    (published.quarter("2023Q4") / "_about" / "manifest.json").unlink()
    assert published.found() >= {
        ("manifest_missing", "announced/quarter=2023Q4/_about/manifest.json"),
        ("chain", "announced/quarter=2023Q4/_about/manifest.json"),
    }


def test_a_manifest_that_is_no_json_is_named(published):
    (published.run / "manifest.json").write_text("{")
    assert published.found() == {("manifest_damaged", "manifest.json")}


@pytest.mark.parametrize("target", [None, "runs/0123456789abcdef", "/etc"])
def test_current_that_names_no_complete_run_is_found(published, target):
    (published.out / "current").unlink()
    if target:
        (published.out / "current").symlink_to(target)
    found = verify(published.out)
    assert [(one.kind, one.file) for one in found.findings] == [("current", "current")]
    assert found.runs == []


def test_what_dead_commands_left_is_a_remark_and_no_fault(published):
    (published.out / "runs" / ".tmp-0123456789abcdef").mkdir()
    (published.out / "announced" / ".tmp-2024Q3").mkdir()
    (published.out / ".current.new").symlink_to("runs/0123456789abcdef")
    (published.out / "notes.txt").write_text("")
    found = verify(published.out)
    assert found.findings == []
    assert {(one.kind, one.file) for one in found.remarks} == {
        ("left_over", "runs/.tmp-0123456789abcdef"),
        ("left_over", "announced/.tmp-2024Q3"),
        ("left_over", ".current.new"),
        ("not_ours", "notes.txt"),
    }


def test_what_is_no_run_and_no_quarter_among_them_is_found(published):
    (published.out / "runs" / "mine").mkdir()
    (published.out / "announced" / "quarter=2025").mkdir()
    assert published.found() == {("added", "runs/mine"), ("added", "announced/quarter=2025")}


def test_another_run_is_checked_only_when_it_is_asked_for(published):
    other = next(path for path in (published.out / "runs").iterdir() if path != published.run)
    flip(other / "standings" / "part-00000.parquet")
    assert published.found() == set()
    wrong = {("changed", f"runs/{other.name}/standings/part-00000.parquet")}
    assert published.found(named=other.name) == wrong
    assert published.found(every_run=True) == wrong


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(published):
    (published.run / "items" / "part-00000.parquet").chmod(0)
    assert published.found() == {("unreadable", "items/part-00000.parquet")}


def test_a_folder_in_which_nothing_was_published_is_refused(tmp_path):
    (tmp_path / ".lock").write_text("")
    for out in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputRefusedError, match="nothing is published"):
            verify(out)
