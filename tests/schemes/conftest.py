"""The villages of the books, each scored once."""

from functools import lru_cache

import pytest

from schemes.test_schemes import published


@pytest.fixture(scope="session")
def out_of(tmp_path_factory):
    """The output folder of a scheme's village as of the year's end, for reading only."""

    @lru_cache
    def scored(scheme):
        out = tmp_path_factory.mktemp(scheme) / "out"
        published(scheme, out)
        return out

    return scored
