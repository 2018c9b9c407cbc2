"""Runs by executors of Spark, in its local mode; left out where there is no Spark or no Java."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

import engines
from jifen_batch.worker import run

pytestmark = pytest.mark.timeout(300)
pytest.importorskip("pyspark")


@pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java")
@pytest.mark.usefixtures("small_pieces")
def test_files_are_the_same(options, tmp_path, monkeypatch):
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--master local[2] --conf spark.ui.enabled=false pyspark-shell")
    here = run(options, engines.LOG)
    shuffle = tmp_path / "shuffle"
    shuffle.mkdir(mode=0o750)
    others = run(replace(options, out=tmp_path / "others", workers="spark", shuffle=shuffle), engines.LOG)
    assert engines.files(others) == engines.files(here)
    assert list(shuffle.iterdir()) == []
