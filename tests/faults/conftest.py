"""Nights that several tests go through are made once; each test works in copies of its own."""

import pytest

from faults import nights


@pytest.fixture(scope="session")
def night_of(tmp_path_factory):
    """A night of `nights.NIGHTS` by its name, and how many file operations it comes to."""
    made = {}

    def night(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("night")
            play = nights.NIGHTS[name](folder / "village")
            made[name] = play, play.count(folder / "counted")
        return made[name]

    return night
