"""A small disk that really fills up, or a limit on file sizes: exit 7, and what is published stays.

The system itself refuses here, so that both libraries meet it in their own ways: one leaves a stump, one
removes its file.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from faults import nights, scenes, seam
from faults.soaking import EVERYTHING
from jifen_batch.cli.program import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES, LIMITS = 16, 8
# From nothing at all to nearly enough; each of them when soaking.
ROOMS = range(0, SIZES, 1 if EVERYTHING else 5)
LARGEST = range(0, LIMITS, 1 if EVERYTHING else 7)
PAGE_BYTES = 4096
DISK_BYTES = 8 << 20
BALLAST = "ballast"


@contextmanager
def small_disk(at: Path) -> Iterator[None]:
    """A disk of its own at a folder; the test is skipped where this user may not have one."""
    at.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() or not mount or not unmount:
        pytest.skip("only root may mount a small disk; the limit on file sizes is tried instead")
    words = [mount, "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0750", "tmpfs", str(at)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not permitted here; the limit on file sizes is tried instead")
    try:
        yield
    finally:
        subprocess.run([unmount, "-l", str(at)], check=True)


def published(out: Path) -> dict[str, bytes]:
    """Every file that is published, by name; a manifest tells of the hour, and is left out."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for folder in ("runs", "announced")
        for path in sorted((out / folder).rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def leaving(top: Path, room_bytes: int) -> None:
    """Fill a disk but for so much."""
    free = shutil.disk_usage(top).free
    with (top / BALLAST).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(free - room_bytes, 1))


@pytest.mark.parametrize("night", ["a later run", "a quarter announced"])
def test_a_disk_that_fills_up_leaves_what_is_published(night, night_of, tmp_path):
    """Somebody else fills it once the run has begun to write, but for one size after another."""
    play, store = night_of(night), scenes.real()
    with small_disk(tmp_path / "disk"):
        out = play.begun(tmp_path / "disk")
        used = needed(play, tmp_path / "disk")
        before = published(out)
        ended = []
        for number in ROOMS:
            room = used * number // SIZES // PAGE_BYTES * PAGE_BYTES

            def filling(call: seam.Call, room: int = room) -> object:
                if call.name == "mkdir" and call.args[0].name.startswith(".tmp-"):
                    leaving(tmp_path / "disk", room)
                return call.do()

            with seam.watched(store.operations, filling):
                done = CliRunner().invoke(program, play.words(out))
            (tmp_path / "disk" / BALLAST).unlink()
            ended.append(done.exit_code)
            assert (published(out), play.state(out)) == (before, play.before), room
            assert scenes.left_over(out) == [], room
        assert ended == [7] * len(ROOMS)
        assert play.faults(out) == []
        assert play.call(out).exit_code == 0
        assert published(out) == published(play.done)


def needed(play: nights.Night, disk: Path) -> int:
    """How much room what the command publishes takes on that disk."""
    before = shutil.disk_usage(disk).free
    for folder in ("runs", "announced"):
        shutil.copytree(play.done / folder, disk / "copy" / folder, dirs_exist_ok=True)
        for old in (play.village.out / folder).iterdir():
            shutil.rmtree(disk / "copy" / folder / old.name)
    taken = before - shutil.disk_usage(disk).free
    shutil.rmtree(disk / "copy")
    return taken


@pytest.mark.parametrize("night", ["a later run", "a quarter announced"])
def test_a_limit_on_the_size_of_files_leaves_what_is_published(night, night_of, tmp_path):
    play = night_of(night)
    old = published(play.village.out)
    new = [
        path
        for path in play.done.rglob("*")
        if path.is_file() and str(path.relative_to(play.done)) not in old
    ]
    largest = max(path.stat().st_size for path in new)
    out = play.begun(tmp_path / "limited")
    before = published(out)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number in LARGEST:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest * number // LIMITS, hard))
        try:
            done = play.call(out)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert done.exit_code == 7, (number, done.stderr)
        assert (published(out), play.state(out)) == (before, play.before), number
        assert scenes.left_over(out) == [], number
    assert play.faults(out) == []
    assert play.call(out).exit_code == 0
    assert published(out) == published(play.done)
