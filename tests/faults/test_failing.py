"""A disk that fails at any operation: exit 7, what is published stays whole, and the next run is well."""

import pytest
from click.testing import CliRunner

from faults import nights, probes, scenes, seam
from faults.soaking import EVERYTHING, chosen
from jifen_batch.cli.program import program

EVERY = [(number, for_good) for number in probes.NUMBERS for for_good in (False, True)]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_whatever_operation_fails_it_is_the_disk_that_is_named(name, tmp_path):
    """Here every operation with one error, once or for good, in turn; with every error when soaking."""
    scene, store = scenes.SCENES[name], scenes.real()
    turns = probes.faults(scene, store, tmp_path / "counted")
    every = [(at, *fault) for at, _, _ in turns for fault in EVERY]
    for fault in every if EVERYTHING else turns:
        probes.fail_in_copy(scene, store, tmp_path, fault)


@pytest.mark.parametrize("night", nights.NIGHTS)
def test_the_command_ends_with_seven_and_the_next_is_well(night, night_of, tmp_path):
    play, store = night_of(night), scenes.real()
    every = [(at, *fault) for at in range(1, play.operations + 1) for fault in EVERY]
    for number, (at, error, for_good) in enumerate(chosen(every, 2)):
        out = play.begun(tmp_path / str(number))
        with seam.watched(store.operations, probes.failing(at, error, for_good=for_good)):
            done = CliRunner().invoke(program, play.words(out))
        # Where only the sweeping up fails, a night that is refused is refused, and the next one sweeps.
        refused = play.exit_code and play.state(out) == play.after and done.exit_code == play.exit_code
        assert done.exit_code == 7 or refused, (at, error, for_good, done.stderr)
        assert "Traceback" not in done.stderr
        assert play.state(out) in {play.before, play.after}, (at, error, for_good)
        assert play.faults(out) == [], (at, error, for_good)
        assert play.call(out).exit_code == play.exit_code, (at, error, for_good)
        assert play.state(out) == play.after, (at, error, for_good)
        assert scenes.left_over(out) == [], (at, error, for_good)
