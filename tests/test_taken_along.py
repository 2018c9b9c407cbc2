"""What libraries take along is left out, and there once it is asked for."""

import subprocess
import sys
import types

import pytest

from jifen_batch.taken_along import Later, left_out

LATER, NOTHING, LOADED = "sndhdr_of_ours", "another_of_ours", "json"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A module that can be imported, and is gone again after the test."""
    (tmp_path / f"{LATER}.py").write_text("word = 'here'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield LATER
    sys.modules.pop(LATER, None)


def test_what_is_put_off_is_loaded_by_the_first_question(made):
    with left_out({made: Later(made)}):
        found = __import__(made)
        assert isinstance(sys.modules[made], Later)
    assert made not in sys.modules
    assert found.word == "here"
    assert not isinstance(sys.modules[made], Later)


def test_a_question_inside_leaves_the_module_itself(made):
    with left_out({made: Later(made)}):
        assert __import__(made).word == "here"
    assert type(sys.modules[made]) is types.ModuleType


def test_what_is_left_out_cannot_be_found_inside_only(tmp_path, monkeypatch):
    (tmp_path / f"{NOTHING}.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with left_out({NOTHING: None}), pytest.raises(ImportError):
        __import__(NOTHING)
    assert __import__(NOTHING)
    del sys.modules[NOTHING]


def test_what_is_loaded_stays():
    before = sys.modules[LOADED]
    with left_out({LOADED: None}):
        assert sys.modules[LOADED] is before
    assert sys.modules[LOADED] is before


def test_libraries_do_what_they_do_without_what_they_take_along():
    """And have it once they are asked: hints, versions, masks."""
    code = (
        "import sys\nfrom jifen_batch import taken_along\n"
        "with taken_along.left_out(taken_along.of_tables()):\n"
        "    import numpy, polars, pyarrow.parquet, pyarrow.fs\n"
        "assert not {'email', 'numpy._typing._array_like', 'pyarrow._s3fs'} & set(sys.modules)\n"
        "assert numpy.linalg.matrix_power(numpy.eye(2), 3).sum() == 2\n"
        "import importlib.metadata, numpy.typing\n"
        "assert importlib.metadata.version('polars') == polars.__version__\n"
        "assert numpy.typing.NDArray[numpy.int64].__origin__ is numpy.ndarray\n"
        "import numpy.random; assert numpy.random.default_rng(1).integers(1, 2) == 1\n"
        "polars.DataFrame({'a': [1]}).to_arrow(); assert pyarrow.fs.LocalFileSystem()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_masked_array_is_masked_all_the_same():
    """In a process of its own, for another library may have loaded `numpy.ma` into this one."""
    code = (
        "import sys\nfrom jifen_batch.columns import packing\nimport numpy as np, polars as pl\n"
        "assert pl.Series(np.arange(3)).to_list() == [0, 1, 2]\n"
        "assert pl.DataFrame({'a': np.array([True, False])})['a'].to_list() == [True, False]\n"
        "assert np.unique(np.array([2, 1, 2])).tolist() == [1, 2]\n"
        "assert np.ma.getdata(np.arange(2), False).tolist() == [0, 1]\n"
        "assert 'numpy.ma' not in sys.modules\n"
        "masked = np.ma.masked_array([1, 2, 3], mask=[False, True, False])\n"
        "assert 'numpy.ma' in sys.modules and np.ma is sys.modules['numpy.ma']\n"
        "assert pl.Series(masked).to_list() == [1, None, 3]\n"
        "assert np.unique(masked).tolist() == [1, 3, None]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
