"""Publishing keeps what it promises: each probe holds of the modules as they are."""

import os

import pytest

from faults import probes, scenes


@pytest.mark.parametrize("probe", probes.PROBES, ids=lambda probe: probe.__name__)
def test_publishing_holds(probe, tmp_path, monkeypatch):
    # What a sync is worth is told by the model of the disk; here it only takes time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    probe(scenes.real(), tmp_path)
