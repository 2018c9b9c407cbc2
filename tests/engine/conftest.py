"""Runs here are cut small."""

import pytest

import engines


@pytest.fixture
def small_pieces(monkeypatch):
    engines.cut_small(monkeypatch)
