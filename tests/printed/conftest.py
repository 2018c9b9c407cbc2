"""A village with a run, of which nothing hangs yet, made once and copied for each test."""

import pytest

from announce.village import of_one_night


@pytest.fixture(scope="package")
def scored(tmp_path_factory):
    return of_one_night(tmp_path_factory.mktemp("scored"))


@pytest.fixture
def copied(scored, tmp_path):
    """A copy of it, and of what it has published, for one test."""
    return scored.copied_to(tmp_path / "village")
