"""What all broken files are tried on."""

import pytest

from hostile.reader import Reader


@pytest.fixture(scope="module")
def reader():
    """The process that reads."""
    started = Reader()
    yield started
    started.close()
