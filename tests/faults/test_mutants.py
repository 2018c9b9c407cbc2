"""Each step, order and check of publishing is needed: without it, or swapped, some probe does not hold."""

import pytest

from faults import mutants, probes, scenes

ALL = mutants.mutants()
MUTANTS = {mutant.name: mutant for mutant in ALL}
# Those that nobody can tell from the real thing, and why.
EQUIVALENT = {
    "publish.refuse_unsafe: swapped `safe.refuse_unsafe` and `_refuse_foreign_link`": (
        "both only look; which complaint comes first is no matter"
    ),
    "publish.commit: swapped `seal` and `_remove`": (
        "what is removed has no manifest: nobody could read it before, nor after"
    ),
    "publish.seal: swapped `disk.sync` and `disk.sync`": "both come before the folder has its name",
    "publish.keep_refused: swapped `disk.make_lasting_folder` and `disk.make_folder`": (
        "a folder that is there is made sure of like one that was not"
    ),
}
# Which probe is likely to notice, by a part of the name; it is tried first, and only the time depends on it.
LIKELY = {
    "publish.lock: swapped `refuse_unsafe`": probes.a_disk_that_cannot_be_read_is_said_to_be_failing,
    "publish.lock: without `refuse_unsafe`": probes.no_link_at_the_output_is_followed,
    "publish.lock: without `_sweep` (2)": probes.POWER["a night refused for its rejects"],
    "publish._sweep: without `_remove`": probes.old_runs_go_and_others_stay,
    "a run is removed under its own name": probes.POWER["a run that removes old ones"],
    "young": probes.POWER["a run that removes old ones"],
    "current is switched": probes.POWER["the first run of all"],
    "current is taken away": probes.POWER["a run over an earlier one"],
    "tree: without `operations.rmdir`": probes.a_failed_run_takes_its_half_done_work_with_it,
    "make_fresh_folder": probes.a_folder_to_try_something_in_goes_with_its_holder,
    "keep_refused": probes.POWER["a night refused for its rejects"],
    "the rejects are kept": probes.POWER["a night refused for its rejects"],
    "publish.lock: without `_sweep`": probes.links_of_temporary_names_go_and_nothing_behind_them,
    "the current run is removed": probes.old_runs_go_and_others_stay,
    "publish._remove: without `disk.rename": probes.nothing_published_is_written_over,
    "publish._remove": probes.POWER["a run that removes old ones"],
    "publish.commit: without `_remove`": probes.nothing_published_is_written_over,
    "without a manifest": probes.nothing_published_is_written_over,
    "files that nobody wrote": probes.what_the_disk_does_not_give_back_is_not_published,
    "half of a digest": probes.what_the_disk_does_not_give_back_is_not_published,
    "freeze.begin: without `disk.make_folder`": probes.a_file_with_other_rows_is_not_announced,
    "freeze.begin: without `disk.make_lasting": probes.POWER["the first quarter hung up"],
    "a dangling link": probes.no_link_at_the_output_is_followed,
    "failures('look": probes.a_disk_that_cannot_be_read_is_said_to_be_failing,
    "failures('read": probes.a_disk_that_cannot_be_read_is_said_to_be_failing,
    "_refuse_foreign_link": probes.a_foreign_current_is_refused,
    "failures(": probes.a_failing_disk_is_said_to_be_one,
    "_others_may_write": probes.what_others_may_write_to_is_refused,
    "is_dir()": probes.what_others_may_write_to_is_refused,
    "safe.": probes.no_link_at_the_output_is_followed,
    "scratch.": probes.a_folder_to_try_something_in_goes_with_its_holder,
    "manifest.": probes.what_the_disk_does_not_give_back_is_not_published,
    "read_back": probes.what_the_disk_does_not_give_back_is_not_published,
    "publish._sweep": probes.links_of_temporary_names_go_and_nothing_behind_them,
    "link": probes.links_of_temporary_names_go_and_nothing_behind_them,
    "publish._checked": probes.no_path_is_made_of_what_is_no_id,
    "publish.prune": probes.old_runs_go_and_others_stay,
    "stay": probes.old_runs_go_and_others_stay,
    "check_space": probes.there_must_be_room,
    "flock": probes.a_lock_is_held_by_one,
    "disk.note": probes.a_lock_is_held_by_one,
    "the lock": probes.a_lock_is_held_by_one,
    "find_run": probes.nothing_published_is_written_over,
    "lexists(final)": probes.nothing_published_is_written_over,
    "held != rows": probes.a_file_with_other_rows_is_not_announced,
    "fullmatch": probes.no_path_is_made_of_what_is_no_id,
    "any text": probes.no_path_is_made_of_what_is_no_id,
    "current": probes.a_current_that_names_no_run_is_put_right_by_the_next,
}


@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in EQUIVALENT])
def test_a_fault_in_publishing_is_noticed(name, tmp_path):
    assert noticed(MUTANTS[name], tmp_path)


def noticed(mutant, tmp_path):
    """The probe that does not hold of a mutant; none where all hold."""
    likely = next((probe for part, probe in LIKELY.items() if part in mutant.name), probes.PROBES[0])
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
    assert len(MUTANTS) == len(ALL)


def test_a_mutant_takes_nobodys_place():
    before = scenes.real()
    loaded = mutants.load(next(iter(MUTANTS.values())))
    assert scenes.real() == before
    assert not {*map(id, vars(loaded).values())} & {*map(id, vars(before).values())}
