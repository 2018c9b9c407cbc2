"""Large pages where they are the system's own, small ones where every free page went back to a host."""

import subprocess
import sys
from pathlib import Path

import pytest

from jifen_batch.engine import allocation

BALLOON, DISK = "0x0005", "0x0002"
# A balloon's features from the first on: the sixth is that it reports free pages.
REPORTS, KEEPS = "011001" + "0" * 58, "011000" + "0" * 58


@pytest.fixture
def devices(tmp_path, monkeypatch):
    """Have these devices, (kind, features) each."""
    monkeypatch.setattr(allocation, "VIRTIO_DEVICES", tmp_path / "devices")

    def have(*kinds):
        for number, (kind, features) in enumerate(kinds):
            device = tmp_path / "devices" / f"virtio{number}"
            device.mkdir(parents=True)
            (device / "device").write_text(kind + "\n", encoding="ascii")
            (device / "features").write_text(features + "\n", encoding="ascii")

    return have


@pytest.mark.parametrize(
    ("kinds", "taken_back"),
    [
        ([], False),
        ([(DISK, REPORTS)], False),
        ([(BALLOON, KEEPS)], False),
        ([(DISK, KEEPS), (BALLOON, REPORTS)], True),
        ([(BALLOON, "")], False),
        ([("not a number", REPORTS)], False),
    ],
)
def test_the_balloons_promise_decides_on_large_pages(devices, kinds, taken_back):
    devices(*kinds)

    assert ("thp:always" in allocation.jemalloc()) is not taken_back


STATUS = Path("/proc/self/status")
ALLOCATE = """
import ctypes, sys
from pathlib import Path
from jifen_batch.engine import allocation
ctypes.CDLL(None).prctl(allocation.PR_SET_THP_DISABLE, 0, 0, 0, 0)
allocation.VIRTIO_DEVICES = Path(sys.argv[1])
allocation.keep_what_is_let_go()
print(Path("/proc/self/status").read_text(encoding="ascii"))
"""


@pytest.mark.skipif(
    not STATUS.exists() or "THP_enabled" not in STATUS.read_text(encoding="ascii"),
    reason="the system does not tell whether a process has large pages",
)
@pytest.mark.parametrize(("features", "enabled"), [(REPORTS, "0"), (KEEPS, "1")])
def test_no_library_takes_large_pages_where_the_host_takes_them_back(devices, features, enabled):
    devices((BALLOON, features))
    # In a process of its own: what it is told holds to its end.
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            ALLOCATE,
            str(allocation.VIRTIO_DEVICES),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert f"THP_enabled:\t{enabled}\n" in told.stdout


@pytest.mark.parametrize(("processors", "shared"), [(1, True), (2, True), (4, False), (16, False)])
def test_threads_share_one_store_on_few_processors(monkeypatch, processors, shared):
    monkeypatch.setattr(allocation.room, "processors", lambda: processors)
    assert ("narenas:1" in allocation.jemalloc()) is shared
