"""What must be true of publishing, a function each: of the modules as they are, and of no mutant of them.

Each is given modules and an empty folder, and raises where its sentence is not true.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from faults import power, scenes, seam
from jifen_batch.errors import (
    DiskError,
    InputRefusedError,
    InvariantBrokenError,
    LockedError,
    TooManyRejectsError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faults.scenes import Scene, Store

    Probe = Callable[[Store, Path], None]

NUMBERS = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EACCES)
SHORT = ("a run over an earlier one", "a quarter hung up")
LONG_AGO = 100 * scenes.DAY_SECONDS
A = scenes.OLD


def set_up(scene: Scene, store: Store, top: Path) -> Path:
    """A folder as the scene finds it; the output folder in it."""
    top.mkdir()
    scene.before(store, top / "out")
    return top / "out"


def failing(at: int, number: int, *, for_good: bool) -> Callable[[seam.Call], object]:
    """A watcher under which operation `at` fails, or all from there on; what was being written is left."""

    def watcher(call: seam.Call) -> object:
        if call.number < at or (call.number > at and not for_good):
            return call.do()
        if call.writes:
            call.half()
            if for_good:
                # One library leaves a stump where the disk is full, the other removes the file.
                call.args[0].unlink()
        raise OSError(number, os.strerror(number))

    return watcher


def fail_at(scene: Scene, store: Store, top: Path, fault: tuple[int, int, bool]) -> None:
    """A failing operation ends the scene as a failing disk, between old and new, and the next one is well."""
    at, number, for_good = fault
    with (
        seam.watched(store.operations, failing(at, number, for_good=for_good)),
        pytest.raises((DiskError, TooManyRejectsError)) as caught,
    ):
        scene.act(store, top / "out")
    # Where only the sweeping up fails, a night that is refused is refused, and the next one sweeps.
    scene.judge(scenes.tree_of(top), ended=not isinstance(caught.value, DiskError))
    ends_well(scene, store, top)


def ends_well(scene: Scene, store: Store, top: Path) -> None:
    """Played again after whatever happened, the scene comes to its end, and nothing else is left."""
    scene.play(store, top / "out")
    scene.judge(scenes.tree_of(top), ended=True)
    assert scenes.left_over(top / "out") == []
    assert scenes.wrong_modes(top / "out") == []


def a_loss_of_power_leaves_old_or_new(name: str) -> Probe:
    """In one scene: after any operation, whatever of the unsynced came to the disk."""

    def probe(store: Store, top: Path) -> None:
        set_up(scenes.SCENES[name], store, top / "here")
        power.explore(scenes.SCENES[name], store, top / "here")
        assert scenes.left_over(top / "here" / "out") == []

    probe.__name__ = f"a_loss_of_power_leaves_old_or_new, {name}"
    return probe


def a_failing_disk_is_said_to_be_one(store: Store, top: Path) -> None:
    """Whatever operation fails, with whatever error, once or for good."""
    for name in SHORT:
        for at, number, for_good in faults(scenes.SCENES[name], store, top / "counted"):
            fail_in_copy(scenes.SCENES[name], store, top, (at, number, for_good))
        shutil.rmtree(top / "counted")


def faults(scene: Scene, store: Store, top: Path) -> list[tuple[int, int, bool]]:
    """A fault for every operation of a scene, each error in its turn, once or for good in turn.

    The folder is left as the scene finds it, for copies of it.
    """
    out = set_up(scene, store, top)
    shutil.copytree(top, top.with_name("before"), symlinks=True)
    operations = len(seam.counted(store.operations, lambda: scene.play(store, out)))
    shutil.rmtree(top)
    top.with_name("before").rename(top)
    # From both ends in turn: what is done once, and forgets to say what failed, stands near one of them.
    turns = sorted(range(1, 1 + operations), key=lambda at: min(at, operations - at))
    return [(at, NUMBERS[at % 4], at % 8 < 4) for at in turns]


def fail_in_copy(scene: Scene, store: Store, top: Path, fault: tuple[int, int, bool]) -> None:
    """`fail_at` in a copy of the folder as the scene finds it."""
    shutil.copytree(top / "counted", top / "copy", symlinks=True)
    fail_at(scene, store, top / "copy", fault)
    shutil.rmtree(top / "copy")


def a_failed_run_takes_its_half_done_work_with_it(store: Store, top: Path) -> None:
    """Without waiting for the next one, for it may be what fills the disk."""
    out = top / "out"
    scenes.one_run(store, out)

    def stumble() -> None:
        with store.publish.lock(out):
            folder = store.publish.begin(out, scenes.NEW)
            scenes.fill(store, folder, scenes.files_of(scenes.NEW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert scenes.left_over(out) == []


def links_and_strangers(out: Path, elsewhere: Path) -> Iterator[tuple[Path, bool]]:
    """Places at the output where a link may stand, and whether a folder must be taken away first."""
    for name in (
        "runs",
        "announced",
        "refused",
        f"runs/{A}",
        f"runs/{scenes.NEW}",
        "announced/quarter=2023Q4",
    ):
        path = out / name
        kept = path.with_name(f"{path.name}-kept")
        if path.exists():
            path.rename(kept)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(elsewhere)
        yield path, True
        path.unlink()
        if kept.exists():
            kept.rename(path)
    path = out / ".lock"
    path.unlink()
    path.symlink_to(elsewhere / "precious")
    yield path, False
    path.unlink()


def no_link_at_the_output_is_followed(store: Store, top: Path) -> None:
    """Each is refused, and what it leads to stays as it was."""
    elsewhere = top / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"precious")
    out = top / "out"
    scenes.one_run(store, out)
    before = scenes.tree_of(elsewhere)
    for path, refused in links_and_strangers(out, elsewhere):
        with pytest.raises(InputRefusedError if refused else DiskError) as caught:
            scenes.run(store, out, scenes.NEW)
        assert str(path) in str(caught.value)
        assert scenes.tree_of(elsewhere) == before
    (top / "link").symlink_to(out)
    with pytest.raises(InputRefusedError, match="is a link"):
        scenes.run(store, top / "link", scenes.NEW)
    with store.publish.lock(out):
        folder = store.freeze.begin(out, "2023Q4")
        (out / "announced" / "quarter=2023Q4").symlink_to(top / "nowhere")
        with pytest.raises(InputRefusedError, match="is there already"):
            store.freeze.commit(out, folder, "2023Q4", {}, {})
    (out / "announced" / "quarter=2023Q4").unlink()


def links_of_temporary_names_go_and_nothing_behind_them(store: Store, top: Path) -> None:
    """Whoever put them there: a run sweeps them away as links."""
    elsewhere = top / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"precious")
    out = top / "out"
    scenes.one_run(store, out)
    (out / "refused").mkdir(mode=0o750)
    for name in (
        "runs/.tmp-x",
        f"runs/.tmp-{scenes.NEW}",
        "announced/.tmp-2023Q4",
        "refused/.tmp-x",
        ".current.new",
    ):
        (out / name).symlink_to(elsewhere)
    (out / "runs" / ".tmp-y").mkdir()
    (out / "runs" / ".tmp-y" / "inside").symlink_to(elsewhere)
    (out / "runs" / ".tmp-file").write_bytes(b"")
    scenes.run(store, out, scenes.NEW)
    assert scenes.left_over(out) == []
    assert scenes.tree_of(elsewhere) == {"precious": b"precious"}


def what_others_may_write_to_is_refused(store: Store, top: Path) -> None:
    """The output folder, those in it, and those above it unless a name there is its owner's."""
    home = top / "home"
    out = home / "deep" / "out"
    scenes.one_run(store, out)
    (out / "refused").mkdir(mode=0o750)
    for folder in (out, out / "runs", out / "announced", out / "refused", home / "deep", home):
        folder.chmod(0o757)
        with pytest.raises(InputRefusedError, match=r"chmod o-w") as caught:
            scenes.run(store, out, scenes.NEW)
        assert str(folder) in str(caught.value)
        folder.chmod(0o750)
    home.chmod(0o1777)
    scenes.run(store, out, scenes.NEW)
    (out / "refused").rmdir()
    (out / "refused").write_bytes(b"")
    with pytest.raises(InputRefusedError, match="is no folder"):
        scenes.run(store, out, scenes.NEW)


