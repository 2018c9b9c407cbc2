"""Two runs at once: one publishes, the other is told by whom it is kept out; a dead holder holds nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults import child, probes, scenes, seam
from faults.soaking import chosen
from jifen_batch.errors import LockedError

TESTS = Path(__file__).parents[1]
TIMES = 20


def await_stop(pid):
    """Wait until a child of ours has stopped at the operation where it was told to."""
    came = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert came.si_code == os.CLD_STOPPED, "it ended before it came there"


@contextmanager
def standing_still(holder):
    """Until the end it stands, or goes on if it is told to; then it is gone."""
    try:
        await_stop(holder.pid)
        yield holder
    finally:
        holder.tell(signal.SIGKILL)
        holder.ended()


@contextmanager
def command_standing_still(*words):
    """The command in a child of ours that has stopped."""
    script = str(Path(__file__).with_name("command_child.py"))
    process = subprocess.Popen(
        [sys.executable, script, *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_stop(process.pid)
        yield process
    finally:
        process.kill()
        process.wait()


def moments(scene, store, top):
    """Operations at which a scene holds the folder, and not all is done yet: so many, spread over all."""
    names = seam.counted(store.operations, lambda: scene.play(store, top / "out"))
    first, last = names.index("note") + 2, len(names)
    return [first + (last - first) * number // (TIMES - 1) for number in range(TIMES)]


def test_of_two_runs_one_publishes_and_a_killed_holder_is_no_holder(tmp_path):
    name, store = "a run over an earlier one", scenes.real()
    scene = scenes.SCENES[name]
    probes.set_up(scene, store, tmp_path / "counted")
    for number, at in enumerate(moments(scene, store, tmp_path / "counted")):
        top = tmp_path / str(number)
        out = probes.set_up(scene, store, top)
        with standing_still(child.begun(name, out, at, "stop")) as holder:
            began = time.monotonic()
            with pytest.raises(LockedError, match=rf"process {holder.pid}, begun 20\d\d-"):
                scene.act(store, out)
            assert time.monotonic() - began < 1
            scene.judge(scenes.tree_of(top))
            holder.tell(signal.SIGCONT if number % 4 == 0 else signal.SIGKILL)
            assert holder.ended() == (0 if number % 4 == 0 else -signal.SIGKILL)
        probes.ends_well(scene, store, top)


def test_children_that_race_for_the_first_run_publish_it_once(tmp_path):
    """Whichever is first; another finds the folder held, or the work done."""
    scene = scenes.SCENES["the first run of all"]
    for number in range(len(chosen(list(range(TIMES)), 3))):
        top = tmp_path / str(number)
        top.mkdir()
        racing = [child.begun("the first run of all", top / "out", 0, "kill") for _ in range(3)]
        codes = sorted(one.ended() for one in racing)
        assert codes[0] == 0
        assert set(codes) <= {0, 5}
        scene.judge(scenes.tree_of(top), ended=True)
        assert scenes.left_over(top / "out") == []


def test_the_command_is_kept_out_within_a_second_and_told_by_whom(night_of, tmp_path):
    play = night_of("a later run")
    for number, at in enumerate(chosen(list(range(10, play.operations)), 1)):
        out = play.begun(tmp_path / str(number))
        with command_standing_still(at, "stop", *play.words(out)) as holder:
            done = play.call(out)
            holder.kill()
        assert done.exit_code == 5
        assert re.search(rf"process {holder.pid}, begun 20\d\d-", done.stderr)
        assert float(re.search(r'"seconds": ([0-9.]+)', done.stderr)[1]) < 1
        assert play.call(out).exit_code == 0
        assert (play.state(out), play.faults(out)) == (play.after, [])
