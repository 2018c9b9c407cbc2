"""Nights that several tests go through are made once; each test works in copies of its own."""

import pytest

from faults import nights


@pytest.fixture(scope="session")
def night_of(tmp_path_factory):
    """A night of `nights.NIGHTS` by its name."""
    made = {}

    def night(name):
        if name not in made:
            made[name] = nights.NIGHTS[name](tmp_path_factory.mktemp("night") / "village")
        return made[name]

    return night
