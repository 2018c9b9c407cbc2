"""A fault that is mended makes the night new, and `verify` says by which program a run was made."""

import json
import shutil
from contextlib import closing

import pytest

from jifen_batch.published import manifest, publish
from released.commands import INPUTS, MORE_INPUTS, SOURCE, Elsewhere, jifen, night

RIGHT, WRONG = "QUANTITY_MAX = 1000", "QUANTITY_MAX = 1"
AS_OF = "2024-07-20"
RIGHT_POINTS = 9462


def control_totals(run):
    return publish.read_manifest(run)["control_totals"]["points"]


@pytest.fixture
def faulty(tmp_path):
    """The program with a fault: more than once at a time is taken for a slip of the pen."""
    folder = tmp_path / "faulty"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("*.egg-info"))
    validate = folder / "jifen_batch" / "kernels" / "validate.py"
    text = validate.read_text(encoding="utf-8")
    assert text.count(RIGHT) == 1
    validate.write_text(text.replace(RIGHT, WRONG), encoding="utf-8")
    with closing(Elsewhere(folder)) as package:
        yield package


def test_the_right_program_does_not_take_the_faulty_one_s_work_for_its_own(faulty, tmp_path):
    out = tmp_path / "out"
    before = night(faulty, out, AS_OF, words=("--max-reject-rate", "0.1"))
    assert control_totals(before) < RIGHT_POINTS
    said = json.loads(jifen(SOURCE, "verify", "--out", out, "--json").stdout)
    assert (said["exit_code"], [one["kind"] for one in said["remarks"]]) == (0, ["other_code"])
    assert said["runs"][0]["added_up"] == "part"

    ended = jifen(SOURCE, "run", *INPUTS, *MORE_INPUTS, "--out", out, "--as-of", AS_OF, "--json")
    assert (ended.returncode, json.loads(ended.stdout)["outcome"]) == (0, "published")
    (told,) = [line for line in map(json.loads, ended.stderr.splitlines()) if line["event"] == "other_code"]
    after = (out / "current").resolve()
    assert after.name != before.name
    assert control_totals(after) == RIGHT_POINTS

    made_by = manifest.made_by(publish.read_manifest(after))
    assert told["now"] == made_by != told["made_by"] == manifest.made_by(publish.read_manifest(before))
    said = json.loads(jifen(SOURCE, "verify", "--out", out, "--json").stdout)
    assert (said["exit_code"], said["remarks"], said["runs"][0]["added_up"]) == (0, [], "all")
    assert said["runs"][0]["made_by"] == made_by

    again = jifen(SOURCE, "run", *INPUTS, *MORE_INPUTS, "--out", out, "--as-of", AS_OF, "--json")
    assert json.loads(again.stdout)["outcome"] == "unchanged"
    assert json.loads(again.stderr.splitlines()[-1])["made_by"] == made_by
