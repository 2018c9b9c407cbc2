"""Each step, order and check of publishing is needed: without it, or swapped, some probe does not hold."""

import os

import pytest

from faults import mutants, probes

MUTANTS = {mutant.name: mutant for mutant in mutants.mutants()}
# Those that nobody can tell from the real thing, and why.
EQUIVALENT = {
    "publish.lock: swapped `safe.refuse_unsafe(out, (RUNS, ANNOUNCED, REFUSED))` and "
    "`_refuse_foreign_link(out / CURRENT)`": "both only look; which complaint comes first is no matter",
    "publish.lock: swapped `_refuse_foreign_link(out / CURRENT)` and `disk.make_lasting_folder(out)`": (
        "where there is a link, its folder is there already, and making it again changes nothing"
    ),
    "publish.commit: swapped `seal(folder, content['outputs'], content)` and `_remove(published)`": (
        "what is removed has no manifest: nobody could read it before, nor after"
    ),
    "publish.seal: swapped `disk.sync(folder / manifest.NAME)` and `disk.sync(folder)`": (
        "both come before the folder has its name"
    ),
}
# Which probe is likely to notice; it is tried first, and only the time depends on it.
LIKELY = {
    "safe": probes.no_link_at_the_output_is_followed,
    "scratch": probes.a_folder_to_try_something_in_goes_with_its_holder,
    "manifest": probes.what_the_disk_does_not_give_back_is_not_published,
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """What a sync is worth is told by the model of the disk; here it only takes time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in EQUIVALENT])
def test_a_fault_in_publishing_is_noticed(name, tmp_path):
    assert noticed(MUTANTS[name], tmp_path)


def noticed(mutant, tmp_path):
    """The probe that does not hold of a mutant; none where all hold."""
    likely = LIKELY.get(mutant.module, probes.PROBES[0])
    for probe in sorted(probes.PROBES, key=lambda probe: probe is not likely):
        top = tmp_path / probe.__name__
        top.mkdir()
        try:
            probe(mutants.load(mutant), top)
        except BaseException:  # noqa: BLE001 - a broken protocol may fail in any way
            return probe.__name__
    return None


def test_the_mutants_that_nobody_can_tell_are_still_made():
    assert EQUIVALENT.keys() <= MUTANTS.keys()
    assert len(MUTANTS) == len(mutants.mutants())


def test_the_modules_as_they_are_are_no_mutant(tmp_path):
    """Loaded the same way, but unchanged, every probe holds; so it is the change that is noticed."""
    same = mutants.Mutant("unchanged", "publish", (mutants.HOME / "publish.py").read_text(encoding="utf-8"))
    assert noticed(same, tmp_path) is None
