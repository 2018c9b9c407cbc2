"""How much there is to read, by sizes alone."""

from __future__ import annotations

import os

import pytest

from jifen_batch.engine.short_night import FEW_BYTES, is_short


@pytest.fixture
def much(tmp_path):
    """A folder of events with more to read than is few, in two folders each of which has less."""
    for name in ("a", "b"):
        (tmp_path / "much" / name).mkdir(parents=True)
        (tmp_path / "much" / name / "events.parquet").write_bytes(bytes(FEW_BYTES // 2))
    return tmp_path / "much"


def test_a_folder_is_what_its_files_are_together(much):
    assert not is_short([str(much)])
    (much / "b" / "events.parquet").write_bytes(b"short")
    assert is_short([str(much)])
    assert is_short([str(much / "a" / "events.parquet")])


def test_inputs_count_together(much):
    assert not is_short([str(much / "a"), str(much / "b" / "events.parquet")])


@pytest.mark.parametrize("name", ["missing", "*.parquet"])
def test_what_cannot_be_looked_into_may_be_much(much, name):
    assert not is_short([str(much / name)])


def test_what_lies_behind_a_linked_folder_may_be_much(much, tmp_path):
    (tmp_path / "few").mkdir()
    assert is_short([str(tmp_path / "few")])
    (tmp_path / "few" / "of-2023").symlink_to(much)
    assert not is_short([str(tmp_path / "few")])


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
def test_a_folder_that_cannot_be_listed_may_hold_much(much):
    (much / "a" / "events.parquet").unlink()
    (much / "b").chmod(0)
    assert not is_short([str(much)])
