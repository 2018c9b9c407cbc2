"""What holds for all tests: nothing is timed by a busy machine, and nobody waits for the disk of a test."""

import os

import pytest
from hypothesis import settings

settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk():
    """What a sync is worth is told by the model of the disk (`faults.power`); here it only takes time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield
