"""What released programs wrote, in copies that commands may go on with."""

import os
import shutil

import pytest

from released.commands import ROOT

RELEASED = ROOT / "fixtures" / "released"
VERSIONS = sorted(path.name for path in RELEASED.iterdir() if path.is_dir())


@pytest.fixture(scope="session", params=VERSIONS)
def released(request):
    """The output folder that a released version left, as it is committed."""
    return RELEASED / request.param / "out"


def copied(released, place):
    """A copy to go on with, its current run the one published last: a checkout keeps no times."""
    out = place / "out"
    shutil.copytree(released, out, symlinks=True)
    for run in (out / "runs").iterdir():
        os.utime(run, (1, 1))
    os.utime(out / "current")
    return out


@pytest.fixture
def out(released, tmp_path):
    return copied(released, tmp_path)
