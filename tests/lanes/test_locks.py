"""What the package needs stands in every lock file, held to its hashes: also on a server without internet."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTRAS = ["requirements-print.txt", "requirements-s3.txt", "requirements-cluster.txt"]
LOCKS = ["requirements.txt", "requirements-run.txt", *EXTRAS]
NEEDED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


def named(requirement):
    """The name of a requirement, as an index writes it."""
    return re.sub("[-_.]+", "-", re.match("[A-Za-z0-9._-]+", requirement)[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_every_dependency_to_hashes(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    held = {named(line) for line in re.findall(r"^[^ #\n].*==.* \\\n    --hash=sha256:", text, re.MULTILINE)}
    assert {named(one) for one in NEEDED} - held == set()
    assert "://" not in text


def test_the_server_of_the_stores_lane_is_held_to_hashes_too():
    """It has an environment of its own, for what it needs quarrels with what we need."""
    text = (ROOT / "requirements-moto.txt").read_text(encoding="utf-8")
    packages = re.findall(r"^\S+==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0
    assert "://" not in text
