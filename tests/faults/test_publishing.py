"""Publishing keeps what it promises: each probe holds of the modules as they are.

Loaded as mutants are, but unchanged; so it is the change that is noticed of those (`test_mutants.py`).
"""

from functools import partial

import pytest

from faults import mutants, probes

UNCHANGED = mutants.Mutant("unchanged", "publish", partial(mutants.source, "publish"))


@pytest.mark.parametrize("probe", probes.PROBES, ids=lambda probe: probe.__name__)
def test_publishing_holds(probe, tmp_path):
    probe(mutants.load(UNCHANGED), tmp_path)
