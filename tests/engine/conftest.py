"""What most runs here are made of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jifen_batch.inputs import pieces
from jifen_batch.kernels.parts import cut
from jifen_batch.worker import RunOptions, intake

ROOT = Path(__file__).parents[2]


@pytest.fixture
def options(tmp_path):
    """The fixture village, published below a folder of the test's own."""
    return RunOptions(
        events=str(ROOT / "fixtures" / "events"),
        households=str(ROOT / "fixtures" / "households.csv"),
        villages=str(ROOT / "fixtures" / "villages.csv"),
        rules=(str(ROOT / "configs" / "rules" / "baoshan-2023.toml"), str(ROOT / "fixtures" / "rules")),
        out=tmp_path / "out",
        as_of=date(2024, 7, 20),
    )


@pytest.fixture
def small_pieces(monkeypatch):
    """Pieces and parts of some dozens of rows, so that a village has many."""
    monkeypatch.setattr(pieces, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr(intake, "cut", lambda load: cut(load, 50))