def a_foreign_current_is_refused(store: Store, top: Path) -> None:
    """It would be replaced."""
    out = top / "out"
    out.mkdir(mode=0o750)
    for make in (lambda: (out / "current").symlink_to("/etc"), lambda: (out / "current").write_bytes(b"")):
        make()
        with pytest.raises(InputRefusedError, match="not a link to one of the runs"):
            scenes.run(store, out, scenes.NEW)
        (out / "current").unlink()


def modes_hold_under_any_umask(store: Store, top: Path) -> None:
    """Files 0640, folders 0750: of runs, quarters, refused tables and the lock."""
    for umask in (0o000, 0o022, 0o077, 0o777):
        out = top / f"{umask:o}" / "above" / "out"
        out.parent.parent.mkdir(mode=0o750)
        before = os.umask(umask)
        try:
            scenes.refused_once(store, out)
        finally:
            os.umask(before)
        assert scenes.wrong_modes(out.parent) == []


def a_lock_is_held_by_one(store: Store, top: Path) -> None:
    """The second is told who the first is, at once; afterwards nobody is named."""
    out = top / "out"
    with store.publish.lock(out):
        began = time.monotonic()
        with (
            pytest.raises(LockedError, match=rf"process {os.getpid()}, begun 20\d\d-"),
            store.publish.lock(out),
        ):
            pass
        assert time.monotonic() - began < 1
    assert (out / ".lock").read_bytes() == b""
    (out / ".lock").write_bytes(b"process 1, which was killed and left something")
    (out / "runs" / ".tmp-left").mkdir(parents=True)
    named = []

    def watcher(call: seam.Call) -> object:
        if call.name == "rmdir":
            named.append((out / ".lock").read_bytes().split(b",")[0])
        return call.do()

    with seam.watched(store.operations, watcher), store.publish.lock(out):
        assert (out / ".lock").read_bytes().count(b"process") == 1
    assert named == [b"process %d" % os.getpid()]


