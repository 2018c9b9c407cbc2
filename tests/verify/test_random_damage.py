"""Damage by lot to a published folder: every kind of it, to any file of any kind, is told by `verify`.

`SOAK_SEEDS=FIRST:LAST` tries other damage, or more; a seed does the same again.
"""

from __future__ import annotations

import os
import shutil
from random import Random

import pytest

from jifen_batch.desk.verify import verify
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import manifest
from operators.conftest import of_fixtures
from verify.tamper import Published

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:4").partition(":")
STEP = 6


@pytest.fixture(scope="module")
def folder(whole_folder, tmp_path_factory):
    """The fixture village after a night that saw all quarters, and one that was refused."""
    out = tmp_path_factory.mktemp("damaged") / "out"
    shutil.copytree(whole_folder, out, symlinks=True)
    town = of_fixtures(out.parent / "inputs", out)
    town.ran("2024-07-21")
    town.refused("2024-07-22")
    return out


def files_of(out, *, manifests=True):
    """Every file that is published, by its name; those behind `current` once."""
    found = (path for name in ("runs", "announced", "refused") for path in sorted((out / name).rglob("*")))
    files = [path for path in found if path.is_file() and (manifests or path.name != manifest.NAME)]
    # Of runs that are not current nobody need keep any; those that are kept are to be whole.
    return [path for path in files if path.parent.name != "runs"]


def flipped(out, rng):
    path = rng.choice(files_of(out))
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    return path


def cut(out, rng):
    path = rng.choice(files_of(out))
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])
    return path


def gone(out, rng):
    path = rng.choice(files_of(out))
    # A run without its manifest is no run: of the older ones none need be there.
    kept = (
        path.name != manifest.NAME
        or path.parents[1].name != "runs"
        or path.parent == (out / "current").resolve()
    )
    if kept:
        path.unlink()
        return path
    return gone(out, rng)


def added(out, rng):
    path = rng.choice(files_of(out)).with_name(rng.choice(("part-00001.parquet", ".hidden", "a.txt")))
    path.write_bytes(b"x")
    return path


def added_folder(out, rng):
    path = rng.choice(files_of(out)).with_name(rng.choice(("scoring_year=2030", "new", ".tmp")))
    path.mkdir()
    return path


def renamed(out, rng):
    path = rng.choice(files_of(out, manifests=False))
    path.rename(path.with_name(f"{path.stem}-1{path.suffix}"))
    return path


def renamed_folder(out, rng):
    path = rng.choice(files_of(out, manifests=False)).parent
    other = {"runs": "0" * 16, "refused": "0" * 16, "announced": "quarter=2022Q1"}.get(
        path.parent.name, f"{path.name}-1"
    )
    path.rename(path.with_name(other))
    return path


def exchanged(out, rng):
    """Two files stand in each other's place."""
    one, other = rng.sample(files_of(out, manifests=False), 2)
    if one.read_bytes() == other.read_bytes():
        return exchanged(out, rng)
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    return one


def linked(out, rng):
    path = rng.choice(files_of(out))
    kept = out.parent / "kept"
    path.rename(kept)
    path.symlink_to(kept)
    return path


def quarter_gone(out, rng):
    path = rng.choice(Published(out).quarters())
    shutil.rmtree(path)
    return path


def set_back(out, rng):
    """`current` names a run that is older than the one before it, or none."""
    runs = sorted((path for path in (out / "runs").iterdir()), key=lambda path: path.stat().st_mtime)
    link = out / "current"
    link.unlink()
    link.symlink_to(rng.choice((f"runs/{runs[0].name}", "runs/0123456789abcdef", "..")))
    return link


def restated(out, rng):
    """A figure of a manifest is another, and the manifest has its own digest for that."""
    folders = [(out / "current").resolve(), *Published(out).quarters()]
    path = rng.choice(folders)

    def change(content):
        sums = content["control_totals"]
        told = sums["dispositions"]["awarded"] if "dispositions" in sums else sums["ledger"]
        told[rng.choice(("lines", "points"))] += rng.choice((-1, 1, 100))

    Published(out).edit_manifest(path, change)
    return path


DAMAGE = (
    *(flipped, cut, gone, added, added_folder, renamed),
    *(renamed_folder, exchanged, linked, quarter_gone, set_back, restated),
)


def told(out):
    """All that `verify` says of the folder."""
    try:
        found = verify(out, every_run=True)
    except InputRefusedError as refused:
        return {str(refused)}
    return {(one.kind, one.file) for one in (*found.findings, *found.remarks)}


@pytest.mark.parametrize("first", range(int(FIRST), int(LAST), STEP))
def test_no_damage_is_missed(first, folder, tmp_path):
    assert told(folder) == set(), "and there is no false alarm without any"
    missed = []
    for seed in range(first, min(first + STEP, int(LAST))):
        out = tmp_path / str(seed) / "out"
        shutil.copytree(folder, out, symlinks=True)
        rng = Random(seed)  # noqa: S311 - a test's draws
        kind = DAMAGE[seed % len(DAMAGE)]
        path = kind(out, rng)
        if not told(out):
            missed.append((seed, kind.__name__, str(path.relative_to(out))))
        shutil.rmtree(out)
    assert missed == []
