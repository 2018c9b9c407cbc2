"""Killed at any file operation, publishing leaves old or new, and the next run needs no cleaning by hand.

The kills are real: a child plays a scene, or is the command itself, and is gone at an operation, or in
the middle of what it writes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from faults import child, nights, probes, scenes, seam
from faults.soaking import chosen

if TYPE_CHECKING:
    from faults.scenes import Scene

TESTS = Path(__file__).parents[1]
LIMIT_SECONDS = 60


def command_killed(*words: object) -> subprocess.CompletedProcess[bytes]:
    """The command in a child of ours that runs to its end, or to the operation at which it is killed."""
    command = [sys.executable, str(Path(__file__).with_name("command_child.py")), *map(str, words)]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    return subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT_SECONDS, check=False)


def kills(scene: Scene, top: Path) -> list[tuple[int, str]]:
    """Every operation of a scene, and how to be killed there."""
    store = scenes.real()
    out = probes.set_up(scene, store, top)
    names = seam.counted(store.operations, lambda: scene.play(store, out))
    half = [(at, "half") for at, name in enumerate(names, 1) if name in seam.WRITING]
    return sorted([(at, "kill") for at in range(1, len(names) + 1)] + half)


@pytest.mark.parametrize("name", scenes.SCENES)
def test_killed_at_any_operation_what_is_published_is_old_or_new(name, tmp_path):
    scene, store = scenes.SCENES[name], scenes.real()
    for at, how in chosen(kills(scene, tmp_path / "counted"), 6):
        top = tmp_path / f"{at}-{how}"
        probes.set_up(scene, store, top)
        assert child.begun(name, top / "out", at, how).ended() == -signal.SIGKILL, (at, how)
        scene.judge(scenes.tree_of(top))
        probes.ends_well(scene, store, top)


@pytest.mark.parametrize("night", nights.NIGHTS)
def test_the_command_killed_at_any_operation_leaves_old_or_new_and_the_next_is_well(
    night, night_of, tmp_path
):
    """`verify` finds nothing, and the same command again ends as it would have."""
    play = night_of(night)
    for at in chosen(list(range(1, play.operations + 1)), 1):
        out = play.begun(tmp_path / f"{at}")
        ended = command_killed(at, "kill", *play.words(out))
        assert ended.returncode == -signal.SIGKILL, (at, ended.stderr[-500:])
        assert play.state(out) in {play.before, play.after}, at
        assert play.faults(out) == [], at
        again = play.call(out)
        assert again.exit_code == play.exit_code, (at, again.stderr[-500:])
        assert play.state(out) == play.after, at
        assert play.faults(out) == [], at
        assert scenes.left_over(out) == [], at
