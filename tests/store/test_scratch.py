"""A folder to try something in: gone at the end, and gone after a kill as soon as another comes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from jifen_batch.errors import DiskError
from jifen_batch.storage import scratch

PREFIX = ".try-"


def there(beside):
    return sorted(path.name for path in beside.iterdir())


def test_it_is_there_inside_and_gone_after(tmp_path):
    with scratch.folder(tmp_path, PREFIX) as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("x", encoding="utf-8")
        assert folder.stat().st_mode & 0o777 == 0o750
        assert there(tmp_path) == [folder.name]
    assert there(tmp_path) == []


def test_it_is_gone_after_an_error(tmp_path):
    with pytest.raises(FileExistsError), scratch.folder(tmp_path, PREFIX) as folder:
        folder.mkdir()
    assert there(tmp_path) == []


def test_two_at_once_leave_each_other_alone(tmp_path):
    with scratch.folder(tmp_path, PREFIX) as one, scratch.folder(tmp_path, PREFIX) as other:
        assert one != other
        assert there(tmp_path) == sorted([one.name, other.name])


def test_what_a_killed_process_left_goes_when_the_next_comes(tmp_path):
    """A child makes one and is gone without a word; one that lives on in another child stays."""
    code = (
        "import os, sys; from pathlib import Path; from jifen_batch.storage import scratch; "
        "made = scratch.folder(Path(sys.argv[1]), '.try-'); print(made.__enter__().name, flush=True); "
        "sys.argv[2] == 'die' and os._exit(9); sys.stdin.read()"
    )
    child = [sys.executable, "-c", code, str(tmp_path)]
    alive = subprocess.Popen(
        [*child, "live"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    with alive:
        assert alive.stdout
        living = alive.stdout.readline().strip()
        dead = subprocess.run([*child, "die"], capture_output=True, text=True, check=False).stdout.strip()
        assert there(tmp_path) == sorted([living, dead])
        with scratch.folder(tmp_path, PREFIX) as folder:
            assert there(tmp_path) == sorted([living, folder.name])
    assert there(tmp_path) == []


def test_files_and_links_of_that_name_are_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "precious")
    (tmp_path / f"{PREFIX}file").write_text("x", encoding="utf-8")
    with scratch.folder(tmp_path, PREFIX):
        pass
    assert there(tmp_path) == sorted([f"{PREFIX}link", f"{PREFIX}file", "precious"])


def test_a_folder_that_cannot_be_made_is_the_disks_error(tmp_path):
    with pytest.raises(DiskError, match="cannot make the folder"), scratch.folder(tmp_path / "no", PREFIX):
        pass