def what_the_disk_does_not_give_back_is_not_published(store: Store, top: Path) -> None:
    """A byte changed, a file gone or a file more between writing and reading back, of a run or a quarter."""

    def changed(folder: Path) -> None:
        path = next(path for path in folder.rglob("*") if path.is_file())
        path.write_bytes(path.read_bytes()[:-1] + b"?")

    def gone(folder: Path) -> None:
        next(path for path in folder.rglob("*") if path.is_file()).unlink()

    def more(folder: Path) -> None:
        (folder / "more").write_bytes(b"")

    in_play = {
        "runs": lambda out: scenes.run(store, out, scenes.NEW),
        "announced": lambda out: scenes.announce(store, out),
    }
    for number, damage in enumerate((changed, gone, more)):
        for holds, act in in_play.items():
            out = top / f"{number}-{holds}"
            scenes.one_run(store, out)
            before = scenes.state_of(scenes.tree_of(out))
            damaged: list[Path] = []
            synced: set[Path] = set()

            def watcher(call: seam.Call, synced: set[Path] = synced) -> object:
                if call.name == "fsync":
                    synced.add(call.args[0])
                return call.do()

            def forget(
                path: Path,
                damage: Any = damage,
                holds: str = holds,
                damaged: list[Path] = damaged,
                synced: set[Path] = synced,
            ) -> None:
                """What is in memory is let go: from here on the disk has the word, if it has the file."""
                assert path in synced
                if not damaged:
                    (folder,) = (out / holds).glob(".tmp-*")  # noqa: B023 - called before the next
                    damage(folder)
                damaged.append(path)

            with (
                pytest.MonkeyPatch.context() as patch,
                seam.watched(store.operations, watcher),
            ):
                patch.setattr(store.disk, "forget", forget)
                with pytest.raises(DiskError, match="does not give back"):
                    act(out)
            assert len(damaged) >= len(scenes.RULES) + 1
            assert scenes.state_of(scenes.tree_of(out)) == before
            assert scenes.left_over(out) == []


