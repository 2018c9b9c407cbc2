"""A village with a run, of which nothing hangs yet, made once and copied for each test."""

import shutil
from datetime import date

import pytest

from announce.village import Village


@pytest.fixture(scope="package")
def scored(tmp_path_factory):
    made = Village(tmp_path_factory.mktemp("scored"))
    made.event("e1", date(2023, 2, 1))
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    made.night(date(2023, 4, 15))
    return made


@pytest.fixture
def copied(scored, tmp_path):
    """A copy of its output folder, and what else the village has, for one test."""
    shutil.copytree(scored.folder, tmp_path / "village", symlinks=True)
    copy = Village(tmp_path / "village")
    copy.events = dict(scored.events)
    return copy
