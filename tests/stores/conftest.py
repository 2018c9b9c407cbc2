"""An object store in memory."""

import pytest

from stores import remote


@pytest.fixture
def bucket(monkeypatch):
    """A bucket that stands for every bucket."""
    return remote.installed(monkeypatch)