def a_disk_that_cannot_be_read_is_said_to_be_failing(store: Store, top: Path) -> None:
    """Wherever what was written is read back, and before anything is written."""

    def unreadable(*_: object) -> tuple[int, str]:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    (top / "file").write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.manifest, "hash_file", unreadable)
        with pytest.raises(DiskError, match="cannot read back"):
            store.manifest.of_outputs(top)
        with pytest.raises(DiskError, match="cannot read back"):
            store.manifest.read_back(top, [])
        patch.setattr(store.scratch.fcntl, "flock", unreadable)
        with pytest.raises(DiskError, match="cannot look at"), store.scratch.folder(top, ".try-"):
            pass
    with pytest.raises(DiskError, match="cannot look at"):
        scenes.run(store, top / ("long" * 100), scenes.NEW)
    (top / "rules").mkdir()
    (top / "rules" / "book.toml").write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(top), "read_bytes", unreadable)
        with pytest.raises(DiskError, match="cannot read"):
            store.freeze.copy_rules(top, top / "copy")


def a_file_with_other_rows_is_not_announced(store: Store, top: Path) -> None:
    """The rows that were meant are not those that are there."""
    out = top / "out"
    scenes.one_run(store, out)
    with store.publish.lock(out):
        folder = store.freeze.begin(out, "2023Q4")
        assert folder.is_dir()
        with pytest.raises(InvariantBrokenError, match="not all rows"):
            store.freeze.commit(out, folder, "2023Q4", {"lines.parquet": 1}, {})


def nothing_published_is_written_over(store: Store, top: Path) -> None:
    """A run or quarter that is there already stays; a folder that is none gives way, or is refused."""
    out = top / "out"
    scenes.one_run(store, out)
    with store.publish.lock(out):
        folder = store.publish.begin(out, A)
        with pytest.raises(InvariantBrokenError, match="published already"):
            store.publish.commit(out, folder, A, {"outputs": []})
        folder = store.freeze.begin(out, "2023Q3")
        with pytest.raises(InputRefusedError, match="is there already"):
            store.freeze.commit(out, folder, "2023Q3", {}, {})
    (out / "runs" / scenes.NEW / "ledger").mkdir(parents=True)
    scenes.run(store, out, scenes.NEW)
    assert scenes.state_of(scenes.tree_of(out)).current == scenes.NEW


def no_path_is_made_of_what_is_no_id(store: Store, top: Path) -> None:
    """Run ids and quarters are checked where they become part of a path."""
    out = top / "out"
    scenes.one_run(store, out)
    before = scenes.tree_of(top)
    with store.publish.lock(out):
        for bad in ("../../x", "", "A" * 16, "a" * 15, "a" * 17, "a" * 15 + "\n", "../" + "a" * 16):
            for act in (
                lambda bad: store.publish.begin(out, bad),
                lambda bad: store.publish.commit(out, out, bad, {"outputs": []}),
                lambda bad: store.publish.keep_refused(out, out, ["rejects"], {"run_id": bad}),
            ):
                with pytest.raises(InvariantBrokenError, match="is no such id"):
                    act(bad)
        for bad in ("../x", "", "2023Q5", "2023Q1/..", "2023q1", "2023Q1\n"):
            with pytest.raises(InvariantBrokenError, match="is no such quarter"):
                store.freeze.begin(out, bad)
    assert scenes.tree_of(top) == before


def there_must_be_room(store: Store, top: Path) -> None:
    """More than there can be is refused, less is not."""
    store.publish.check_space(top, 1)
    with pytest.raises(DiskError, match="make room"):
        store.publish.check_space(top, 1 << 62)


def old_runs_go_and_others_stay(store: Store, top: Path) -> None:
    """The newest, the young and the current stay; refused tables go after a season."""
    out = top / "out"
    scenes.old_runs(store, out)
    scenes.run(store, out, scenes.NEW, keep=3)
    assert len(list((out / "runs").iterdir())) == 3
    os.utime(out / "runs" / scenes.NEW, (0, 0))
    with store.publish.lock(out):
        store.publish.prune(out, 1)
    assert store.publish.current(out).name == scenes.NEW
    with pytest.raises(scenes.TooManyRejectsError):
        scenes.refused(store, out, "e" * 16)
    with pytest.raises(scenes.TooManyRejectsError):
        scenes.refused(store, out, "f" * 16)
    old = out / "refused" / ("e" * 16)
    then = time.time() - LONG_AGO
    os.utime(old, (then, then))
    scenes.run(store, out, scenes.NEW)
    assert [path.name for path in (out / "refused").iterdir()] == ["f" * 16]


