"""Publishing is old or new, never torn; simple states here, kills and power loss elsewhere."""

import os
import stat
import subprocess
import sys
import time

import pytest

from jifen_batch.errors import DiskError, InputRefusedError, InvariantBrokenError, LockedError
from jifen_batch.published import manifest, publish
from jifen_batch.storage import disk

A, B = "a" * 16, "b" * 16
DAY_SECONDS = 86_400


def put(out, run_id, text="rows"):
    """Publish a run of one file."""
    folder = publish.begin(out, run_id)
    disk.make_folder(folder / "ledger")
    disk.write_bytes(folder / "ledger" / "part", text.encode())
    return publish.commit(out, folder, run_id, {"run_id": run_id, "outputs": manifest.of_outputs(folder)})


def aged(out, run_id, days):
    """Publish a run as if some days ago."""
    folder = put(out, run_id)
    then = time.time() - days * DAY_SECONDS
    os.utime(folder, (then, then))
    os.utime(folder / "manifest.json", (then, then))


@pytest.fixture
def out(tmp_path):
    """An output folder that this test holds."""
    with publish.lock(tmp_path / "deep" / "out"):
        yield tmp_path / "deep" / "out"


def test_a_published_run_is_the_current_one(out):
    folder = put(out, A)
    assert publish.current(out) == folder.resolve() == (out / "runs" / A).resolve()
    assert (out / "current").readlink().as_posix() == f"runs/{A}"
    assert publish.find_run(out, A) == folder
    assert publish.read_manifest(folder)["run_id"] == A
    assert {path.name for path in (out / "runs").iterdir()} == {A}


def test_the_next_run_takes_over_and_the_last_stays(out):
    put(out, A, "old")
    before = publish.current(out)
    put(out, B, "new")
    assert publish.current(out).name == B
    assert (before / "ledger" / "part").read_text() == "old"


def test_an_earlier_run_becomes_current_again_without_being_written(out):
    folder = put(out, A)
    put(out, B)
    written = (folder / "manifest.json").stat().st_mtime_ns
    publish.switch(out, A)
    assert publish.current(out).name == A
    assert (folder / "manifest.json").stat().st_mtime_ns == written


def half(out):
    """A run that the disk fails before it is published."""
    with publish.lock(out):
        disk.write_bytes(publish.begin(out, B) / "part", b"half")
        raise DiskError("no room", "有误")


def test_a_failure_before_commit_leaves_current_as_it_was(tmp_path):
    with publish.lock(tmp_path):
        put(tmp_path, A)
    with pytest.raises(DiskError):
        half(tmp_path)
    assert publish.current(tmp_path).name == A
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {A}
    with publish.lock(tmp_path):
        put(tmp_path, B)
    assert not (publish.current(tmp_path) / "part").exists()


@pytest.mark.parametrize("step", ["sync_tree", "write_bytes", "sync", "rename", "touch", "switch_link"])
def test_a_failure_at_any_step_of_commit_leaves_current_as_it_was(out, monkeypatch, step):
    put(out, A, "old")
    folder = publish.begin(out, B)
    with monkeypatch.context() as patch:
        patch.setattr(disk, step, _fail)
        with pytest.raises(DiskError):
            publish.commit(out, folder, B, {"outputs": []})
    assert publish.current(out).name == A
    assert (publish.current(out) / "ledger" / "part").read_text() == "old"


def _fail(*_):
    raise DiskError("no room", "有误")


def test_a_complete_run_is_never_written_over(out):
    put(out, A)
    folder = publish.begin(out, A)
    with pytest.raises(InvariantBrokenError, match="published already"):
        publish.commit(out, folder, A, {"outputs": []})
    assert (out / "runs" / A / "ledger" / "part").exists()


def test_a_folder_without_a_manifest_is_no_run_and_is_replaced(out):
    (out / "runs" / A / "left").mkdir(parents=True)
    assert publish.find_run(out, A) is None
    assert not (put(out, A) / "left").exists()


def test_where_nothing_is_published_there_is_no_current(out, tmp_path):
    for place in (out, tmp_path / "nowhere"):
        with pytest.raises(InputRefusedError, match="nothing is published"):
            publish.current(place)
    (out / "current").symlink_to(f"runs/{A}")
    with pytest.raises(InputRefusedError, match="no complete run"):
        publish.current(out)


