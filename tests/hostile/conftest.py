"""What all broken files are tried on."""

import pytest

from hostile.reader import Reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The process that reads."""
    started = Reader(tmp_path_factory.mktemp("reader"))
    yield started
    started.close()
