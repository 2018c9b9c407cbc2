"""Runs here are cut small."""

from __future__ import annotations

import pytest

from jifen_batch.inputs import pieces
from jifen_batch.kernels.parts import cut
from jifen_batch.worker import intake


@pytest.fixture
def small_pieces(monkeypatch):
    """Pieces and parts of a hundred rows, so that a village has several."""
    monkeypatch.setattr(pieces, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr(intake, "cut", lambda load: cut(load, 100))