@pytest.mark.parametrize("target", ["/etc", "runs/../../etc", "runs", f"runs/{A}/ledger", "runs/.tmp-x"])
def test_current_may_only_name_a_run(tmp_path, target):
    (tmp_path / "current").symlink_to(target)
    with pytest.raises(InputRefusedError, match="not a link to one of the runs"), publish.lock(tmp_path):
        pass
    with pytest.raises(InputRefusedError, match="nothing is published"):
        publish.current(tmp_path)


def test_an_output_folder_that_others_may_write_to_is_refused(tmp_path):
    out = tmp_path / "out"
    (out / "runs").mkdir(parents=True)
    for folder in (out, out / "runs"):
        folder.chmod(0o757)
        with pytest.raises(InputRefusedError, match="chmod o-w"), publish.lock(out):
            pass
        folder.chmod(0o750)
    with publish.lock(out):
        assert (out / ".lock").exists()


def test_links_in_the_place_of_folders_are_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "runs").symlink_to(tmp_path)
    for out in (tmp_path / "out", tmp_path / "real"):
        with pytest.raises(InputRefusedError, match="is a link"), publish.lock(out):
            pass


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "theirs").write_text("precious", encoding="ascii")
    (tmp_path / "out").mkdir(mode=0o750)
    (tmp_path / "out" / ".lock").symlink_to(tmp_path / "theirs")
    with pytest.raises(DiskError), publish.lock(tmp_path / "out"):
        pass
    assert (tmp_path / "theirs").read_text() == "precious"


HOLDER = """
import sys
from pathlib import Path
from jifen_batch.published import publish
with publish.lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_at_once_and_told_who_holds_it(tmp_path):
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        began = time.monotonic()
        with pytest.raises(LockedError, match=rf"process {holder.pid}, begun 20\d\d-"), publish.lock(out):
            pass
        assert time.monotonic() - began < 1
        holder.kill()
    with publish.lock(out):
        assert (out / ".lock").read_text().startswith(f"process {os.getpid()}, ")
    assert not (out / ".lock").read_text()


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_files_and_folders_have_their_modes_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        with publish.lock(tmp_path / "a" / "out"):
            put(tmp_path / "a" / "out", A)
    finally:
        os.umask(before)
    for path in [tmp_path / "a", *(tmp_path / "a").rglob("*")]:
        if not path.is_symlink():
            wanted = 0o750 if path.is_dir() else 0o640
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_prune_keeps_the_newest_the_young_and_the_current(out):
    ids = [f"{n:016x}" for n in range(6)]
    for n, run_id in enumerate(ids):
        aged(out, run_id, days=60 - 10 * n)
    aged(out, A, days=6)
    aged(out, B, days=6)
    publish.switch(out, ids[0])
    os.utime(out / "runs" / ids[0], (0, 0))
    assert sorted(publish.prune(out, keep=3)) == ids[1:5]
    assert {path.name for path in (out / "runs").iterdir()} == {ids[0], ids[5], A, B}
    assert publish.prune(out, keep=1) == [ids[5]]
    assert publish.current(out).name == ids[0]


def test_prune_passes_over_what_is_no_run(out):
    aged(out, A, days=30)
    put(out, B)
    (out / "runs" / ("c" * 16)).mkdir()
    (out / "runs" / "notes").mkdir()
    assert publish.prune(out, keep=1) == [A]
    assert (out / "runs" / "notes").exists()


def test_a_run_half_removed_is_not_taken_for_a_run(tmp_path, monkeypatch):
    out = tmp_path
    with publish.lock(out):
        aged(out, A, days=30)
        put(out, B)
    with publish.lock(out), monkeypatch.context() as patch:
        patch.setattr(disk, "remove_tree", lambda folder: _fail() if folder.exists() else None)
        with pytest.raises(DiskError):
            publish.prune(out, keep=1)
    assert publish.find_run(out, A) is None
    with publish.lock(out):
        pass
    assert {path.name for path in (out / "runs").iterdir()} == {B}


def test_there_must_be_room(out):
    publish.check_space(out, 1)
    with pytest.raises(DiskError, match="make room"):
        publish.check_space(out, 1 << 62)


def test_an_error_of_the_disk_names_place_and_remedy(tmp_path):
    with pytest.raises(DiskError, match=r"x/y: cannot write \(No such file or directory\); "):
        disk.write_bytes(tmp_path / "x" / "y", b"")
