"""Publishing keeps what it promises: each probe holds of the modules as they are."""

import pytest

from faults import probes, scenes


@pytest.mark.parametrize("probe", probes.PROBES, ids=lambda probe: probe.__name__)
def test_publishing_holds(probe, tmp_path):
    probe(scenes.real(), tmp_path)
