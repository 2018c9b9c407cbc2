"""Readers race a hundred publishes: with the documented recipe none reads two runs, without it some do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from faults import reader, scenes

PUBLISHES = 100
MOST_PUBLISHES = 20_000


def test_a_reader_with_the_recipe_never_mixes_two_runs(tmp_path):
    store, out, stop = scenes.real(), tmp_path / "out", tmp_path / "stop"
    scenes.run(store, out, scenes.OLD)
    script = str(Path(__file__).with_name("reader.py"))
    readers = {
        kind: subprocess.Popen(
            [sys.executable, script, str(out), str(stop), kind], stdout=subprocess.PIPE, text=True
        )
        for kind in ("recipe", "control")
    }
    for number in range(MOST_PUBLISHES):
        # Two runs that are there already become current in turn, between fresh ones.
        scenes.run(store, out, f"{number // 2 if number % 2 else number % 7:016x}")
        if number == PUBLISHES:
            stop.touch()
        if all(child.poll() is not None for child in readers.values()):
            break
    assert number >= PUBLISHES
    said = {kind: child.communicate()[0].split() for kind, child in readers.items()}
    reads, mixed = map(int, said["recipe"])
    assert (reads >= reader.READS, mixed) == (True, 0)
    assert int(said["control"][1]) > 0
