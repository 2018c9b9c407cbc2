"""What runs saw hanging, which run is current, and what was refused: a change in none goes unnoticed."""

import json
import os
import shutil
from datetime import date

import pytest

from announce.village import Village
from jifen_batch.desk.verify import verify
from jifen_batch.errors import InputRefusedError, LossError, TooManyRejectsError
from jifen_batch.published import announced, manifest, publish
from verify.test_damage import flip

NIGHTS = [date(2023, 7, 20), date(2023, 7, 21), date(2023, 10, 20), date(2023, 10, 21)]
DAY_SECONDS = 86_400
PART = "rejects/part-00000.parquet"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Two quarters hang, and the last run saw only the first of them."""
    made = Village(tmp_path_factory.mktemp("seen"))
    made.event("swept", date(2023, 5, 1))
    made.night(NIGHTS[0])
    made.hang("2023Q2")
    made.night(NIGHTS[2])
    made.hang("2023Q3")
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy that a test may go on with, or damage."""
    return begun.copied_to(tmp_path / "village")


@pytest.fixture(scope="module")
def seen(begun, tmp_path_factory):
    """It after a night that saw both."""
    made = begun.copied_to(tmp_path_factory.mktemp("both") / "village")
    made.night(NIGHTS[3])
    return made


@pytest.fixture
def later(seen, tmp_path):
    """A copy of that for one test."""
    return seen.copied_to(tmp_path / "later")


def found(village):
    shown = verify(village.out)
    return {(one.kind, one.file) for one in shown.findings}, {one.kind for one in shown.remarks}


def test_a_removed_last_announcement_is_missed_from_the_next_run_on(later):
    shutil.rmtree(announced.folder(later.out, "2023Q3"))
    assert found(later) == ({("seen", "announced/quarter=2023Q3")}, set())
    with pytest.raises(InputRefusedError, match=r"quarter=2023Q3: is gone, or is not what hung there"):
        later.hang("2023Q3")
    with pytest.raises(LossError, match=r"quarter=2023Q3: is gone"):
        later.night(date(2024, 1, 20))
    assert found(later) == ({("seen", "announced/quarter=2023Q3")}, set()), "no later run forgets it"


def test_all_announcements_removed_together_are_missed_too(later):
    shutil.rmtree(later.out / "announced")
    assert found(later)[0] == {("seen", f"announced/quarter=2023Q{number}") for number in (2, 3)}


def test_an_announcement_that_came_after_the_run_is_no_fault(village):
    assert found(village) == (set(), set())
    village.night(NIGHTS[3])
    village.hang("2023Q3")
    assert found(village) == (set(), set())


def linked_to(village, back):
    """`current` names the run that was published so many runs before the last."""
    runs = publish.published(village.out)
    (village.out / "current").unlink()
    (village.out / "current").symlink_to(f"runs/{runs[back].name}")
    return runs[0].name


def test_a_link_set_back_to_an_older_run_is_found(later):
    last = linked_to(later, 2)
    shown = verify(later.out)
    assert [(one.kind, one.file, one.figures) for one in shown.findings] == [
        ("behind", "current", {"run_id": last})
    ]


def test_a_command_killed_before_it_switched_is_a_remark_and_the_next_run_goes_on(later):
    linked_to(later, 1)
    assert found(later) == (set(), {"not_switched"})
    later.night(date(2023, 10, 22))
    assert found(later) == (set(), set())


def test_what_dead_commands_left_is_gone_after_the_next_run(village):
    for folder in ("runs", "refused"):
        (village.out / folder / ".tmp-0123456789abcdef" / "ledger").mkdir(parents=True)
    assert found(village) == (set(), {"left_over"})
    village.night(NIGHTS[3])
    assert found(village) == (set(), set())


def test_a_run_made_current_again_is_no_fault(later):
    assert later.night(NIGHTS[2]).outcome == "unchanged"
    assert found(later) == (set(), set())


def refuse(village, as_of):
    """A night that ends with too many rejects; the folder that they are kept in."""
    village.event("lost", date(2023, 5, 1), household="nobody")
    with pytest.raises(TooManyRejectsError):
        village.night(as_of, max_reject_rate=0.0)
    del village.events["lost"]
    return publish.refused(village.out)[0]


def edit(folder, change):
    content = json.loads(manifest.path(folder).read_bytes())
    change(content)
    manifest.path(folder).write_bytes(manifest.as_bytes(content))


REFUSED_DAMAGE = {
    "a flipped bit": (lambda folder: flip(folder / PART), {("changed", PART)}),
    "a missing file": (lambda folder: (folder / PART).unlink(), {("missing", PART)}),
    "a missing manifest": (
        lambda folder: manifest.path(folder).unlink(),
        {("manifest_missing", manifest.NAME)},
    ),
    "an added file": (lambda folder: (folder / "notes.txt").touch(), {("added", "notes.txt")}),
    "a manifest edited to match": (
        lambda folder: edit(folder, lambda content: content["rejects_by_reason"].update(unknown_item=1)),
        {("accounting", manifest.NAME)},
    ),
    "a manifest that is none": (
        lambda folder: edit(folder, lambda content: content.pop("outputs")),
        {("manifest_damaged", manifest.NAME)},
    ),
}


@pytest.fixture(scope="module")
def refused(begun, tmp_path_factory):
    """The village after a night that was refused, of which nothing is said."""
    made = begun.copied_to(tmp_path_factory.mktemp("refused") / "village")
    folder = refuse(made, NIGHTS[3])
    assert [(one.name, one.rows, one.further) for one in verify(made.out).refused] == [
        (folder.name, 1, "all")
    ]
    assert found(made) == (set(), set())
    return made


@pytest.fixture
def kept(refused, tmp_path):
    """A copy of it, and the folder of its rejects."""
    copy = refused.copied_to(tmp_path / "village")
    return copy, publish.refused(copy.out)[0]


@pytest.mark.parametrize("damage", REFUSED_DAMAGE)
def test_rejects_that_were_kept_are_checked_too(kept, damage):
    spoil, expected = REFUSED_DAMAGE[damage]
    village, folder = kept
    spoil(folder)
    assert found(village)[0] == {(kind, f"refused/{folder.name}/{file}") for kind, file in expected}


def test_a_refused_folder_under_another_name_is_found(kept):
    village, folder = kept
    folder.rename(folder.with_name("0" * 16))
    assert found(village)[0] == {("run_id", f"refused/{'0' * 16}/manifest.json")}
    folder.with_name("0" * 16).rename(folder.with_name("mine"))
    assert found(village)[0] == {("added", "refused/mine")}


def test_old_runs_go_with_the_night_that_follows(village):
    for folder in publish.published(village.out):
        seconds = folder.stat().st_mtime - 8 * DAY_SECONDS
        os.utime(folder, (seconds, seconds))
    report = village.night(NIGHTS[3], keep=1)
    assert [path.name for path in (village.out / "runs").iterdir()] == [report.run_id]
