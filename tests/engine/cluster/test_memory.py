"""A part that finds no memory on a worker: the run ends with 7, and says which, where, and what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from jifen_batch import synth
from jifen_batch.errors import RoomError, WorkersLostError

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def town(options, tmp_path):
    """A hundred thousand rows, which are one part."""
    made = tmp_path / "made"
    synth.generate(3000, 1, 7, made)
    files = {name: str(made / f"{name}.parquet") for name in ("households", "villages")}
    return replace(options, events=str(made / "events"), as_of=date(2023, 12, 31), **files)


def test_a_part_that_finds_no_memory_is_named_with_what_to_do(town, cluster, by_cluster, refused):
    cluster.let_befall("part-000000", "memory", once=False)
    told = refused(
        by_cluster(cluster, town),
        (RoomError, WorkersLostError),
        r"part-000000 on \S+: .*memory.*(raise it|--nthreads)",
    )
    assert "part-000000" in told.zh
    assert re.search("请放宽|--nthreads", told.zh)
