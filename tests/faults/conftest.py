"""Nights that several tests go through are made once; each test works in copies of its own."""

import pytest

from faults import nights


@pytest.fixture(scope="session")
def scored(tmp_path_factory):
    """What most nights begin with; not to be changed."""
    return nights.scored(tmp_path_factory.mktemp("scored") / "village")


@pytest.fixture(scope="session")
def night_of(tmp_path_factory, scored):
    """A night of `nights.NIGHTS` by its name."""
    made = {}

    def night(name):
        if name not in made:
            made[name] = nights.NIGHTS[name](tmp_path_factory.mktemp("night") / "village", scored)
        return made[name]

    return night
