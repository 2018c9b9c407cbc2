"""What a killed command left of its greeting goes with the next, and a live one's stays."""

import os
import time

from jifen_batch.engine import cluster


class Nobody:
    """No worker answers."""

    @staticmethod
    def greeted(_):
        return {}


def test_only_old_greetings_are_removed(tmp_path):
    left, live, job = (tmp_path / f"jifen-job-{name}" for name in ("greet-left", "greet-live", "other"))
    for folder in (left, live, job):
        folder.mkdir()
        (folder / "sign").touch()
    yesterday = time.time() - 90_000
    os.utime(left, (yesterday, yesterday))
    os.utime(job, (yesterday, yesterday))
    assert cluster.fitness_of(Nobody(), tmp_path, []) == []
    assert sorted(tmp_path.iterdir()) == [live, job]