def a_run_made_current_again_is_the_last_published(store: Store, top: Path) -> None:
    """Its folder's time says so, and it is not the next to be removed."""
    out = top / "out"
    scenes.old_runs(store, out)
    scenes.run(store, out, scenes.OTHER)
    assert store.publish.published(out)[0].name == scenes.OTHER


def a_current_that_names_no_run_is_put_right_by_the_next(store: Store, top: Path) -> None:
    """Whether its run is gone or has lost its manifest; until then the last one published before counts."""
    out = top / "out"
    scenes.one_run(store, out)
    scenes.run(store, out, scenes.NEW)
    (out / "runs" / scenes.NEW / "manifest.json").unlink()
    with pytest.raises(InputRefusedError, match="run again"):
        store.publish.current(out)
    assert store.publish.last_accepted(out).name == A
    scenes.run(store, out, scenes.NEW)
    assert scenes.state_of(scenes.tree_of(out)) == scenes.State(
        scenes.NEW, frozenset({A, scenes.NEW}), frozenset({"2023Q3"})
    )
    shutil.rmtree(out / "runs")
    assert store.publish.last_accepted(out) is None
    scenes.run(store, out, scenes.NEW)
    assert store.publish.last_accepted(out).name == scenes.NEW


def a_folder_to_try_something_in_goes_with_its_holder(store: Store, top: Path) -> None:
    """And a file written in it comes to stand whole where it was wanted, whatever link stood there."""
    (top / "theirs").write_bytes(b"precious")
    (top / "wanted").symlink_to(top / "theirs")
    (top / ".try-left").mkdir()
    handles = _open_handles()
    with (
        store.scratch.folder(top, ".try-") as held,
        store.scratch.replacing(top / "wanted", ".try-") as fresh,
    ):
        store.disk.write_bytes(fresh, b"whole")
        assert held.is_dir()
        assert (top / "wanted").read_bytes() == b"precious"
    assert scenes.tree_of(top) == {"theirs": b"precious", "wanted": b"whole"}
    assert _open_handles() == handles
    with pytest.raises(ZeroDivisionError):
        _replaced(store, top / "wanted", stumbling=True)
    assert scenes.tree_of(top)["wanted"] == b"whole"
    seen = seam.counted(store.operations, lambda: _replaced(store, top / "wanted"))
    assert seen.index("fsync") < seen.index("rename")
    with pytest.raises(DiskError, match="cannot make the folder"), store.scratch.folder(top / "no", ".try-"):
        pass
    before = os.umask(0o077)
    try:
        with store.scratch.folder(top, ".try-") as held:
            assert held.stat().st_mode & 0o777 == scenes.FOLDER_MODE
    finally:
        os.umask(before)


def _open_handles() -> int:
    """How many files this process has open."""
    return sum(1 for _ in Path("/dev/fd").iterdir())


def _replaced(store: Store, path: Path, *, stumbling: bool = False) -> None:
    with store.scratch.replacing(path, ".try-") as fresh:
        store.disk.write_bytes(fresh, b"again")
        if stumbling:
            raise ZeroDivisionError


POWER = {name: a_loss_of_power_leaves_old_or_new(name) for name in scenes.SCENES}
QUICK = (
    *POWER.values(),
    a_failed_run_takes_its_half_done_work_with_it,
    no_link_at_the_output_is_followed,
    links_of_temporary_names_go_and_nothing_behind_them,
    what_others_may_write_to_is_refused,
    a_foreign_current_is_refused,
    modes_hold_under_any_umask,
    a_lock_is_held_by_one,
    what_the_disk_does_not_give_back_is_not_published,
    a_disk_that_cannot_be_read_is_said_to_be_failing,
    a_file_with_other_rows_is_not_announced,
    nothing_published_is_written_over,
    no_path_is_made_of_what_is_no_id,
    there_must_be_room,
    old_runs_go_and_others_stay,
    a_run_made_current_again_is_the_last_published,
    a_current_that_names_no_run_is_put_right_by_the_next,
    a_folder_to_try_something_in_goes_with_its_holder,
)
PROBES = (*QUICK, a_failing_disk_is_said_to_be_one)
